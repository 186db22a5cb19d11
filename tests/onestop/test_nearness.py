"""Words that no procedure holds: what is shown instead, and when nothing is better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.text import search_text
from dinh.onestop.rules.nearness import nearest_texts

TEXTS = {
    "birth": search_text("Khai sinh liên thông, thường trú và thẻ bảo hiểm y tế trẻ em sinh con"),
    "marriage": search_text("Đăng ký kết hôn, giấy kết hôn, đám cưới"),
    "single": search_text("Xác nhận tình trạng hôn nhân để kết hôn, độc thân"),
    "land": search_text("Chuyển mục đích sử dụng đất nông nghiệp sang đất ở, lên thổ cư"),
    "licence": search_text("Đổi giấy phép lái xe, bằng lái"),
    "shop": search_text("Thành lập hộ kinh doanh, mở cửa hàng"),
}

SYLLABLES = ["khai", "sinh", "ket", "hon", "dat", "o", "giay", "xe", "x", "ab", "abc", "cba"]


def best(words: str) -> list[str]:
    near = nearest_texts(search_text(words).split(), TEXTS)
    return sorted(near, key=lambda key: -near[key])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sih con", "birth"),
        ("khai xinh", "birth"),
        ("ket hom", "marriage"),
        ("đám cuoiw", "marriage"),
        ("ho kinh danh", "shop"),
        ("mo cua hnag", "shop"),
        ("lai se", "licence"),
        ("làm lại bằng lái bị mất", "licence"),
        ("giấy cứoi", "marriage"),
    ],
)
def test_a_letter_wrong_still_finds_it(typed: str, first: str) -> None:
    assert best(typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["thất nghiệp", "nghỉ hưu", "hộ chiếu", "khai tử", "visa", "xin giấy", "", "con đất", "ở"]
)
def test_words_of_another_matter_find_nothing(typed: str) -> None:
    assert best(typed) == []


@given(st.lists(st.sampled_from(SYLLABLES), max_size=8))
def test_a_text_that_holds_the_phrase_is_the_nearest(words: list[str]) -> None:
    near = nearest_texts(words, {**TEXTS, "itself": " ".join(words)})
    assert all(score > 0 for score in near.values())
    assert near == {} or near["itself"] == max(near.values())
