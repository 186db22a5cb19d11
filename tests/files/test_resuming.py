"""Files that arrive in pieces: whole whatever breaks, one's own alone, bounded in number, size and age."""

import datetime as dt
import hashlib
import threading

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dinh.foundation.actions.public import Actor, visitor
from dinh.foundation.files.models import PartialUpload, UploadPiece
from dinh.foundation.files.public import (
    PAPERS,
    FileRefused,
    begin_upload,
    drop_upload,
    receive_piece,
    resumed_upload,
    store,
    sweep_uploads,
    upload_state,
)
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.ids import uuid7
from tests.files.making import make_image

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def somebody() -> Actor:
    return Actor(kind="citizen", name="Người Mẫu", account_id=uuid7(), person_id=uuid7())


def begun(by, size=10, name="giấy.jpg", now=NOW):
    return begin_upload(name, size=size, by=by, now=now)


@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_however_the_line_breaks_the_whole_is_what_was_sent(cuts):
    by, data = somebody(), bytes(range(256)) * 4
    upload = begun(by, len(data))
    at, turn = 0, 0
    while at < len(data):
        piece = data[at : at + cuts[turn % len(cuts)]]
        # Each piece is sent twice: the answer to the first was lost on the way.
        received = receive_piece(upload.pk, piece, start=at, by=by, now=NOW)
        assert receive_piece(upload.pk, piece, start=at, by=by, now=NOW) == received
        at, turn = received, turn + 1
    whole = resumed_upload(upload.pk, by=by)
    assert (whole.size, whole.name) == (len(data), "giấy.jpg")
    assert b"".join(iter(lambda: whole.read(100), b"")) == data


def test_a_file_in_pieces_is_taken_in_like_any_other(settings, tmp_path):
    settings.FILE_STORE = str(tmp_path)
    by, data = somebody(), make_image()
    upload = begun(by, len(data))
    for at in range(0, len(data), 4000):
        receive_piece(upload.pk, data[at : at + 4000], start=at, by=by, now=NOW)
    file = store(resumed_upload(upload.pk, by=by), name=upload.name, by=by, limits=PAPERS)
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_what_has_not_arrived_whole_is_no_file():
    by = somebody()
    upload = begun(by)
    receive_piece(upload.pk, b"12345", start=0, by=by, now=NOW)
    with pytest.raises(NotFound):
        resumed_upload(upload.pk, by=by)
    assert upload_state(upload.pk, by=by) == (5, 10)
    # More than was announced is cut off.
    assert receive_piece(upload.pk, b"x" * 50, start=5, by=by, now=NOW) == 10
    assert resumed_upload(upload.pk, by=by).read() == b"12345xxxxx"


def test_an_upload_is_its_persons_alone():
    by, other = somebody(), somebody()
    upload = begun(by)
    for who in (other, visitor()):
        for refused in (
            lambda who=who: upload_state(upload.pk, by=who),
            lambda who=who: receive_piece(upload.pk, b"1", start=0, by=who, now=NOW),
            lambda who=who: resumed_upload(upload.pk, by=who),
            lambda who=who: drop_upload(upload.pk, by=who),
        ):
            with pytest.raises(NotFound):
                refused()
    with pytest.raises(NotAllowed):
        begun(visitor())
    drop_upload(upload.pk, by=by)
    assert not PartialUpload.objects.exists()


def test_uploads_are_bounded_in_size_number_and_age(settings):
    settings.FILE_SIZE_LIMIT, settings.FILE_PARTIAL_LIMIT = 100, 130
    by = somebody()
    for size in (0, -1, 101):
        with pytest.raises(FileRefused):
            begun(by, size)
    first = begun(by, 100)
    receive_piece(first.pk, b"x" * 90, start=0, by=by, now=NOW)
    with pytest.raises(FileRefused):
        begun(somebody(), 50)
    for _ in range(12):
        begun(by, 1)
    assert PartialUpload.objects.filter(account=by.account_id).count() == 10
    assert not PartialUpload.objects.filter(pk=first.pk).exists()
    assert not UploadPiece.objects.exists()
    later = NOW + dt.timedelta(hours=23)
    assert sweep_uploads(now=later) == 0
    assert sweep_uploads(now=later + dt.timedelta(hours=2)) == 10


@pytest.mark.django_db(transaction=True)
def test_two_lines_that_send_the_same_piece_write_it_once():
    by = somebody()
    upload = begun(by, 8)
    answers: list[int] = []

    def send() -> None:
        answers.append(receive_piece(upload.pk, b"12345678", start=0, by=by, now=NOW))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [8, 8, 8, 8]
    assert UploadPiece.objects.filter(upload=upload).count() == 1
