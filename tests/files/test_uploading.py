"""Files over HTTP, as a form of some room would take them: bounded, on the disk, and never so that what
was typed beside them is lost."""

import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from dinh.foundation.actions.permissions import Actor
from dinh.foundation.files.public import PAPERS, FileRefused, store
from tests.files.making import make_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@csrf_exempt
def take(request: HttpRequest) -> HttpResponse:
    answers = []
    for upload in request.FILES.getlist("papers"):
        try:
            file = store(upload, name=upload.name, by=Actor(kind="citizen", name="Mẫu"), limits=PAPERS)
            answers.append(file.name)
        except FileRefused as refused:
            answers.append(str(refused))
    return JsonResponse({"typed": request.POST.get("name"), "files": answers})


urlpatterns = [path("gui/", take)]


def send(*files: SimpleUploadedFile) -> dict:
    response = Client().post("/gui/", {"name": "Hộ kinh doanh Mẫu", "papers": list(files)})
    assert response.status_code == 200
    return response.json()


def upload(data: bytes, name: str = "đơn.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_form_with_files_arrives(settings):
    assert send(upload(make_pdf(), "Giấy đề nghị.pdf"), upload(make_pdf(pages=2), "b.pdf")) == {
        "typed": "Hộ kinh doanh Mẫu",
        "files": ["Giấy đề nghị.pdf", "b.pdf"],
    }


def test_a_file_past_its_bound_is_refused_with_its_true_size_and_the_form_is_kept(settings):
    settings.FILE_SIZE_LIMIT = 1024 * 1024
    answer = send(upload(make_pdf() + b" " * 3 * 1024 * 1024, "lớn.pdf"), upload(make_pdf(), "nhỏ.pdf"))
    assert answer["typed"] == "Hộ kinh doanh Mẫu"
    assert answer["files"][0].startswith("Tệp “lớn.pdf” quá lớn: 3 MB, mỗi tệp chỉ được tối đa 1 MB.")
    assert answer["files"][1] == "nhỏ.pdf"


def test_files_past_the_bound_of_the_request_are_refused_one_by_one(settings):
    settings.FILE_SIZE_LIMIT = 1024 * 1024
    settings.FILE_REQUEST_LIMIT = 1536 * 1024
    answer = send(
        upload(make_pdf(), "một.pdf"),
        upload(make_pdf() + b" " * 1000 * 1024, "hai.pdf"),
        upload(make_pdf() + b" " * 1000 * 1024, "ba.pdf"),
    )
    assert answer["files"][:2] == ["một.pdf", "hai.pdf"]
    assert answer["files"][2].startswith(
        "Chưa nhận được tệp “ba.pdf” vì các tệp gửi cùng lúc vượt quá 1,5 MB"
    )
    assert answer["typed"] == "Hộ kinh doanh Mẫu"


def test_a_request_far_past_its_bound_is_cut_off(settings):
    settings.FILE_REQUEST_LIMIT = 100_000
    response = Client().post("/gui/", {"name": "x", "papers": upload(b"%PDF-1.7" + b" " * 1_000_000)})
    assert response.json() == {"typed": "x", "files": []}


def test_an_empty_file_is_refused_by_name():
    assert "không có nội dung" in send(upload(b"", "trống.pdf"))["files"][0]


def test_a_name_with_a_path_and_hidden_letters_is_cleaned():
    assert send(upload(make_pdf(), "Đơn\u202e số 1\u0000.pdf"))["files"] == ["Đơn số 1.pdf"]


def test_an_upload_lies_on_the_disk_not_in_memory(settings):
    settings.FILE_SIZE_LIMIT = 100 * 1024 * 1024
    body = encode_multipart(BOUNDARY, {"papers": upload(make_pdf() + b" " * 30 * 1024 * 1024, "lớn.pdf")})
    tracemalloc.start()
    response = Client().generic("POST", "/gui/", body, MULTIPART_CONTENT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert response.json()["files"] == ["lớn.pdf"]
    assert peak < len(body) + 8 * 1024 * 1024, "the client holds the body once, the house does not"
