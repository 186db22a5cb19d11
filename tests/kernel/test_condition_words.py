"""Conditions as people say them."""

import pytest

from dinh.kernel.condition_words import Asked, condition_words

ASKED = {
    "loai": Asked("Loại", {"a": "Cá nhân", "b": "Hộ gia đình"}),
    "von": Asked("Vốn"),
    "tick": Asked("Đã cam kết"),
}
LARGE = {"field": "von", "at_least": 5}
PERSON = {"field": "loai", "is": "a"}
TICKED = {"field": "tick", "is": True}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (None, "luôn luôn"),
        (LARGE, "“Vốn” từ 5 trở lên"),
        ({"not": LARGE}, "“Vốn” dưới 5"),
        ({"not": {"field": "von", "at_most": 5}}, "“Vốn” trên 5"),
        ({"not": {"not": LARGE}}, "“Vốn” từ 5 trở lên"),
        ({"not": PERSON}, "“Loại” không phải là “Cá nhân”"),
        (
            {"not": {"field": "loai", "in": ["a", "b"]}},
            "“Loại” không phải là một trong: Cá nhân; Hộ gia đình",
        ),
        ({"not": TICKED}, "“Đã cam kết” là “Không”"),
        ({"not": {"field": "tick", "is": False}}, "“Đã cam kết” là “Có”"),
        ({"not": {"field": "von", "given": True}}, "“Vốn” không trả lời"),
        ({"field": "von", "given": False}, "“Vốn” không trả lời"),
        ({"all": [LARGE, PERSON]}, "“Vốn” từ 5 trở lên và “Loại” là “Cá nhân”"),
        # Not both: at least one does not hold.
        ({"not": {"all": [LARGE, PERSON]}}, "“Vốn” dưới 5 hoặc “Loại” không phải là “Cá nhân”"),
        ({"not": {"any": [LARGE, PERSON]}}, "“Vốn” dưới 5 và “Loại” không phải là “Cá nhân”"),
        (
            {"all": [TICKED, {"any": [LARGE, PERSON]}]},
            "“Đã cam kết” là “Có” và (“Vốn” từ 5 trở lên hoặc “Loại” là “Cá nhân”)",
        ),
        (
            {"any": [TICKED, {"all": [LARGE, PERSON]}]},
            "“Đã cam kết” là “Có” hoặc “Vốn” từ 5 trở lên và “Loại” là “Cá nhân”",
        ),
    ],
)
def test_a_condition_is_said_without_twisted_words(condition, said):
    assert condition_words(condition, ASKED).said(str) == said
