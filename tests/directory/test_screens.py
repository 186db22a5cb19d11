"""The administrators' screens, over HTTP: who sees what, what is kept, what is said."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from dinh.foundation.actions.public import all_permissions, system
from dinh.foundation.directory import urls
from dinh.foundation.directory.models import (
    Appointment,
    ImportBatch,
    Person,
    PlannedChange,
    Position,
    Role,
    RoleHolding,
    SigningAuthority,
    Unit,
)
from dinh.foundation.directory.public import (
    appoint,
    create_position,
    create_role,
    grant,
    grant_authority,
    plan_change,
    preview_import,
    register_person,
)
from dinh.sso.public import create_account, open_session
from tests.directory.conftest import START, Province

BY = system("test")
NAME = re.compile(r'/can-bo/[0-9a-f-]{36}/">([^<]+)<')
OLDER = re.compile(r'rel="next" href="([^"]+)"')
NEWER = re.compile(r'rel="prev" href="([^"]+)"')
MANAGE = ("directory.manage", "directory.grant", "directory.signing")


@pytest.fixture
def enter(province: Province) -> Callable[..., Client]:
    """Return a maker of a browser in which an official of a unit is signed in."""

    def make(unit: Any, *codes: str, scope: str = "subtree", name: str = "Trần Thị Bình") -> Client:
        number = Person.objects.count() + 1
        position = create_position(unit, code="", title="Quản trị viên", on=START, by=BY)
        person = register_person(name, staff_code=f"CB{number:03d}", by=BY)
        appoint(position, person=person, from_on=START, by=BY)
        if codes:
            role = create_role(f"role{number}", name=f"Vai trò {number}", permissions=codes, by=BY)
            grant(position, role=role, scope=scope, unit=unit, by=BY)
        now = timezone.now()
        account = create_account(
            person.pk, username=f"bt.{number}", kind="official", password=None, by=BY, now=now
        )
        key, _ = open_session(account, position_id=position.pk, method="test", now=now)
        client = Client()
        client.cookies["sessionid"] = key
        return client

    return make


def at(name: str, **parameters: Any) -> str:
    return reverse(f"directory:{name}", kwargs=parameters)


def test_the_tree_begins_at_what_one_manages(province: Province, enter: Callable[..., Client]) -> None:
    browser = enter(province.north, *MANAGE)
    shown = browser.get(at("units")).content.decode()
    assert "huyện Bắc Sông" in shown and "xã Đông Hòa" in shown
    assert "huyện Nam Sông" not in shown and "Sở Tài chính" not in shown
    found = browser.get(at("units"), {"q": "dong hoa"}).content.decode()
    assert "xã Đông Hòa" in found
    assert "xã Tây Hòa" not in browser.get(at("units"), {"q": "tay hoa"}).content.decode()


@pytest.fixture
def southern(province: Province) -> dict[str, Any]:
    """One of everything, in a district that the visitor of the test does not manage."""
    position = create_position(province.south, code="", title="Chủ tịch", on=START, by=BY)
    person = register_person("Lê Văn Nam", staff_code="NS1", by=BY)
    appoint(position, person=person, from_on=START, by=BY)
    role = create_role("southern", name="Vai trò phía nam", permissions=["directory.manage"], by=BY)
    grant(position, role=role, scope="subtree", unit=province.south, by=BY)
    grant_authority(province.south, position=position, mark="", matters=["*"], from_on=START, by=BY)
    plan_change(
        province.south_commune,
        verb="unit.renamed",
        arguments={"name": "Xã khác"},
        on=timezone.localdate() + dt.timedelta(days=5),
        basis="NQ",
        by=BY,
    )
    upload = SimpleUploadedFile("a.csv", "Mã chức vụ,Mã đơn vị,Chức vụ\nX,H99.32,Y\n".encode())
    batch = preview_import("positions", stream=upload, name="a.csv", by=BY)
    return {
        "unit_id": province.south.pk,
        "parent_id": province.south.pk,
        "position_id": position.pk,
        "person_id": person.pk,
        "appointment_id": Appointment.objects.get(position=position).pk,
        "holding_id": RoleHolding.objects.get(position=position).pk,
        "authority_id": SigningAuthority.objects.get().pk,
        "plan_id": PlannedChange.objects.get().pk,
        "batch_id": batch.pk,
        "role_id": role.pk,
        "notice_id": person.notices.get().pk,
        "kind": "units",
    }


ROUTES = {pattern.name: pattern for pattern in urls.urlpatterns}
# Addresses that name nothing of one unit's, and roles, which are defined for the whole province.
GENERAL = {"import-template", "role"}
OF_ONE_UNIT = [name for name, route in ROUTES.items() if route.pattern.converters and name not in GENERAL]


@pytest.mark.parametrize("name", OF_ONE_UNIT)
def test_what_belongs_to_another_district_is_not_found(
    province: Province, enter: Callable[..., Client], southern: dict[str, Any], name: str
) -> None:
    browser = enter(province.north, *MANAGE)
    whats = ("sua", "doi-ten", "chuyen", "sap-nhap", "ket-thuc") if name == "change-unit" else ("",)
    for what in whats:
        values = {**southern, "what": what}
        address = at(name, **{key: values[key] for key in ROUTES[name].pattern.converters})
        assert browser.get(address).status_code in (404, 405)
        assert browser.post(address, {"on": "01/01/2026"}).status_code in (404, 405)
    southern_rows = (
        Unit.objects.get(pk=southern["unit_id"]),
        RoleHolding.objects.get(pk=southern["holding_id"]),
    )
    assert southern_rows[0].valid_until is None and southern_rows[1].until_on is None


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_nobody_without_the_permission_opens_an_administrators_page(
    province: Province, enter: Callable[..., Client], southern: dict[str, Any], name: str
) -> None:
    values = {**southern, "what": "sua"}
    address = at(name, **{key: values[key] for key in ROUTES[name].pattern.converters})
    visitor, plain = Client(), enter(province.south)
    for method in ("get", "post"):
        answer = getattr(visitor, method)(address)
        assert answer.status_code == 405 or (answer.status_code == 302 and "/dang-nhap/" in answer.url)
        if name not in ("my-rights", "confirm-notice"):
            assert getattr(plain, method)(address).status_code in (403, 405)
    assert plain.get(at("my-rights")).status_code == 200


def test_a_unit_is_added_on_its_page_and_a_wrong_code_keeps_what_was_typed(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.north, *MANAGE)
    typed = {
        "code": "h99.31.44",
        "name": "Ủy ban nhân dân xã Mới",
        "kind": "commune_committee",
        "level": "commune",
        "on": "01/07/2025",
    }
    wrong = browser.post(at("add-unit", parent_id=province.north.pk), {**typed, "code": "sai"})
    assert wrong.status_code == 422
    assert "Ủy ban nhân dân xã Mới" in wrong.content.decode() and "không đúng" in wrong.content.decode()
    made = browser.post(at("add-unit", parent_id=province.north.pk), typed, follow=True)
    assert "Đã thêm đơn vị" in made.content.decode()
    assert Unit.objects.get(code="H99.31.44").valid_from == dt.date(2025, 7, 1)


def test_a_move_asks_which_unit_when_the_word_is_unclear(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.root, *MANAGE, scope="province")
    address = at("change-unit", unit_id=province.north_desk.pk, what="chuyen")
    values = {"on": "01/07/2025", "basis": "QĐ 1"}
    without_basis = browser.post(address, {"on": "01/07/2025", "parent": "H99.32"})
    assert "văn bản làm căn cứ" in without_basis.content.decode()
    unclear = browser.post(address, {**values, "parent": "huyen"})
    assert unclear.status_code == 422
    assert "Hãy chọn một" in unclear.content.decode() and "H99.32" in unclear.content.decode()
    browser.post(address, {**values, "parent": "huyen", "parent_pick": "H99.32"})
    assert Unit.objects.get(pk=province.north_desk.pk).parent == province.south


def test_a_change_with_a_day_to_come_is_planned(province: Province, enter: Callable[..., Client]) -> None:
    browser = enter(province.root, *MANAGE, scope="province")
    day = timezone.localdate() + dt.timedelta(days=20)
    values = {"name": "Sở Tài chính và Kế hoạch", "on": f"{day:%d/%m/%Y}", "basis": "NQ 7"}
    browser.post(at("change-unit", unit_id=province.finance.pk, what="doi-ten"), values)
    assert Unit.objects.get(pk=province.finance.pk).name == "Sở Tài chính"
    plan = PlannedChange.objects.get()
    assert "NQ 7" in browser.get(at("plans")).content.decode()
    browser.post(at("cancel-plan", plan_id=plan.pk))
    assert PlannedChange.objects.get().state == "cancelled"


def test_units_are_merged_separated_and_closed_on_screen(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.root, *MANAGE, scope="province")
    values = {"on": "01/07/2025", "basis": "NQ 7"}
    browser.post(
        at("change-unit", unit_id=province.health.pk, what="sap-nhap"), {**values, "other_1": "H99.11"}
    )
    assert Unit.objects.get(code="H99.11").heir == province.health
    new = {"code": "H99.45", "name": "Sở Ngân sách", "kind": "department", "level": "province"}
    browser.post(
        at("separate-unit", unit_id=province.health.pk),
        {**values, **new, "homes": [str(province.finance_room.pk)]},
    )
    assert Unit.objects.get(code="H99.11.P1").parent.code == "H99.45"
    browser.post(
        at("change-unit", unit_id=province.finance_room.pk, what="ket-thuc"), {**values, "heir": "H99.45"}
    )
    assert Unit.objects.get(code="H99.11.P1").valid_until is not None
    page = browser.get(at("unit", unit_id=province.health.pk)).content.decode()
    assert "Nhận sáp nhập: Sở Tài chính" in page and "NQ 7" in page
    top = browser.get(at("unit", unit_id=province.root.pk)).content.decode()
    assert "Chưa có chức vụ nào" not in top


def test_a_person_is_added_appointed_given_a_role_and_told(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.north, *MANAGE)
    role = create_role("clerk", name="Cán bộ một cửa", permissions=["directory.read"], by=BY)
    browser.post(at("add-person"), {"staff_code": "CB77", "full_name": "Đỗ Thị Én"})
    browser.post(
        at("add-position", unit_id=province.commune.pk),
        {"title": "Công chức một cửa", "rank": "40", "on": "01/01/2024", "is_single": "1"},
    )
    position = Position.objects.get(title="Công chức một cửa")
    wrong = browser.post(at("appoint", position_id=position.pk), {"staff_code": "NONE", "from_on": "x"})
    assert wrong.status_code == 422 and "Không có cán bộ mang mã này" in wrong.content.decode()
    browser.post(
        at("appoint", position_id=position.pk),
        {"staff_code": "CB77", "kind": "main", "from_on": "01/01/2024"},
    )
    values = {"role": role.pk, "scope": "unit", "unit": province.commune.code}
    out_of_reach = browser.post(
        at("grant-role", position_id=position.pk), {**values, "unit": province.south.code}
    )
    assert out_of_reach.status_code == 422
    browser.post(at("grant-role", position_id=position.pk), values)
    person = Person.objects.get(staff_code="CB77")
    assert person.notices.count() == 1
    shown = browser.get(at("person", person_id=person.pk)).content.decode()
    assert "Công chức một cửa" in shown and "Thay đổi quyền chưa xác nhận" in shown
    assert "Đỗ Thị Én" in browser.get(at("people"), {"q": "do en"}).content.decode()
    holding = RoleHolding.objects.get(position=position)
    browser.post(at("revoke-role", holding_id=holding.pk))
    browser.post(
        at("end-appointment", appointment_id=Appointment.objects.get(person=person).pk),
        {"on": timezone.localdate().isoformat()},
    )
    browser.post(at("close-position", position_id=position.pk), {"on": timezone.localdate().isoformat()})
    position.refresh_from_db()
    assert position.valid_until == timezone.localdate()


def test_roles_are_defined_for_the_whole_province_only(
    province: Province, enter: Callable[..., Client]
) -> None:
    district = enter(province.north, *MANAGE, "directory.roles")
    values = {"code": "reader", "name": "Người đọc", "permissions": ["directory.read"]}
    assert district.post(at("add-role"), values).status_code == 422
    chief = enter(province.root, *MANAGE, "directory.roles", scope="province")
    assert chief.post(at("add-role"), values).status_code == 302
    role = Role.objects.get(code="reader")
    chief.post(at("role", role_id=role.pk), {**values, "permissions": ["directory.read", "directory.manage"]})
    role.refresh_from_db()
    assert role.permissions == ["directory.manage", "directory.read"]
    assert "Người đọc" in district.get(at("roles")).content.decode()


def test_authority_is_granted_shown_and_ended(province: Province, enter: Callable[..., Client]) -> None:
    browser = enter(province.north, *MANAGE)
    position = create_position(province.north, code="", title="Phó Chủ tịch", on=START, by=BY)
    values = {
        "position": position.pk,
        "mark": "KT.",
        "collective": "Ủy ban nhân dân",
        "on_behalf_of": "Chủ tịch",
        "matters": "onestop, documents.issue",
        "from_on": "01/01/2026",
    }
    address = at("add-authority", unit_id=province.north.pk)
    assert "Phó Chủ tịch, Ủy ban nhân dân huyện Bắc Sông" in browser.get(address).content.decode()
    wrong = browser.post(address, values)
    assert wrong.status_code == 422 and "làm căn cứ" in wrong.content.decode()
    browser.post(address, {**values, "basis": "QĐ 12"})
    shown = browser.get(at("authorities", unit_id=province.north.pk)).content.decode()
    assert "KT. CHỦ TỊCH" in shown and "onestop" in shown
    browser.post(at("end-authority", authority_id=SigningAuthority.objects.get().pk))
    assert SigningAuthority.objects.get().until_on == timezone.localdate()


def test_the_page_why_answers_with_the_chain(province: Province, enter: Callable[..., Client]) -> None:
    browser = enter(province.north, *MANAGE, name="Phạm Thu Hà")
    asked = {"person": "thu ha", "permission": "directory.manage", "unit": "dong hoa"}
    yes = browser.get(at("why"), asked).content.decode()
    assert "Có: Quản trị viên" in yes and "huyện Bắc Sông › " in yes
    no = browser.get(at("why"), {**asked, "unit": "H99.32"}).content.decode()
    assert "Không: Quản trị viên" in no and "không nằm dưới" in no
    assert browser.get(at("why"), {**asked, "person": "nobody"}).status_code == 422
    assert browser.get(at("why"), {**asked, "position": "junk"}).status_code == 404
    assert browser.get(at("why")).status_code == 200
    empty = browser.get(at("why"), {"person": "", "permission": "", "unit": ""})
    assert empty.status_code == 422
    page = empty.content.decode()
    for sentence in ("Hãy nhập tên hoặc mã cán bộ", "Hãy chọn quyền", "Hãy nhập đơn vị"):
        assert page.count(sentence) == 2, sentence  # above the form, and at the place
    assert "Phạm Thu Hà – Quản trị viên" in yes


def test_a_list_is_previewed_confirmed_and_dropped_on_screen(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.north, *MANAGE)
    text = "Mã chức vụ,Mã đơn vị,Chức vụ\nBS/01,H99.31,Trưởng phòng\nNS/01,H99.32,Trưởng phòng\n"

    def upload() -> Any:
        file = SimpleUploadedFile("danh sách.csv", text.encode())
        return browser.post(at("imports"), {"kind": "positions", "file": file}, follow=True)

    shown = upload().content.decode()
    assert "Chưa ghi gì vào danh bạ" in shown and "Trưởng phòng" in shown
    assert not Position.objects.filter(code="BS/01").exists()
    batch = ImportBatch.objects.get()
    refused = browser.get(at("import", batch_id=batch.pk), {"ket-qua": "refused"}).content.decode()
    assert "NS/01" in refused and "BS/01" not in refused
    browser.post(at("confirm-import", batch_id=batch.pk))
    assert (
        Position.objects.filter(code="BS/01").exists() and not Position.objects.filter(code="NS/01").exists()
    )
    upload()
    browser.post(at("drop-import", batch_id=ImportBatch.objects.first().pk))
    assert ImportBatch.objects.first().state == "dropped"
    assert browser.post(at("imports"), {"kind": "units"}).status_code == 422
    hostile = SimpleUploadedFile("a.xlsx", b"PK\x03\x04junk")
    assert browser.post(at("imports"), {"kind": "units", "file": hostile}).status_code == 422
    assert browser.get(at("import-template", kind="people")).content.startswith(b"\xef\xbb\xbf")
    assert browser.get(at("import-template", kind="junk")).status_code == 404


def test_one_confirms_ones_own_notices(province: Province, enter: Callable[..., Client]) -> None:
    browser = enter(province.north, *MANAGE)
    person = Person.objects.get(full_name="Trần Thị Bình")
    shown = browser.get(at("my-rights")).content.decode()
    assert "Tôi đã biết" in shown
    browser.post(at("confirm-notice", notice_id=person.notices.get().pk))
    assert person.notices.get().confirmed_at is not None


def test_pages_of_people_follow_each_other_both_ways(
    province: Province, enter: Callable[..., Client]
) -> None:
    browser = enter(province.north, *MANAGE)
    position = create_position(province.north, code="", title="Chuyên viên", on=START, by=BY)
    for number in range(120):
        person = register_person(f"Nguyễn Văn An{number:03d}", staff_code=f"N{number}", by=BY)
        appoint(position, person=person, from_on=START, by=BY)
    seen: list[str] = []
    address = at("people")
    for _ in range(3):
        shown = browser.get(address).content.decode()
        seen += NAME.findall(shown)
        if older := OLDER.search(shown):
            address = f"{at('people')}{older[1]}"
    assert len(seen) == 121 and len(set(seen)) == 121
    assert OLDER.search(shown) is None
    newer = NEWER.search(shown)
    assert newer is not None
    assert NAME.findall(browser.get(f"{at('people')}{newer[1]}").content.decode()) == seen[50:100]
    assert browser.get(at("people"), {"trang": "junk"}).status_code == 200


def test_every_permission_of_the_directory_is_in_a_role_form(
    province: Province, enter: Callable[..., Client]
) -> None:
    chief = enter(province.root, *MANAGE, "directory.roles", scope="province")
    shown = chief.get(at("add-role")).content.decode()
    for code in all_permissions():
        assert code == "system" or f'value="{code}"' in shown
    assert get_resolver().reverse_dict is not None
