"""The sample province is invented through and through: nobody real can be meant."""

import re
from pathlib import Path

import pytest
import yaml

from dinh.foundation.directory.models import Person, Unit
from dinh.onestop.models import Procedure
from dinh.onestop.public import get_version, procedures_shipped
from dinh.website.sample.names import identity_number, phone_number
from dinh.website.sample.organisation import Size, organisation

ROOT = Path(__file__).resolve().parents[2]

# Prefixes of the provinces in citizens' numbers (TT 59/2021/TT-BCA, appendix I) end with 096.
LAST_PROVINCE = 96
# Mobile prefixes that operators really give out; 0900 followed by 000 is kept for examples.
PHONE = re.compile(r"(?<![\d.])0[35789]\d{8}(?!\d)")


def is_invented(phone: str) -> bool:
    return phone.startswith("0900")


def test_everybody_in_the_sample_has_a_number_of_no_province(province):
    numbers = [number for number in Person.objects.values_list("identity_number", flat=True) if number]
    assert numbers
    for number in numbers:
        assert re.fullmatch(r"\d{12}", number)
        assert int(number[:3]) > LAST_PROVINCE
    assert len(set(numbers)) == len(numbers)


def test_nobody_in_the_sample_can_be_called_or_written_to(province):
    for person in Person.objects.all():
        assert person.phone == "" or is_invented(person.phone)
        assert person.email == "" or person.email.endswith("@example.vn")


def test_every_unit_is_of_the_province_that_does_not_exist(province):
    assert {unit.code[:3] for unit in Unit.objects.all()} == {"H99"}


def test_a_whole_provinces_seeds_are_invented_too():
    seeds = organisation(Size())
    assert len(seeds.people) >= 1500
    assert all(int(person.identity_number[:3]) > LAST_PROVINCE for person in seeds.people)
    assert len({person.identity_number for person in seeds.people}) == len(seeds.people)
    assert sum(unit.kind == "commune_committee" for unit in seeds.units) == 82
    assert sum(unit.kind == "department" for unit in seeds.units) == 20


@pytest.mark.parametrize("number", [0, 1, 999_999, 1_000_000])
def test_numbers_keep_their_shape_however_many_people_there_are(number):
    assert re.fullmatch(r"099\d{9}", identity_number(number))
    assert re.fullmatch(r"0900\d{6}", phone_number(number))


def test_every_shipped_procedure_is_published_by_the_sample(province):
    codes = {path.stem for path in procedures_shipped()}
    assert len(codes) >= 3
    assert set(Procedure.objects.values_list("code", flat=True)) == codes
    for procedure in Procedure.objects.all():
        assert get_version(procedure).state == "published"
    levels = {yaml.safe_load(path.read_text())["level"] for path in procedures_shipped()}
    assert levels == {"commune", "district", "province"}


def test_no_real_phone_number_stands_in_the_code():
    places = [path for name in ("dinh", "tests") for path in (ROOT / name).rglob("*")]
    found = {
        f"{path.relative_to(ROOT)}: {phone}"
        for path in places
        if path.suffix in (".py", ".yaml", ".html", ".po", ".typ", ".md") and path.is_file()
        for phone in PHONE.findall(path.read_text(errors="replace"))
        if not is_invented(phone)
    }
    assert found == set()
