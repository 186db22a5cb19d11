"""People find the shipped procedures by what they call them, with the spelling that they use."""

import pytest
from django.test import Client

from dinh.website.sample.load import load_sample
from tests.procedures.conftest import SIZE, shipped

ASKED = {
    "1.001612": ("mở quán", "dang ky kinh doanh", "mở tiệm tạp hóa", "thành lập hộ kinh doanh"),
    "1.001776": ("tiền người già", "trợ cấp người già", "tro cap nguoi khuyet tat", "bao tro xa hoi"),
    "1.000894": ("đăng kí kết hôn", "ket hon", "giấy kết hôn", "cưới", "lấy vợ"),
    "1.002809": (
        "bang lai het han",
        "đổi bằng lái",
        "doi giay phep lai xe",
        "đỏi bằng lái xe",
        "lam lai bang lai",
    ),
    "2.000488": ("xin giấy xác nhận không có tiền án", "lí lịch tư pháp", "ly lich tu phap"),
    "1.002425": ("mo quan an", "atvstp", "an toan thuc pham", "giay ve sinh an toan thuc pham"),
    "2.000720": ("sua giay phep kinh doanh", "đổi địa chỉ hộ kinh doanh", "thay doi ho kinh doanh"),
    "1.009994": ("xây nhà", "giay phep xay dung", "xin phép làm nhà"),
    "1.000798": ("lên thổ cư", "chuyển đất vườn", "chuyen muc dich su dung dat"),
    "2.000815": ("sao y", "công chứng bằng cấp", "photo cong chung"),
    "2.002621": ("làm giấy khai sinh", "khai sinh cho con", "lam khai sih"),
    "1.009397": ("tổ chức ca nhạc", "to chuc su kien", "bieu dien nghe thuat"),
    "1.004873": ("giấy độc thân", "xac nhan tinh trang hon nhan"),
}


@pytest.fixture
def province(db: None, settings, tmp_path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    load_sample(size=SIZE, citizens=1, keys_for=[])


def first_named(client: Client, words: str) -> str:
    """The address of the first procedure that a search names; empty: it names none."""
    page = client.get("/thu-tuc/", {"q": words}).content.decode()
    _, _, after = page.partition('<ul class="results">')
    return after.partition('href="')[2].partition('"')[0]


def test_every_shipped_procedure_is_the_first_that_its_everyday_words_find(
    province: None, client: Client
) -> None:
    assert set(ASKED) == set(shipped())
    missed = [
        (words, found)
        for code, said in ASKED.items()
        for words in said
        if (found := first_named(client, words)) != f"/thu-tuc/{code}/"
    ]
    assert missed == []


def test_words_scattered_over_a_procedure_are_not_what_was_meant(province: None, client: Client) -> None:
    page = client.get("/thu-tuc/", {"q": "tiền người già"}).content.decode()
    assert "Đổi giấy phép lái xe" not in page
