"""Permissions that a release brings and no role of the province holds: said, and given by consent."""

import ast
from pathlib import Path

import pytest

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import all_permissions
from dinh.foundation.directory.models import RightsNotice, Role
from dinh.website.advice import unheld_permissions
from dinh.website.health import examine
from dinh.website.roles import ROLES
from tests.workspace.conftest import words

PAGE = "/quan-tri/vai-tro/quyen-chua-ai-co/"
# Asked for by code, and held otherwise than by a role.
NOT_BY_ROLE: set[str] = set()


def without(code):
    for role in Role.objects.filter(permissions__contains=[code]):
        role.permissions = [one for one in role.permissions if one != code]
        role.save()


@pytest.mark.django_db
def test_what_no_role_holds_is_said_and_given_by_consent(province, seat):
    assert unheld_permissions() == []
    without("absence.mark")
    finding = next(found for check, found in examine() if check.code == "permissions")
    assert not finding.is_well
    client = seat("quantri")
    shown = words(client.get(PAGE))
    assert "absence.mark" in shown
    assert "Thêm vào “Lãnh đạo phòng”" in shown
    assert "1 quyền chưa vai trò nào có" in words(client.get("/quan-tri/suc-khoe/"))
    client.post(f"{PAGE}them/", {"quyen": "absence.mark", "vai_tro": "division_head"})
    assert "absence.mark" in Role.objects.get(code="division_head").permissions
    assert "absence.mark" not in Role.objects.get(code="committee_leader").permissions
    assert RightsNotice.objects.exists()
    assert AuditEntry.objects.filter(verb="role.changed").exists()
    assert "Quyền nào cũng đã có vai trò giữ" in words(client.get(PAGE))


@pytest.mark.django_db
def test_only_who_defines_roles_gives_and_only_what_is_ready_made(province, seat):
    without("absence.mark")
    sent = {"quyen": "absence.mark", "vai_tro": "division_head"}
    for who in ("soan.thutuc", "motcua.dinhson", "congdan"):
        assert seat(who).get(PAGE).status_code == 403
        assert seat(who).post(f"{PAGE}them/", sent).status_code == 403
    for wrong in ({"quyen": "audit.read", "vai_tro": "specialist"}, {"quyen": "x", "vai_tro": "y"}, {}):
        assert seat("quantri").post(f"{PAGE}them/", wrong).status_code == 404
    assert "absence.mark" not in Role.objects.get(code="division_head").permissions


def asked_codes():
    """Codes that the product asks of a position: in ``holds``, ``may_at`` and ``coverage``."""
    found = {}
    for path in Path("dinh").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            at = {"holds": 0, "may_at": 1, "coverage": 1}.get(name)
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                found.setdefault(node.args[at].value, str(path))
    return found


def test_every_permission_that_is_asked_for_is_in_a_ready_made_role():
    ready = {code for role in ROLES for code in role.permissions}
    missing = {code: place for code, place in asked_codes().items() if code not in ready | NOT_BY_ROLE}
    assert missing == {}
    assert ready - set(all_permissions()) <= set(asked_codes()) | ready
