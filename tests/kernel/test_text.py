"""Vietnamese text: order of the alphabet, search without diacritics."""

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.text import clean, fold, name_sort_key, nfc, search_text, search_tokens, sort_key

ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")


def _shuffled(words: list[str]) -> list[str]:
    mixed = words[:]
    random.Random(7).shuffle(mixed)
    return mixed


def test_letters_are_in_the_order_of_the_vietnamese_alphabet() -> None:
    assert sorted(_shuffled(ALPHABET), key=sort_key) == ALPHABET


def test_tones_follow_the_order_of_dictionaries_and_letters_come_first() -> None:
    words = ["ba", "bà", "bả", "bã", "bá", "bạ", "ban", "bàn", "băn", "bân"]
    assert sorted(_shuffled(words), key=sort_key) == words


def test_a_syllable_is_compared_before_the_next_one() -> None:
    words = ["Hoa Sen", "Hòa An", "Hòa Bình", "Hoàng Mai"]
    assert sorted(_shuffled(words), key=sort_key) == words


def test_numbers_are_compared_as_numbers() -> None:
    words = ["Phường 2", "Phường 9", "Phường 10", "Phường 10 A", "Phường An Phú"]
    assert sorted(_shuffled(words), key=sort_key) == words


def test_people_are_listed_by_given_name_then_family_name() -> None:
    people = ["Dương Văn An", "Đỗ Thị An", "Vũ Ánh", "Lê Thị Hoa", "Trần Hoa", "Nguyễn Văn Hòa", "Y Ơi"]
    assert sorted(_shuffled(people), key=name_sort_key) == people


def test_where_the_tone_is_written_does_not_matter() -> None:
    assert sort_key("hoà") == sort_key("hòa")
    assert sort_key("Đà Nẵng") == sort_key(unicodedata.normalize("NFD", "đà nẵng"))


def test_search_forgives_diacritics_case_and_punctuation() -> None:
    assert fold("Đường Hồ Đắc Di") == "duong ho dac di"
    assert search_text("Đăng ký: hộ-kinh doanh (mới)") == "dang ky ho kinh doanh moi"
    assert search_tokens("hộ  kinh doanh HỘ") == ["ho", "kinh", "doanh"]


def test_a_cleaned_line_has_no_invisible_characters() -> None:
    assert clean(" Nguyễn\u200b  Văn\n\x00Mẫu\u202e ") == "Nguyễn Văn Mẫu"
    assert clean(unicodedata.normalize("NFD", "Đà Nẵng")) == nfc("Đà Nẵng")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_sort_key_is_plain_ascii(text: str) -> None:
    assert sort_key(text).isascii()


@given(st.text(st.sampled_from(list("aăâbdđeêoôơuưyxn áàả")), max_size=6), st.text(max_size=5))
def test_what_goes_on_stands_after_what_it_goes_on_from(start: str, more: str) -> None:
    assert sort_key(start) <= sort_key(f"{start} {more}")
