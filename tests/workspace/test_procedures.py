"""Procedures: looked at, uploaded as drafts, checked, published by a second person."""

import io
import json

import pytest
import yaml

from dinh.onestop.models import Procedure, ProcedureVersion
from dinh.onestop.public import procedures_shipped
from tests.workspace.conftest import source, words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/thu-tuc/"
UPLOAD = f"{PAGE}tai-len/"


def definition():
    return yaml.safe_load(next(p for p in procedures_shipped() if p.stem == "1.001612").read_text())


def upload(client, content, name="thu-tuc.yaml"):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    return client.post(UPLOAD, {"definition": file})


def test_both_who_write_and_who_publish_see_procedures_and_nobody_else(province, seat):
    version = ProcedureVersion.objects.filter(procedure__code="1.001612").get()
    for username in ("soan.thutuc", "congbo.thutuc"):
        assert "1.001612" in words(seat(username).get(PAGE))
        page = source(seat(username).get(f"{PAGE}{version.id}/"))
        assert "flow-box" in page
        assert "Phiên bản này đang áp dụng cho hồ sơ mới." in page
        assert "Cấp số và đóng dấu số của cơ quan" in page
    for username in ("motcua.dinhson", "chutich.tinh", "congdan"):
        assert seat(username).get(PAGE).status_code == 403, username
        assert seat(username).get(f"{PAGE}{version.id}/").status_code == 403, username


def test_a_draft_is_published_by_a_second_person(province, seat):
    changed = {**definition(), "short_name": "Thành lập hộ kinh doanh mới"}
    sent = upload(seat("soan.thutuc"), json.dumps(changed), "thu-tuc.json")
    assert sent.status_code == 302
    draft = ProcedureVersion.objects.get(number=2)
    page = f"{PAGE}{draft.id}/"
    assert "người khác phải công bố" in words(seat("soan.thutuc").get(page))
    assert "Công bố phiên bản này" in words(seat("congbo.thutuc").get(page))
    assert seat("soan.thutuc").post(f"{page}cong-bo/").status_code == 403
    assert upload(seat("congbo.thutuc"), yaml.safe_dump(changed)).status_code == 403
    assert seat("congbo.thutuc").post(f"{page}cong-bo/").status_code == 302
    assert Procedure.objects.get(code="1.001612").current_version_id == draft.id
    assert seat("congbo.thutuc").post(f"{page}cong-bo/").status_code == 409


def test_faults_of_a_draft_are_named_and_hold_it_back(province, seat):
    faulty = definition()
    faulty["steps"][0]["outcomes"][0]["to"] = ["khong_co"]
    assert upload(seat("soan.thutuc"), yaml.safe_dump(faulty, allow_unicode=True)).status_code == 302
    draft = ProcedureVersion.objects.get(number=2)
    shown = words(seat("congbo.thutuc").get(f"{PAGE}{draft.id}/"))
    assert "bước không tồn tại: khong_co" in shown
    assert "Công bố phiên bản này" not in shown
    assert seat("congbo.thutuc").post(f"{PAGE}{draft.id}/cong-bo/").status_code == 409


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: &a [x]\nb: [*a, *a]", "không đúng định dạng"),
        ("!!python/object/apply:os.system [id]", "dòng 1"),
        ("[" * 5000, "không đúng định dạng"),
        ("a: " + "[" * 60 + "]" * 60, "không phải định nghĩa"),
        ("- 1", "không phải định nghĩa"),
        ("code: 1\nname: [", "dòng 2"),
        (b"\xff\xfe\x00", "không đúng định dạng"),
        ("x" * 600_000, "lớn hơn 512 KB"),
        ("code: '1'", "Không đọc được định nghĩa thủ tục"),
    ],
)
def test_a_file_that_is_no_definition_is_refused_in_words(province, seat, content, said):
    answer = upload(seat("soan.thutuc"), content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert ProcedureVersion.objects.filter(number=2).count() == 0


def test_no_file_is_asked_for(province, seat):
    answer = seat("soan.thutuc").post(UPLOAD)
    assert answer.status_code == 422
    assert "chưa chọn tệp" in words(answer)
