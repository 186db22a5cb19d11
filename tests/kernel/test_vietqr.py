"""VietQR: every field where the specification has it, and a check sum that banking apps accept."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.vietqr import VietQRInvalid, crc16, read_tlv, transfer_content, vietqr_text

ACCOUNTS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=19)
BINS = st.text(string.digits, min_size=6, max_size=6)
CONTENTS = st.text(string.ascii_letters + string.digits + " .-", min_size=1, max_size=60)


def by_hand(data: bytes) -> int:
    """CRC-16/CCITT-FALSE bit by bit, as its definition says."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = ((register << 1) ^ 0x1021) & 0xFFFF if register & 0x8000 else (register << 1) & 0xFFFF
    return register


@given(BINS, ACCOUNTS, st.integers(1, 10**13 - 1), CONTENTS)
def test_a_code_is_read_back_field_by_field(bank_bin, account, amount, content):
    if not transfer_content(content):
        return
    text = vietqr_text(bank_bin=bank_bin, account=account, amount=amount, content=content)
    fields = dict(read_tlv(text))
    assert list(fields) == ["00", "01", "38", "53", "54", "58", "62", "63"]
    assert (fields["00"], fields["01"], fields["53"], fields["58"]) == ("01", "12", "704", "VN")
    assert fields["54"] == str(amount)
    merchant = dict(read_tlv(fields["38"]))
    assert merchant["00"] == "A000000727"
    assert dict(read_tlv(merchant["01"])) == {"00": bank_bin, "01": account}
    assert merchant["02"] == "QRIBFTTA"
    assert dict(read_tlv(fields["62"])) == {"08": transfer_content(content)}
    assert fields["63"] == f"{by_hand(text[:-4].encode()):04X}"


@given(st.text(string.printable, max_size=300))
def test_the_check_sum_is_the_one_of_the_definition(text):
    assert crc16(text) == f"{by_hand(text.encode()):04X}"


def test_the_check_sum_of_the_known_words():
    assert crc16("123456789") == "29B1"


@given(st.text(max_size=200))
def test_content_is_plain_and_short_whatever_was_written(words):
    content = transfer_content(words)
    assert content.isascii()
    assert len(content) <= 25
    assert content == content.strip() == transfer_content(content)


def test_a_dossiers_code_stands_whole_in_the_content():
    assert transfer_content("H99.31-261116-0001") == "H99.31-261116-0001"
    assert transfer_content("Lệ phí hồ sơ Đình Sơn") == "Le phi ho so Dinh Son"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bank_bin": "97041"},
        {"bank_bin": "９７０４１５"},
        {"account": ""},
        {"account": "1" * 20},
        {"account": "12 34"},
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**13},
        {"content": "!!!"},
    ],
)
def test_what_cannot_stand_in_a_code_is_refused(wrong):
    with pytest.raises(VietQRInvalid):
        vietqr_text(**{"bank_bin": "970415", "account": "113366668888", "amount": 5, "content": "A", **wrong})


@pytest.mark.parametrize("broken", ["0", "000", "0005abc", "00xx1"])
def test_a_field_that_ends_too_early_is_found(broken):
    with pytest.raises(VietQRInvalid):
        list(read_tlv(broken))
