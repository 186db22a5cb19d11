"""The English catalogue: gathered from code and templates, checked, compiled."""

import pickle
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from django.utils import translation
from django.utils.translation import trans_real

from dinh.website.management import catalogue
from dinh.website.management.catalogue import compile_catalogue, problems, update


@pytest.fixture(scope="module")
def gathered() -> bytes:
    """The sentences of the code, gathered once: reading every file takes seconds."""
    return pickle.dumps(catalogue.gather())


@pytest.fixture(autouse=True)
def _gather_once(gathered: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "gather", lambda: pickle.loads(gathered))


@pytest.fixture
def english(tmp_path: Path, settings) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    return tmp_path / "en" / "LC_MESSAGES" / "django.po"


def translate(path: Path, words: dict[str, str]) -> None:
    known = read_po(path.open("rb"), locale="en")
    for sentence, english in words.items():
        known[sentence].string = english
    with path.open("wb") as file:
        write_po(file, known, omit_header=True)


def test_sentences_are_gathered_from_code_and_templates() -> None:
    found = {
        message.id: [place for place, _ in message.locations] for message in catalogue.gather() if message.id
    }
    assert "dinh/kernel/errors.py" in found["Ông/Bà không có quyền thực hiện việc này: %(reason)s"]
    assert "dinh/foundation/actions/templates/actions/log.html" in found["Nhật ký hệ thống"]


def test_what_has_no_english_is_named_until_it_has(english: Path) -> None:
    assert update() > 100
    assert "no English: Nhật ký hệ thống" in set(problems())
    translate(english, {"Nhật ký hệ thống": "System log"})
    assert "no English: Nhật ký hệ thống" not in set(problems())


def test_an_update_keeps_english_words_and_changes_nothing_twice(english: Path) -> None:
    update()
    translate(english, {"Nhật ký hệ thống": "System log"})
    update()
    once = english.read_text()
    assert 'msgstr "System log"' in once
    update()
    assert english.read_text() == once


def test_a_placeholder_that_was_lost_in_translation_is_named(english: Path) -> None:
    update()
    sentence = "Ông/Bà không có quyền thực hiện việc này: %(reason)s"
    translate(english, {sentence: "You may not do this: %(why)s"})
    assert any(line.endswith(sentence) and not line.startswith("no English") for line in problems())


def test_a_sentence_that_left_the_code_is_named(english: Path) -> None:
    update()
    english.write_text(english.read_text() + '\nmsgid "Câu đã bỏ"\nmsgstr "A sentence that is gone"\n')
    assert "nowhere in the code: Câu đã bỏ" in set(problems())


def test_the_compiled_catalogue_is_read_and_only_made_when_stale(english: Path) -> None:
    update()
    translate(english, {"Nhật ký hệ thống": "System log"})
    compile_catalogue()
    compiled = english.with_suffix(".mo")
    made = compiled.stat().st_mtime_ns
    compile_catalogue()
    assert compiled.stat().st_mtime_ns == made
    trans_real._translations.clear()
    with translation.override("en"):
        assert translation.gettext("Nhật ký hệ thống") == "System log"
        assert translation.gettext("Một câu chưa dịch") == "Một câu chưa dịch"
    trans_real._translations.clear()
