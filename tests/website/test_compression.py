"""Pages are compressed for who asks for it, and nothing else is."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from dinh.website.compression import CompressedPages

ASKS = {"HTTP_ACCEPT_ENCODING": "gzip, deflate"}


def answered(response, **more):
    return CompressedPages(lambda request: response)(RequestFactory().get("/", **more))


@pytest.mark.django_db
def test_a_page_is_the_same_compressed_and_a_third_of_its_bytes(client: Client) -> None:
    plain = client.get("/dang-nhap/")
    small = client.get("/dang-nhap/", **ASKS)
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert b"<!doctype html>" in gzip.decompress(small.content)
    assert len(small.content) * 2 < len(plain.content)
    assert int(small["Content-Length"]) == len(small.content)


def test_the_length_tells_nothing_of_what_stands_in_a_page() -> None:
    """The same page comes in many lengths: whoever listens cannot compare guesses (BREACH)."""
    text = "Nội dung " * 100
    lengths = {len(answered(HttpResponse(text), **ASKS).content) for _ in range(30)}
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/zip", "application/octet-stream"]
)
def test_what_is_compressed_already_goes_as_it_is(kind: str) -> None:
    response = answered(HttpResponse(b"0" * 5000, content_type=kind), **ASKS)
    assert "Content-Encoding" not in response
    assert len(response.content) == 5000


def test_what_is_sent_piece_by_piece_goes_as_it_is() -> None:
    response = answered(StreamingHttpResponse(iter([b"a" * 500]), content_type="text/csv"), **ASKS)
    assert "Content-Encoding" not in response
    assert b"".join(response) == b"a" * 500
