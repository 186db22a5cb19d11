"""Uploads that go on over a slow line, over HTTP and in a browser whose line is cut."""

import io
from urllib.parse import quote

import pytest
from django.http.request import UnreadablePostError
from django.test import RequestFactory
from PIL import Image

from dinh.foundation.files.models import PartialUpload
from dinh.foundation.files.public import read_piece
from dinh.onestop.models import DraftFile
from tests.portal.conftest import begin, fill, signed_in, words

pytestmark = pytest.mark.django_db


def large() -> bytes:
    """A photo of about two megabytes."""
    content = io.BytesIO()
    Image.effect_noise((1800, 1400), 60).convert("RGB").save(content, "JPEG", quality=92)
    return content.getvalue()


def start(client, data, name="Ảnh thẻ.jpg"):
    return client.post("/tai-len/", headers={"Upload-Length": str(len(data)), "X-Upload-Name": quote(name)})


def piece(client, address, data, at):
    return client.patch(
        address, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(at)}
    )


def send_all(client, data, size=300_000):
    address = start(client, data)["Location"]
    for at in range(0, len(data), size):
        assert piece(client, address, data[at : at + size], at).status_code == 204
    return address


def test_a_file_goes_on_where_it_broke_and_becomes_a_paper(citizen, province):
    draft, data = begin(citizen, province), large()
    begun = start(citizen, data)
    assert begun.status_code == 201
    address = begun["Location"]
    assert piece(citizen, address, data[:1000], 0)["Upload-Offset"] == "1000"
    known = citizen.head(address)
    assert (known.status_code, known["Upload-Offset"], known["Upload-Length"]) == (
        204,
        "1000",
        str(len(data)),
    )
    wrong = piece(citizen, address, b"x", 5)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "1000")
    early = citizen.post(f"{draft}giay-to/giay_to_phap_ly/", {"upload": address.split("/")[-2]})
    assert early.status_code == 422
    address = send_all(citizen, data)
    answer = citizen.post(f"{draft}giay-to/giay_to_phap_ly/", {"upload": address.split("/")[-2]})
    assert answer.status_code == 200
    assert "Ảnh thẻ.jpg" in words(answer)
    assert DraftFile.objects.get().file.size == len(data)
    assert citizen.head(address).status_code == 404


def test_a_piece_is_bounded_and_what_is_refused_is_forgotten(citizen, province):
    draft = begin(citizen, province)
    data = b"%PDF-1.7 rac" * 200_000
    address = start(citizen, data, "Hỏng.pdf")["Location"]
    assert piece(citizen, address, data, 0)["Upload-Offset"] == str(1024 * 1024)
    address = send_all(citizen, b"%PDF-1.7 rac" * 10)
    answer = citizen.post(f"{draft}giay-to/giay_to_phap_ly/", {"upload": address.split("/")[-2]})
    assert answer.status_code == 422
    assert citizen.head(address).status_code == 404
    assert not DraftFile.objects.exists()


def test_nobody_else_touches_it(citizen, stranger, visitor, province):
    address = start(citizen, b"12345")["Location"]
    assert stranger.head(address).status_code == 404
    assert piece(stranger, address, b"1", 0).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert visitor.head(address).status_code == 302
    assert start(visitor, b"1").status_code == 302
    draft = begin(stranger, province)
    answer = stranger.post(f"{draft}giay-to/giay_to_phap_ly/", {"upload": address.split("/")[-2]})
    assert answer.status_code == 422
    assert citizen.delete(address).status_code == 204
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("length", ["", "x", "-1", "0", str(10**12)])
def test_a_wrong_length_is_said(citizen, length):
    answer = citizen.post("/tai-len/", headers={"Upload-Length": length, "X-Upload-Name": "a.jpg"})
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith("text/plain")
    assert not PartialUpload.objects.exists()


class CutLine(io.BytesIO):
    """A line that breaks after what it holds."""

    def read(self, size: int | None = -1) -> bytes:
        if got := super().read(size):
            return got
        raise UnreadablePostError("connection reset")


def test_what_came_before_the_line_broke_is_kept():
    request = RequestFactory().generic("PATCH", "/", b"")
    request._stream = CutLine(b"x" * 100_000)
    assert len(read_piece(request, most=1_000_000)) == 100_000
    request._stream = CutLine(b"")
    assert read_piece(request, most=10) == b""


def test_a_draft_with_its_papers_goes_on_on_another_device(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    other_device = signed_in("congdan")
    assert "CCCD mặt trước.jpg" in words(other_device.get(f"{address}giay-to/"))
    assert "Tạp hóa Bình Minh" in words(other_device.get(f"{address}kiem-tra/"))
