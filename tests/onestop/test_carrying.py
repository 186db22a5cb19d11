"""A procedure republished while forms are being filled: drafts keep theirs or go over, nothing is lost."""

import copy
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system
from dinh.kernel.errors import Refused
from dinh.onestop.models import DossierPart, Draft, DraftFile, Procedure
from dinh.onestop.public import (
    attach_paper,
    carry_over,
    draft_version,
    files_aside,
    get_procedure,
    publish_version,
    republished,
    save_answers,
    start_draft,
    submit,
)
from dinh.onestop.rules.carrying import carry, what_changed
from dinh.onestop.rules.definition import read_definition
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, NOW, Province
from tests.onestop.making import simple

BY = system("test")
CODE = "1.001612"


def form(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def text(label: str) -> dict[str, Any]:
    return {"type": "string", "ui": {"label": label}}


KINDS = st.sampled_from(["string", "integer", "boolean"])
FORMS = st.dictionaries(
    st.sampled_from("abcde"), KINDS.map(lambda kind: {"type": kind, "ui": {"label": "Nhãn"}})
).map(lambda fields: form(**fields))


@given(FORMS, FORMS, st.data())
def test_every_answer_is_kept_or_set_aside(old: Any, new: Any, data: Any) -> None:
    values = {"string": st.text(min_size=1), "integer": st.integers(1), "boolean": st.just(True)}
    answers = {name: data.draw(values[field["type"]]) for name, field in old["properties"].items()}
    carried = carry(answers, old, new)
    assert len(carried.answers) + len(carried.aside) == len(answers)
    assert all(answers[name] == value for name, value in carried.answers.items())
    assert carry(answers, old, old).aside == ()


def test_groups_and_rows_are_carried_field_by_field() -> None:
    old = form(
        nha=form(so=text("Số nhà"), duong=text("Đường")),
        nghe={"type": "array", "items": form(ten=text("Tên"), ma=text("Mã")), "ui": {"label": "Nghề"}},
    )
    new = copy.deepcopy(old)
    del new["properties"]["nha"]["properties"]["duong"]
    del new["properties"]["nghe"]["items"]["properties"]["ma"]
    answers = {"nha": {"so": "12", "duong": "Bến Đình"}, "nghe": [{"ten": "Tạp hóa", "ma": "4711"}]}
    carried = carry(answers, old, new)
    assert carried.answers == {"nha": {"so": "12"}, "nghe": [{"ten": "Tạp hóa"}]}
    assert [(one.label, one.value) for one in carried.aside] == [("Đường", "Bến Đình"), ("Mã", "4711")]


def test_a_choice_that_is_offered_no_more_is_set_aside_in_words() -> None:
    old = form(
        loai={**text("Loại"), "oneOf": [{"const": "a", "title": "Nhanh"}, {"const": "b", "title": "Thường"}]}
    )
    new = form(loai={**text("Loại"), "oneOf": [{"const": "b", "title": "Thường"}]})
    carried = carry({"loai": "a"}, old, new)
    assert carried.answers == {}
    assert [(one.label, one.value) for one in carried.aside] == [("Loại", "Nhanh")]


def test_changes_are_said_in_words() -> None:
    old = read_definition(simple())
    changed = copy.deepcopy(simple(time_limit={"amount": 3, "unit": "calendar_days"}))
    changed["documents"] = [{"key": "anh", "name": "Ảnh thẻ"}]
    changed["form"]["properties"]["moi"] = text("Mục mới")
    del changed["form"]["properties"]["loai"]
    said = [str(one) for one in what_changed(old, read_definition(changed))]
    assert said == [
        "Thêm mục khai “Mục mới”.",
        "Bỏ mục khai “Loại”.",
        "Thêm giấy tờ “Ảnh thẻ”.",
        "Thời hạn giải quyết đổi từ 30 ngày làm việc sang 3 ngày.",
    ]
    assert what_changed(old, old) == []


def republish(change: Any) -> None:
    """Publish the household business anew, changed by ``change``."""
    definition = copy.deepcopy(get_procedure(CODE).current_version.definition)
    change(definition)
    publish_version(draft_version(definition, by=BY, now=NOW), by=BY, now=NOW)


def drop_a_question(definition: Any) -> None:
    """The telephone is asked for no more, a website is asked for; another paper is wanted."""
    properties = definition["form"]["properties"]
    del properties["dien_thoai"]
    properties["trang_web"] = {"type": "string", "maxLength": 100, "ui": {"label": "Trang web"}}
    required = definition["form"].get("required", [])
    definition["form"]["required"] = [name for name in required if name != "dien_thoai"]
    order = definition["form"].get("ui", {}).get("order", [])
    definition["form"].get("ui", {})["order"] = [
        "trang_web" if name == "dien_thoai" else name for name in order
    ]
    for page in definition["form"]["ui"]["pages"]:
        page["fields"] = ["trang_web" if name == "dien_thoai" else name for name in page["fields"]]


def browser() -> Client:
    account = Account.objects.get(username="congdan")
    client = Client()
    client.cookies["sessionid"] = open_session(
        account, position_id=None, method="password", now=timezone.now()
    )[0]
    return client


def test_a_draft_keeps_its_version_and_can_be_sent_as_it_is(province: Province) -> None:
    p = province
    draft = p.draft()
    republish(drop_a_question)
    found = republished(draft)
    assert found is not None
    assert "Thêm mục khai “Trang web”." in found.changes
    dossier = submit(draft, by=p.citizen, now=p.now)
    assert dossier.version_id == draft.version_id
    assert dossier.data["dien_thoai"] == HOUSEHOLD_ANSWERS["dien_thoai"]


def test_a_draft_that_goes_over_keeps_all_that_was_typed(province: Province) -> None:
    p = province
    draft = p.draft()
    republish(drop_a_question)
    stranger = p.actor("congdan2")
    assert_refused("draft.carried_over", lambda: carry_over(draft, by=stranger, now=p.now))
    assert_done("draft.carried_over", lambda: carry_over(draft, by=p.citizen, now=p.now))
    draft = Draft.objects.get(pk=draft.pk)
    assert draft.version_id == Procedure.objects.get(code=CODE).current_version_id
    expected = {name: value for name, value in HOUSEHOLD_ANSWERS.items() if name != "dien_thoai"}
    assert draft.data == expected
    (aside,) = draft.aside
    assert aside["value"] == HOUSEHOLD_ANSWERS["dien_thoai"]
    assert republished(draft) is None
    carry_over(draft, by=p.citizen, now=p.now)
    assert Draft.objects.get(pk=draft.pk).aside == [aside]
    dossier = submit(draft, by=p.citizen, now=p.now)
    assert dossier.version_id == draft.version_id
    with pytest.raises(Refused):
        carry_over(draft, by=p.citizen, now=p.now)


def test_a_file_that_is_asked_for_no_more_stays_with_the_draft_and_is_not_sent(province: Province) -> None:
    p = province
    draft = p.draft()
    DraftFile.objects.filter(draft=draft).update(document_key="giay_cu")
    (aside,) = files_aside(draft)
    assert aside.name == "CCCD mặt trước.jpg"
    attach_paper(draft, document_key="giay_to_phap_ly", file_id=p.file(), by=p.citizen, now=p.now)
    dossier = submit(draft, by=p.citizen, now=p.now)
    assert [part.document_key for part in DossierPart.objects.filter(dossier=dossier)] == ["giay_to_phap_ly"]
    assert DraftFile.objects.filter(draft=draft).count() == 2


def test_the_pages_say_so_and_carry_it_over_at_one_press(province: Province) -> None:
    p = province
    draft, client = p.draft(), browser()
    address = f"/nop-ho-so/{draft.pk}/"
    assert "Thủ tục có mẫu mới" not in client.get(address).content.decode()
    assert client.get(f"{address}mau-moi/").status_code == 302
    republish(drop_a_question)
    assert "Thủ tục có mẫu mới" in client.get(address).content.decode()
    page = client.get(f"{address}mau-moi/").content.decode()
    assert "Thêm mục khai “Trang web”." in page
    assert HOUSEHOLD_ANSWERS["dien_thoai"] in page
    answer = client.post(f"{address}mau-moi/", follow=True).content.decode()
    assert "Nội dung đã điền được giữ lại" in answer
    assert HOUSEHOLD_ANSWERS["dien_thoai"] in answer
    assert "Thủ tục có mẫu mới" not in answer


def test_what_is_typed_at_that_moment_is_kept(province: Province) -> None:
    """Published between opening a page and sending it: the answers belong to the draft's own version."""
    p = province
    draft = start_draft(
        get_procedure(CODE), answers={}, agency_id=p.unit("H99.31").id, by=p.citizen, now=p.now
    )
    republish(drop_a_question)
    save_answers(draft, answers=HOUSEHOLD_ANSWERS, agency_id=None, by=p.citizen, now=p.now)
    assert Draft.objects.get(pk=draft.pk).data == HOUSEHOLD_ANSWERS
