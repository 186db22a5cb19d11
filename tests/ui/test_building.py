"""Forms built by small changes: whatever is done, a form comes out, and what was not touched stays."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.ui.public import (
    KINDS,
    FieldSpec,
    add_field,
    add_page,
    can_hold,
    change_field,
    check_definition,
    field_spec,
    layout,
    move_field,
    move_page,
    name_for,
    outline,
    remove_field,
    remove_page,
    unreachable,
    uses_of,
)
from dinh.foundation.ui.rules.forms.building import MOST_FIELDS, FormTooLarge, PageNotEmpty
from dinh.kernel.errors import NotFound

EMPTY: dict[str, Any] = {
    "type": "object",
    "properties": {},
    "required": [],
    "ui": {"order": [], "pages": [{"key": "mot", "label": "Một", "fields": []}]},
}


def spec(kind: str, label: str = "Câu hỏi", **more: Any) -> FieldSpec:
    choices = (("a", "A"), ("b", "B")) if "choices" in KINDS[kind].asks else ()
    return FieldSpec(kind=kind, label=label, choices=choices, **more)


def form_with(*specs: FieldSpec) -> dict[str, Any]:
    form = EMPTY
    for one in specs:
        form, _path = add_field(form, one, page="mot")
    return form


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_makes_a_sound_field_that_reads_back_the_same(kind: str) -> None:
    limits = {"least": 1, "most": 9} if {"length", "range", "rows"} & KINDS[kind].asks else {}
    wanted = spec(kind, required="required" in KINDS[kind].asks, help="Giải thích", **limits)
    form, path = add_field(EMPTY, wanted, page="mot")
    if kind in ("group", "list"):
        form, _inner = add_field(form, spec("text", "Bên trong"), group=path)
    assert check_definition(form) == []
    assert field_spec(form, path) == wanted
    assert layout(form, {}, choices={"communes": []}).nodes[0].label == "Câu hỏi"


def paths_of(form: dict[str, Any]) -> list[str]:
    return [line.path for page in outline(form) for line in page.fields]


@st.composite
def changes(draw: Any) -> list[tuple[str, int, int]]:
    what = st.sampled_from(["add", "into", "page", "up", "down", "remove", "kind", "page_up", "page_gone"])
    return draw(st.lists(st.tuples(what, st.integers(0, 30), st.integers(0, 30)), max_size=25))


@given(changes())
def test_any_changes_leave_a_form_whose_pages_hold_each_field_once(done: list[tuple[str, int, int]]) -> None:
    form = EMPTY
    kinds = sorted(KINDS)
    for what, one, other in done:
        pages = [page.key for page in outline(form)]
        paths = paths_of(form)
        path = paths[one % len(paths)] if paths else ""
        holders = [line.path for page in outline(form) for line in page.fields
                   if line.spec.kind in ("group", "list") and line.depth < 1]  # fmt: skip
        if what == "add":
            form, _ = add_field(form, spec(kinds[other % len(kinds)]), page=pages[one % len(pages)])
        elif what == "into" and holders:
            simple = [kind for kind in kinds if kind not in ("group", "list")]
            form, _ = add_field(form, spec(simple[other % len(simple)]), group=holders[one % len(holders)])
        elif what == "page" and len(pages) < 6:
            form, _ = add_page(form, label="Phần")
        elif what in ("up", "down") and path:
            form = move_field(form, path, -1 if what == "up" else 1)
        elif what == "remove" and path:
            form = remove_field(form, path)
        elif what == "kind" and path and "." not in path:
            form = change_field(form, path, spec(kinds[other % len(kinds)]))
        elif what == "page_up":
            form = move_page(form, pages[one % len(pages)], -1)
        elif what == "page_gone" and len(pages) > 1:
            with contextlib.suppress(PageNotEmpty):
                form = remove_page(form, pages[one % len(pages)])
    placed = [name for page in form["ui"]["pages"] for name in page["fields"]]
    assert sorted(placed) == sorted(form["properties"])
    assert form["ui"]["order"] == placed
    faults = [fault for fault in check_definition(form) if "chưa có câu hỏi nào" not in fault]
    assert faults == []


def test_keywords_that_no_screen_offers_stay_when_a_field_is_changed() -> None:
    form = form_with(spec("phone"))
    field = form["properties"]["cau_hoi"]
    field |= {"pattern": "^0", "maxLength": 10, "$comment": "x"}
    field["ui"] |= {"messages": {"pattern": "Bắt đầu bằng 0."}, "width": "10"}
    changed = change_field(form, "cau_hoi", spec("phone", "Tên mới"))["properties"]["cau_hoi"]
    assert {"pattern": "^0", "maxLength": 10, "$comment": "x"}.items() <= changed.items()
    assert changed["ui"] == {
        "label": "Tên mới",
        "widget": "phone",
        "messages": {"pattern": "Bắt đầu bằng 0."},
        "width": "10",
    }


def test_a_field_keeps_its_name_when_its_words_change_and_names_never_meet() -> None:
    form = form_with(spec("text", "Họ và tên"), spec("text", "Họ và tên"))
    assert paths_of(form) == ["ho_va_ten", "ho_va_ten_2"]
    assert paths_of(change_field(form, "ho_va_ten", spec("text", "Tên"))) == ["ho_va_ten", "ho_va_ten_2"]
    assert name_for("123 !", set(), fallback="x") == "x"


def test_a_group_that_becomes_a_list_keeps_its_questions() -> None:
    form, path = add_field(EMPTY, spec("group", "Chủ hộ"), page="mot")
    form, _ = add_field(form, spec("text", "Tên"), group=path)
    assert paths_of(change_field(form, path, spec("list", "Chủ hộ"))) == ["chu_ho", "chu_ho.ten"]


def test_a_field_moves_over_the_end_of_its_page() -> None:
    form, second = add_page(form_with(spec("text", "A"), spec("text", "B")), label="Hai")
    moved = move_field(form, "b", 1)
    assert [[line.path for line in page.fields] for page in outline(moved)] == [["a"], ["b"]]
    assert [page.key for page in outline(moved)] == ["mot", second]
    assert paths_of(move_field(moved, "b", -1)) == ["a", "b"]


def test_what_is_not_there_and_what_is_too_much_is_refused() -> None:
    form = form_with(spec("text"))
    for broken in (
        lambda: change_field(form, "khong_co", spec("text")),
        lambda: remove_field(form, "cau_hoi.ben_trong"),
        lambda: add_field(form, spec("text"), page="khong_co"),
        lambda: add_field(form, spec("text"), group="cau_hoi"),
    ):
        with pytest.raises(NotFound):
            broken()
    full = form_with(*(spec("text") for _ in range(MOST_FIELDS)))
    with pytest.raises(FormTooLarge):
        add_field(full, spec("text"), page="mot")


CHOICE = spec("choice", "Loại")
AGE = spec("whole", "Tuổi", required=True, least=0, most=120)


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ({"field": "loai", "is": "a"}, True),
        ({"field": "loai", "is": "khong_co"}, False),
        ({"all": [{"field": "loai", "is": "a"}, {"field": "loai", "is": "b"}]}, False),
        ({"any": [{"field": "loai", "is": "c"}, {"field": "loai", "is": "b"}]}, True),
        ({"all": [{"field": "tuoi", "at_least": 18}, {"field": "tuoi", "at_most": 17}]}, False),
        ({"all": [{"field": "tuoi", "at_least": 18}, {"field": "tuoi", "at_most": 18}]}, True),
        ({"field": "tuoi", "at_least": 121}, False),
        ({"field": "tuoi", "given": False}, False),
        ({"field": "loai", "given": False}, True),
        ({"not": {"field": "tuoi", "at_least": 0}}, False),
    ],
)
def test_a_condition_that_no_answers_fulfil_is_known(condition: dict[str, Any], possible: bool) -> None:
    assert can_hold(form_with(CHOICE, AGE), condition) is possible


def test_fields_that_nobody_can_fill_are_named() -> None:
    hidden = {"field": "loai", "is": "a"}
    never = {"all": [{"field": "khi_a", "given": True}, {"field": "loai", "is": "b"}]}
    form = form_with(
        CHOICE,
        spec("text", "Khi A", show_if=hidden),
        spec("text", "Khi A và B", show_if=never),
        spec("text", "Sau đó", show_if={"field": "khi_a_va_b", "given": True}),
    )  # fmt: skip
    assert check_definition(form) == []
    assert unreachable(form) == ["khi_a_va_b", "sau_do"]
    assert uses_of(form, "khi_a") == ["Khi A và B"]


def test_several_chosen_are_compared_one_by_one() -> None:
    form = form_with(spec("choices", "Nhiều"))
    assert can_hold(form, {"field": "nhieu", "is": "a"})
    assert can_hold(form, {"all": [{"field": "nhieu", "is": "a"}, {"field": "nhieu", "is": "b"}]})
