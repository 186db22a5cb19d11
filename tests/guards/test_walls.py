"""What Import Linter cannot see: relations between tables, templates, addresses, edges."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from jinja2 import Environment, nodes

from tests.guards.rooms import PACKAGE, SPECIMENS, order, python_files, room_of, room_of_file, templates

# The parts of an address that vary: <uuid:id>, or a group of a regular expression and its ends.
VARIABLE = re.compile(r"<[a-z_:]+>|\(\?P<\w+>[^)]*\)|[\^$]")
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def relations() -> list[tuple[str, str, str, bool]]:
    """Each relation between our tables: its name, the two rooms, and whether its way back is hidden."""
    found = []
    for model in apps.get_models():
        source = room_of(model.__module__)
        for field in model._meta.get_fields():
            if not source or not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = room_of(field.related_model.__module__)
            hidden = field.remote_field.hidden
            found.append((f"{model._meta.label}.{field.name}", source, target, hidden))
    return found


def test_the_order_of_the_rooms_is_read_from_the_contracts() -> None:
    heights = order()
    assert heights["dinh.kernel"] < heights["dinh.foundation.ui"] < heights["dinh.foundation.actions"]
    assert heights["dinh.foundation.signing"] < heights["dinh.sso"] < heights["dinh.website"]
    assert heights["dinh.portal"] == heights["dinh.workspace"]
    assert room_of("dinh.foundation.actions.models") == "dinh.foundation.actions"


def test_foreign_keys_point_down() -> None:
    heights = order()
    wrong = [
        f"{name}: {source} → {target}"
        for name, source, target, _ in relations()
        if target and source != target and heights[target] >= heights[source]
    ]
    assert wrong == []


def test_nobody_below_sees_who_points_at_them() -> None:
    """Across rooms ``related_name="+"``: no ``_set``, no reverse lookup, so nothing leaks upwards."""
    wrong = [
        name for name, source, target, hidden in relations() if target and source != target and not hidden
    ]
    assert wrong == []


@pytest.mark.django_db
def test_every_change_of_a_table_has_its_migration() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def possible_names(node: nodes.Expr) -> list[str]:
    """Every template that an ``extends`` or ``include`` may mean; a name that is computed is none."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else list(node.value)
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        return possible_names(node.expr1) + possible_names(node.expr2)
    return ["(computed)"]


@pytest.mark.parametrize("template", templates(), ids=lambda path: path.name)
def test_templates_use_only_their_own_room_and_ui(template: Path) -> None:
    if template.name in SPECIMENS:
        return
    room = template.relative_to(PACKAGE).parts[: template.relative_to(PACKAGE).parts.index("templates")]
    if room[-1] == "website":
        return  # knows all others
    for node in JINJA.parse(template.read_text()).find_all(
        (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    ):
        for name in possible_names(node.template):
            assert name.split("/")[0] in {room[-1], "ui"}, f"line {node.lineno}: {name}"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, here)
        else:
            found.append((here, pattern))
    return found


def test_every_address_says_who_may_open_it() -> None:
    wrong = [
        address
        for address, pattern in addresses(get_resolver().url_patterns)
        if not hasattr(pattern.callback, "route_rule")
    ]
    assert wrong == []


def test_addresses_are_vietnamese_words_without_diacritics() -> None:
    wrong = [
        address
        for address, _ in addresses(get_resolver().url_patterns)
        if not re.fullmatch(r"[a-z0-9\-/.]*", re.sub(VARIABLE, "", address))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [path for path in python_files("views", "rest", "tasks", "handlers", "middleware") if room_of_file(path)],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_edges_hold_no_data_access(path: Path) -> None:
    forbidden = {"objects", "_base_manager", "_default_manager", "cursor", "select_for_update", "raw"}
    used = [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in forbidden
    ]
    assert used == []
