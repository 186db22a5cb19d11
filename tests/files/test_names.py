"""Names from outside, for any text at all."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.files.public import clean_name, same_name_with
from dinh.foundation.files.rules.names import extension

ANY = st.text(max_size=400) | st.text(
    alphabet="aăâđêôơưẤỆ ./\\:\u202e\u200b\u0300\u0323\r\n\t\0%\"'<>|?*conCON", max_size=400
)


@given(ANY)
def test_a_clean_name_is_safe_everywhere(given_name):
    name = clean_name(given_name)
    assert name
    assert name == name.strip(" .")
    assert len(name) <= 150
    assert len(name.encode()) <= 240
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert unicodedata.is_normalized("NFC", name)


@given(ANY)
def test_cleaning_twice_changes_nothing(given_name):
    assert clean_name(clean_name(given_name)) == clean_name(given_name)


@given(st.text(alphabet="aáàảãạăắâấđéếêíìỉóốôớơúứưýỳABĐÊÔƠƯ 0123456789-_()", min_size=1, max_size=60))
def test_vietnamese_letters_are_kept(text):
    wanted = " ".join(unicodedata.normalize("NFC", text).split())
    if wanted:
        assert clean_name(f"{text}.pdf").removesuffix(".pdf").strip() in (wanted, "")


@given(st.text(alphabet="aăế đ", min_size=200, max_size=500), st.sampled_from(["pdf", "jpeg", "docx"]))
def test_an_over_long_name_keeps_its_extension(stem, suffix):
    assert extension(clean_name(f"x{stem}x.{suffix}")) == suffix


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Giấy chứng nhận.pdf", "Giấy chứng nhận.pdf"),
        (unicodedata.normalize("NFD", "Giấy chứng nhận.pdf"), "Giấy chứng nhận.pdf"),
        ("29/2023/QĐ-UBND.pdf", "29-2023-QĐ-UBND.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\Mẫu\\đơn.pdf", "đơn.pdf"),
        ("\\\\may\\chia se\\đơn.pdf", "đơn.pdf"),
        ("don\u202efdp.exe", "donfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("con.pdf", "con-.pdf"),
        (".htaccess", "htaccess"),
        ("đơn\0.pdf", "đơn.pdf"),
        ("   ", "tệp"),
        ("", "tệp"),
        ("...", "tệp"),
    ],
)
def test_names_become(given_name, name):
    assert clean_name(given_name) == name


def test_a_copy_in_another_form_keeps_its_name():
    assert same_name_with("Đơn số 1.2.docx", "pdf") == "Đơn số 1.2.pdf"
    assert same_name_with("Đơn", "pdf") == "Đơn.pdf"
