"""Citizens with a browser in the small province, and what they send."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.onestop.conftest import Province, open_province, picture, province, run_jobs, signing_province

__all__ = ["open_province", "province", "run_jobs", "signing_province"]

PAGES = ("ho_kinh_doanh", "nganh_nghe", "chu_ho", "cam_ket")

# What a browser sends from each page of the household business form.
TYPED: dict[str, dict[str, str]] = {
    "ho_kinh_doanh": {
        "ten_ho": "Tạp hóa Bình Minh",
        "xa": "H99.31.011",
        "dia_chi": "Thôn 3",
        "dien_thoai": "0900 000 001",
        "thu_dien_tu": "",
    },
    "nganh_nghe": {
        "nganh_nghe.0.ten": "Bán lẻ tạp hóa",
        "nganh_nghe.0.ma": "4711",
        "von": "50.000.000",
        "so_lao_dong": "2",
        "ngay_bat_dau": "",
    },
    "chu_ho": {
        "chu_the": "ca_nhan",
        "chu_ho.ho_ten": "Nguyễn Thị Mẫu",
        "chu_ho.ngay_sinh": "02/03/1990",
        "chu_ho.gioi_tinh": "nu",
        "chu_ho.so_dinh_danh": "099 190 000 001",
        "chu_ho.dia_chi": "Thôn 3, xã Bình Mẫu",
    },
    "cam_ket": {"cam_ket": "true"},
}


def signed_in(username: str) -> Client:
    """A browser in which the account's owner has signed in."""
    account = Account.objects.select_related("person").get(username=username)
    key, _session = open_session(account, method="test", now=timezone.now())
    client = Client()
    client.cookies["sessionid"] = key
    return client


@pytest.fixture
def citizen(province: Province) -> Client:
    return signed_in("congdan")


@pytest.fixture
def stranger(province: Province) -> Client:
    """Another citizen."""
    return signed_in("congdan2")


@pytest.fixture
def visitor(province: Province) -> Client:
    return Client()


def photo(name: str = "CCCD mặt trước.jpg", after: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture().read() + after, content_type="image/jpeg")


def begin(client: Client, province: Province, code: str = "1.001612", agency: str = "H99.31") -> str:
    """Begin a dossier as a citizen does; returns the address of its task list."""
    answer = client.post(f"/thu-tuc/{code}/nop/", {"agency": str(province.unit(agency).id)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def fill(client: Client, address: str, *, papers: bool = True) -> None:
    """Fill in every page, and upload the one required paper."""
    for page in PAGES:
        answer = client.post(f"{address}khai/{page}/", TYPED[page])
        assert answer.status_code == 302, (page, sentences(answer))
    if papers:
        answer = client.post(f"{address}giay-to/", {"giay_to_phap_ly": photo()})
        assert answer.status_code == 302, sentences(answer)


def send(client: Client, address: str) -> Any:
    """Send the filled draft; returns the answer, which leads to the confirmation."""
    return client.post(f"{address}nop/")


def id_in(address: str) -> str:
    """The identifier in an address."""
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", address)
    assert found, address
    return found[0]


@pytest.fixture
def sent(citizen: Client, province: Province) -> Callable[[], Any]:
    """Send a dossier through the screens; returns it."""
    from dinh.onestop.models import Dossier

    def go() -> Dossier:
        address = begin(citizen, province)
        fill(citizen, address)
        return Dossier.objects.get(pk=id_in(send(citizen, address)["Location"]))

    return go


def words(answer: Any) -> str:
    """The text of a page without its tags."""
    html = re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace(" .", ".")


def sentences(answer: Any) -> list[str]:
    """The errors that stand at their places."""
    found = re.findall(r'(?s)<p class="error"[^>]*>(.*?)</p>', answer.content.decode())
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", one)).strip() for one in found]
