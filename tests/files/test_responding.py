"""How a file leaves: streamed, in parts when asked, under headers that let no content act."""

import pytest
from django.test import RequestFactory

from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.public import ContentMissing, InfectedFile, respond, store_bytes
from tests.files.making import make_image, make_pdf

pytestmark = pytest.mark.django_db


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def asking(method: str = "get", **headers: str):
    return getattr(RequestFactory(), method)("/tep/", headers=headers)


@pytest.fixture
def paper(give):
    return give(make_pdf(pages=5), "Giấy tiếp nhận; số 1.pdf")


def test_a_pdf_is_shown_in_place_under_its_name(paper):
    response = respond(paper, inline=True)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "inline; filename*=utf-8''Gi%E1%BA%A5y%20ti%E1%BA%BFp%20nh%E1%BA%ADn%3B%20s%E1%BB%91%201.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Length"] == str(paper.size)
    assert body(response) == b"".join(the_store().read(paper.sha256))


def test_a_download_is_closed_in_a_sandbox(give):
    response = respond(give(make_image(), "ảnh.jpg"), inline=False)
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Security-Policy"].endswith("; sandbox")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "trang.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "hinh.svg"),
        (b"plain", "chu.txt"),
    ],
)
def test_nothing_but_pdf_and_images_is_ever_shown_in_place(official, data, name):
    response = respond(store_bytes(data, name=name, by=official), inline=True)
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, None),
        ("bytes=-20", -20, None),
        ("bytes=5-99999999", 5, None),
    ],
)
def test_a_part_is_given_when_a_part_is_asked_for(paper, asked, start, stop):
    whole = b"".join(the_store().read(paper.sha256))
    response = respond(paper, inline=True, request=asking(Range=asked))
    assert response.status_code == 206
    assert body(response) == whole[start:stop]
    assert int(response["Content-Length"]) == len(whole[start:stop])
    first = start % paper.size
    last = first + len(whole[start:stop]) - 1
    assert response["Content-Range"] == f"bytes {first}-{last}/{paper.size}"


@pytest.mark.parametrize("asked", ["bytes=1-2,5-6", "lines=1-2", "bytes=-", "bytes=9-3", "rubbish"])
def test_an_odd_range_is_answered_with_the_whole(paper, asked):
    response = respond(paper, inline=True, request=asking(Range=asked))
    assert (response.status_code, len(body(response))) == (200, paper.size)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_past_the_end_cannot_be_given(paper, asked):
    response = respond(paper, inline=True, request=asking(Range=asked))
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{paper.size}")


def test_a_part_of_another_version_is_answered_with_the_whole(paper):
    request = asking(Range="bytes=0-9", If_Range='"another"')
    assert respond(paper, inline=True, request=request).status_code == 200


def test_an_unchanged_content_is_not_sent_again(paper):
    etag = respond(paper, inline=True)["ETag"]
    assert respond(paper, inline=True, request=asking(If_None_Match=etag)).status_code == 304
    assert respond(paper, inline=True, request=asking(If_None_Match='"another"')).status_code == 200


def test_asking_for_the_head_reads_no_content(paper):
    the_store().remove(paper.sha256)
    response = respond(paper, inline=True, request=asking("head"))
    assert (response["Content-Length"], body(response)) == (str(paper.size), b"")


def test_a_content_that_is_gone_is_told_in_words_before_anything_is_sent(paper):
    the_store().remove(paper.sha256)
    with pytest.raises(ContentMissing, match="Không đọc được nội dung tệp “Giấy tiếp nhận"):
        respond(paper, inline=True)


def test_an_infected_file_is_never_given(paper):
    paper.scan_state, paper.scan_found = "infected", "Eicar"
    with pytest.raises(InfectedFile, match="Eicar"):
        respond(paper, inline=False)
