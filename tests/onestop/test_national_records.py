"""Records of the national catalogue: one normal form, the same as JSON and as a book, and as a definition."""

import io
import json
import zipfile

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dinh.foundation.ui.public import name_for
from dinh.kernel.errors import Refused
from dinh.onestop.adapters.catalogue_files import catalogue_book, catalogue_json, read_catalogue
from dinh.onestop.public import procedures_shipped
from dinh.onestop.rules.definition import read_definition
from dinh.onestop.rules.national_mapping import changed_definition, record_of_definition, said_part
from dinh.onestop.rules.national_records import RECORD, read_record

# data: letters of every kind that people put into such lists, those that look like formulas and escapes too
LINE = st.text(st.sampled_from("aĐ ơ1=+-@<&>\"'_x0041;:.%\n\u0301\u200b"), max_size=12)


def rows(table, depth=0):
    parts = dict.fromkeys(table.texts, LINE)
    parts |= {inner.name: st.lists(rows(inner, depth + 1), max_size=2) for inner in table.lists}
    return st.fixed_dictionaries(parts)


RECORDS = rows(RECORD).map(lambda row: {**row, "MATTHC": "1.000001"})


def shipped():
    return [
        read_definition(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in procedures_shipped()
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_a_record_is_the_same_after_json_and_after_a_book(given_rows):
    named = [{**row, "MATTHC": f"1.{number:06d}"} for number, row in enumerate(given_rows)]
    normal = [read_record(row, 1).record for row in named]
    assert [read_record(row, 1).record for row in normal] == normal
    assert [one.record for one in read_catalogue(catalogue_json(normal))] == normal
    read = read_catalogue(catalogue_book(normal))
    assert [one.record for one in read] == normal
    assert not any(one.faults for one in read)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS, st.sampled_from(range(len(procedures_shipped()))))
def test_what_a_definition_takes_from_a_record_it_says_again(row, which):
    """A definition changed by a record says what the record says, but for what the workshop holds."""
    record = read_record(row, 1).record
    data = yaml.safe_load(procedures_shipped()[which].read_text(encoding="utf-8"))
    before = record_of_definition(read_definition(data))
    changed = changed_definition(data, before, record, name_for=name_for)
    after = record_of_definition(read_definition(changed), record)
    for name in ("TENTTHC", "MOTA", "TUKHOA", "YEUCAU", "CANCUPHAPLY", "TRINHTUTHUCHIEN", "THANHPHANHOSO"):
        assert said_part(name, after) == said_part(name, record), name
    assert changed["steps"] == data["steps"]
    assert changed["form"] == data["form"]
    assert changed.get("fees") == data.get("fees")


@pytest.mark.parametrize("definition", shipped(), ids=lambda one: one.code)
def test_every_shipped_procedure_fills_what_the_law_names(definition):
    """The columns of NĐ 63/2010 Art. 8.2."""
    record = record_of_definition(definition)
    for name in (
        "TENTTHC", "TRINHTUTHUCHIEN", "CACHTHUCTHUCHIEN", "THANHPHANHOSO", "DOITUONGTHUCHIEN",
        "KETQUATHUCHIEN", "CANCUPHAPLY", "LINHVUCTHUCHIEN", "CAPTHUCHIEN",
    ):  # fmt: skip
        assert record[name], name
    assert read_record(record, 1).record == record


def book_of(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_faults_are_named_by_sheet_row_and_column():
    read = read_catalogue(
        book_of(
            TTHC=[["MATTHC", "TENTTHC", "LA"], ["1.1", "=1+1", "x"], ["1.2", "Tên"]],
            CANCUPHAPLY=[["MATTHC", "TENVANBAN"], ["1.2", "y" * 21000], ["9.9", "Luật"]],
        )
    )
    places = [(fault.sheet, fault.row, fault.column) for one in read for fault in one.faults]
    assert places == [
        ("TTHC", 2, "TENTTHC"), ("CANCUPHAPLY", 2, "TENVANBAN"), ("CANCUPHAPLY", 3, "MATTHC"),
    ]  # fmt: skip
    assert read[0].unused == {"LA"}
    by_json = read_catalogue(
        json.dumps([{"MATTHC": "1", "THANHPHANHOSO": [{"GIAYTO": [{"URL": {}}]}]}]).encode()
    )
    assert [fault.column for fault in by_json[0].faults] == ["THANHPHANHOSO[1].GIAYTO[1].URL"]


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"data": 1}',
        b"[NaN]",
        json.dumps([{"MATTHC": "1"}] * 6001).encode(),
        json.dumps([[[[[[[[[[[[[1]]]]]]]]]]]]]).encode(),
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        zipped(**{"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        zipped(**{"xl/big.xml": "0" * 120_000_000}),
        b"PK\x03\x04not an archive",
        book_of(Sheet1=[["MATTHC"], ["1"]]),
        book_of(TTHC=[["TENTTHC"], ["x"]]),
    ],
    ids=(
        "empty",
        "cut",
        "none",
        "deep",
        "no-list",
        "nan",
        "too-many",
        "nested",
        "xml",
        "entity",
        "bomb",
        "no-archive",
        "no-sheet",
        "no-code",
    ),
)
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(content):
    with pytest.raises(Refused) as refused:
        read_catalogue(content)
    assert refused.value.field == "file"
