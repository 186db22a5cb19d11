"""Every key of a definition is set on a screen of the workshop, or stands here with the reason why not."""

import copy
import types
import typing
from typing import Any

import msgspec
import pytest

from dinh.foundation.ui.rules.forms.checking import _SENTENCES
from dinh.foundation.ui.rules.forms.field_rules import FIELD_RULES
from dinh.foundation.ui.rules.forms.kinds import KINDS, MESSAGES
from dinh.foundation.ui.rules.forms.publishing import FIELD_KEYS
from dinh.foundation.ui.rules.forms.shape import PAGE_KEYS, UI_KEYS
from dinh.onestop.models import ProcedureVersion
from dinh.onestop.public import asked_of, compare
from dinh.onestop.rules.definition import Definition, DefinitionUnreadable, read_definition
from dinh.workspace.views.workshop.exchange import _field_words
from tests.ui.conftest import SentForm
from tests.workspace.test_workshop import Shop, shop

__all__ = ["shop"]

pytestmark = pytest.mark.django_db

ASKED = {"field": "loai", "is": "b"}
TEN = {"field": "so", "at_least": 10}


def rows(name: str, asked: str = "loai", how: str = "is", answer: str = "B") -> dict[str, str]:
    """One row of a condition as a browser sends it."""
    return {f"{name}.0.cau_hoi": asked, f"{name}.0.phep": how, f"{name}.0.tra_loi": answer}


def draft(shop: Shop) -> None:
    """A draft with one of each part, and nothing set that need not be."""
    version = ProcedureVersion.objects.get(pk=shop.version.pk)
    choice = {"type": "string", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]}
    version.definition |= {
        "form": {
            "type": "object",
            "properties": {
                "loai": {**choice, "ui": {"label": "Loại"}},
                "so": {"type": "integer", "ui": {"label": "Số", "widget": "number"}},
                "so_hai": {"type": "integer", "ui": {"label": "Số hai", "widget": "number"}},
                "ten": {"type": "string", "ui": {"label": "Tên", "widget": "text"}},
                "ngay": {"type": "string", "ui": {"label": "Ngày", "widget": "date"}},
                "ngay_hai": {"type": "string", "ui": {"label": "Ngày hai", "widget": "date"}},
                "dinh_danh": {"type": "string", "ui": {"label": "Của ai", "widget": "identity_number"}},
                "dinh_danh_hai": {"type": "string", "ui": {"label": "Ai", "widget": "identity_number"}},
                "xa": {"type": "string", "ui": {"label": "Xã", "widget": "select", "source": "communes"}},
                "nhom": {"type": "array", "ui": {"label": "Nhóm", "widget": "list"},
                         "items": {"type": "object", "properties": {}}},
            },
            "required": [],
            "ui": {"pages": [
                {"key": "mot", "label": "Một", "fields": ["loai", "so", "so_hai"]},
                {"key": "hai", "label": "Hai", "fields": [
                    "ten", "ngay_hai", "ngay", "xa", "dinh_danh", "dinh_danh_hai", "nhom",
                ]},
            ]},
        },
        "documents": [{"key": "don", "name": "Đơn"}, {"key": "ban_ve", "name": "Bản vẽ", "accept": ["pdf"]}],
        "fees": [{"key": "phi", "name": "Phí", "amount": 1, "kind": "le_phi"}],
        "exemptions": [{"key": "ngheo", "name": "Hộ nghèo", "proof": "Giấy"}],
        "further_results": [
            {"key": "them", "name": "Thêm", "template": "composed", "notation": "T", "matter": "x"}
        ],
        "result": {
            "name": "Kết quả", "template": "composed", "notation": "KQ", "matter": "x",
            "fields": [{"name": "dong", "label": "Dòng"}, {"name": "den", "label": "Đến", "kind": "date"},
                       {"name": "ma", "label": "Mã", "source": "loai"},
                       {"name": "he_so", "label": "Hệ số", "kind": "number"},
                       {"name": "tran", "label": "Trần", "kind": "number"}],
        },
    }  # fmt: skip
    version.save()


STEP = {"ten": "Soát", "loai": "review", "vai_tro": "specialist", "noi": "inside", "phong": "BPMC",
        "gio": "3", "huong_dan": "Xem kỹ", "cho": "true", "nguoi_cu": "tiep_nhan", "giao": "least_open",
        "tam_dung": "true", "tra_loi": "true", "gap": "inspection", "gap_ai": "Chủ hộ", "gap_ngay": "ngay",
        "gap_noi": "ten"}  # fmt: skip
QUESTION = "to-khai/cau-hoi/"
RESULT = {"ten": "Giấy", "ky_hieu": "G", "loai_viec": "y", "mau": "composed"}
LINES = {"muc.0.nhan": "Dòng", "muc.0.ten": "dong", "muc.1.nhan": "Đến", "muc.1.ten": "den",
         "muc.1.loai": "date"}  # fmt: skip
# Where it is typed, what is sent, where it lies, and what then stands there under each key.
CASES: list[tuple[str, dict[str, Any], tuple[str | int, ...], dict[str, Any]]] = [
    ("phan/giay-to/don/",
     {"ten": "Đơn mới", "giai_thich": "Ai cấp", "nguon": "form", "ban_chinh": "2", "ban_sao": "3",
      "tuy_y": "true", "loai_tep": "docx", "dung_lai": "6", "so_trang": "so", **rows("can")},
     ("documents", 0),
     {"name": "Đơn mới", "help": "Ai cấp", "origin": "form", "originals": 2, "copies": 3, "optional": True,
      "accept": ["docx"], "several": False, "valid_months": 6, "pages": "so", "required_if": ASKED}),
    ("phan/le-phi/phi/",
     {"ten": "Phí mới", "loai": "phi", "muc": "5", "can_cu": "NQ", "han": "result", "dem": "so",
      "don_vi": "bản", "mien_dau": "1", "muc_sau_tu": "3", "muc_sau": "2", "toi_da": "9", "so_ban": "so_hai",
      "giam.0.ten": "Trẻ", "giam.0.phan_tram": "10", "giam.0.cach": "online", "giam.0.can_cu": "QĐ",
      **rows("giam.0.khi"), "giam.1.ten": "Già", "giam.1.so_tien": "1", **rows("thu")},
     ("fees", 0),
     {"name": "Phí mới", "kind": "phi", "amount": 5, "basis": "NQ", "due": "result", "copies": "so_hai",
      "when": ASKED, "per.field": "so", "per.word": "bản", "per.free": 1, "per.then_from": 3, "per.then": 2,
      "per.most": 9, "reductions.0.name": "Trẻ", "reductions.0.percent": 10,
      "reductions.0.channel": "online", "reductions.0.basis": "QĐ", "reductions.0.when": ASKED,
      "reductions.1.less": 1}),
    ("phan/mien-giam/ngheo/",
     {"ten": "Cận nghèo", "chung_minh": "Sổ", "phan_tram": "50", "can_cu": "Luật", "khoan": "phi"},
     ("exemptions", 0),
     {"name": "Cận nghèo", "proof": "Sổ", "percent": 50, "basis": "Luật", "fees": ["phi"]}),
    ("phan/buoc/thu_ly/", STEP, ("steps", 1),
     {"name": "Soát", "kind": "review", "role": "specialist", "unit.where": "inside",
      "unit.abbreviation": "BPMC", "hours": 3, "instruction": "Xem kỹ", "joins": True,
      "same_person": "tiep_nhan", "assign": "least_open", "pauses": True, "answers": True,
      "meets.kind": "inspection", "meets.people": "Chủ hộ", "meets.wished": "ngay", "meets.place": "ten"}),
    ("phan/buoc/ky/", {**STEP, "noi": "field", "truong": "xa"}, ("steps", 2), {"unit.field": "xa"}),
    ("quy-trinh/thu_ly/huong/trinh_ky/",
     {"nhan": "Đi tiếp", "toi": "tu_choi", "can": "reason", "tra_lai": "true", **rows("khi")},
     ("steps", 1, "outcomes", 0),
     {"label": "Đi tiếp", "to": ["tu_choi"], "needs": ["reason"], "back": True, "when": ASKED}),
    ("ket-qua/",
     {**RESULT, "hieu_luc": "12", "muc.0.nhan": "Dòng mới", "muc.0.ten": "dong", "muc.0.nguon": "loai",
      "muc.0.loai": "choice", "muc.0.lua_chon": "Một\nHai", "muc.0.trong": "true", "muc.0.giai_thich": "Nhớ",
      "muc.1.nhan": "Đến", "muc.1.ten": "den", "muc.1.loai": "date", "muc.2.nhan": "Chữ", "muc.2.ten": "chu",
      "muc.2.loai": "date_words", "muc.2.ngay_cua": "den", "muc.3.nhan": "Dài", "muc.3.loai": "textarea",
      "muc.4.nhan": "Ảnh", "muc.4.loai": "picture", "muc.4.anh_tu": "don",
      "dung_dau": "true", "cap_cho.0.cau": "ten",
      "kem.0.ten": "Bản vẽ", "kem.0.giay_to": "ban_ve", "kem.0.co_the_khong": "true",
      "doan.0.loai": "fact", "doan.0.nhan": "Cấp cho",
      "doan.0.chu": "{dong}"},
     ("result",),
     {"name": "Giấy", "notation": "G", "matter": "y", "valid_months": 12, "fields.0.label": "Dòng mới",
      "fields.0.source": "loai", "fields.0.kind": "choice", "fields.0.choices": ["Một", "Hai"],
      "fields.0.optional": True, "fields.0.help": "Nhớ", "fields.2.of": "den", "fields.3.long": True,
      "fields.4.document": "don",
      "fields.3.name": "dai", "by_head": True,
      "recipients": ["ten"], "encloses.0.name": "Bản vẽ", "encloses.0.document": "ban_ve",
      "encloses.0.optional": True,
      "body.0.kind": "fact", "body.0.label": "Cấp cho", "body.0.text": "{dong}"}),
    ("ket-qua/", {**RESULT, "mau": "marital_status", **LINES}, ("result",), {"template": "marital_status"}),
    ("ket-qua/them/", {**RESULT, "so_ban": "so", **rows("khi")}, ("further_results", 0),
     {"copies": "so", "when": ASKED}),
    ("muc-ket-qua/ma/", {"ma_luu": "true"}, ("result", "fields", 2), {"stored": True}),
    ("muc-ket-qua/dong/", {"mac_dinh": "Không", "xa": "xa", **rows("can")}, ("result", "fields", 0),
     {"default": "Không", "area": "xa", "required_if": ASKED}),
    ("muc-ket-qua/den/", {"tu_nay": "true", "den_nay": "true", "hieu_luc": "nam", "so_nam": "3"},
     ("result", "fields", 1), {"not_before": "today", "not_after": "today", "validity.years": 3}),
    ("muc-ket-qua/den/",
     {"hieu_luc": "theo", "theo_cau": "loai", "bang_nam.0.tra_loi": "A", "bang_nam.0.nam": "5"},
     ("result", "fields", 1), {"validity.by": "loai", "validity.table": {"a": 5}}),
    ("muc-ket-qua/he_so/", {"it_nhat": "1", "nhieu_nhat": "3,5", "khong_qua": "tran", "khong_duoi": "tran"},
     ("result", "fields", 3), {"minimum": 1, "maximum": 3.5, "not_above": "tran", "not_below": "tran"}),
    ("thong-tin/",
     {"ten": "Tên thủ tục mới", "ten_ngan": "Tên ngắn", "tom_tat": "Tóm tắt", "cap": "province",
      "loai_co_quan": "department", "co_quan": "STP", "ma_linh_vuc": "H1", "linh_vuc": "Y tế",
      "noi_nhan": "department", "noi_nhan_co_quan": "CAT", "muc_do": "partial", "kenh": "post",
      "don_vi_thoi_han": "hours", "thoi_han": "9", "thoi_han_truc_tuyen": "8", "so_bo": "2",
      "doi_tuong.0.chu": "Dân", "trinh_tu.0.chu": "Nộp", "yeu_cau.0.chu": "Đủ tuổi", "can_cu.0.so": "1/QH",
      "can_cu.0.ten": "Luật", "su_kien.0.chu": "Có con", "tu_khoa": "thẻ"},
     (),
     {"name": "Tên thủ tục mới", "short_name": "Tên ngắn", "summary": "Tóm tắt", "level": "province",
      "agency.kind": "department", "agency.abbreviation": "STP", "field.code": "H1", "field.name": "Y tế",
      "reception.kind": "department", "reception.abbreviation": "CAT", "service_class": "partial",
      "channels": ["post"], "time_limit.unit": "hours", "time_limit.amount": 9, "time_limit.online": 8,
      "copies": 2, "audience": ["Dân"], "sequence": ["Nộp"], "requirements": ["Đủ tuổi"],
      "basis.0.number": "1/QH", "basis.0.name": "Luật", "life_events": ["Có con"], "keywords": ["thẻ"]}),
    (f"{QUESTION}ten/",
     {"nhan": "Tên mới", "kieu": "text", "giai_thich": "Nhớ", "it_nhat": "2", "nhieu_nhat": "9",
      "dang": "^A", "cau_rieng.0.khi": "pattern", "cau_rieng.0.chu": "Bắt đầu bằng A.", "chu_mo": "A1",
      "goi_y": "name", "be_rong": "20", "dien_san": "applicant.full_name", **rows("hien"),
      **rows("bat_buoc_khi")},
     ("form", "properties", "ten"),
     {"minLength": 2, "maxLength": 9, "pattern": "^A", "ui.label": "Tên mới", "ui.help": "Nhớ",
      "ui.messages": {"pattern": "Bắt đầu bằng A."}, "ui.placeholder": "A1", "ui.autocomplete": "name",
      "ui.width": "20", "ui.prefill": "applicant.full_name", "ui.show_if": ASKED, "ui.required_if": ASKED}),
    (f"{QUESTION}so_hai/",
     {"nhan": "Số hai", "kieu": "whole", "it_nhat": "1", "nhieu_nhat": "9", "lon_hon": "0", "nho_hon": "10",
      "boi_so": "3", "don_vi": "m", "luat_not_above": "so", "luat_not_below": "so",
      **rows("luat_refuse_if", "so", "at_least", "10"), "luat_refuse_if_cau": "Hãy hỏi."},
     ("form", "properties", "so_hai"),
     {"minimum": 1, "maximum": 9, "exclusiveMinimum": 0, "exclusiveMaximum": 10, "multipleOf": 3,
      "ui.suffix": "m", "ui.not_above": "so", "ui.not_below": "so", "ui.refuse_if": TEN}),
    (f"{QUESTION}ngay/",
     {"nhan": "Ngày", "kieu": "date", "tu_ngay": "01/01/2000", "den_ngay": "hôm nay", "luat_least_age": "18",
      "luat_within_days": "60", "luat_within_days_cau": "Trễ.", **rows("luat_within_unless")},
     ("form", "properties", "ngay"),
     {"ui.not_before": "2000-01-01", "ui.not_after": "today", "ui.least_age": 18, "ui.within_days": 60,
      "ui.within_unless": ASKED}),
    (f"{QUESTION}ngay/",
     {"nhan": "Ngày", "kieu": "date", "luat_within_months": "3", "luat_within_months_cau": "Trễ."},
     ("form", "properties", "ngay"), {"ui.within_months": 3}),
    (f"{QUESTION}ngay/",
     {"nhan": "Ngày", "kieu": "date", "luat_under_age": "6", "luat_under_age_cau": "Quá tuổi.",
      "luat_workday": "true", "luat_older_than": "ngay_hai", "luat_older_by": "10"},
     ("form", "properties", "ngay"),
     {"ui.under_age": 6, "ui.workday": True, "ui.older_than": "ngay_hai", "ui.older_by": 10}),
    (f"{QUESTION}ngay/", {"nhan": "Ngày", "kieu": "date", "luat_working_days_ahead": "7"},
     ("form", "properties", "ngay"), {"ui.working_days_ahead": 7}),
    (f"{QUESTION}dinh_danh_hai/",
     {"nhan": "Ai", "kieu": "identity_number", "luat_born_in": "ngay", "luat_sex_in": "loai",
      "luat_sex_is": "nu", "luat_unlike": "dinh_danh"},
     ("form", "properties", "dinh_danh_hai"),
     {"ui.born_in": "ngay", "ui.sex_in": "loai", "ui.sex_is": "nu", "ui.unlike": "dinh_danh"}),
    (f"{QUESTION}ten/", {"nhan": "Tên", "kieu": "text", "luat_written_as": "person_name"},
     ("form", "properties", "ten"), {"ui.written_as": "person_name"}),
    (f"{QUESTION}loai/",
     {"nhan": "Loại", "kieu": "choice", "bay_ra": "select", "bat_buoc": "true", "lua_chon.0.chu": "Một",
      "lua_chon.0.ma": "a", "lua_chon.0.giai_thich": "Rẻ"},
     ("form", "properties", "loai"),
     {"oneOf": [{"const": "a", "title": "Một", "description": "Rẻ"}], "ui.widget": "select"}),
    (f"{QUESTION}nhom/",
     {"nhan": "Nhóm", "kieu": "list", "it_nhat": "1", "nhieu_nhat": "4", "ten_dong": "Người"},
     ("form", "properties", "nhom"), {"minItems": 1, "maxItems": 4, "ui.item": "Người"}),
    ("to-khai/phan/hai/",
     {"nhan": "Phần hai", "giai_thich": "Đọc", **rows("hien"), "luat_at_least_one": ["ten", "ngay"],
      "luat_at_least_one_ten": "Một trong"},
     ("form", "ui", "pages", 1),
     {"label": "Phần hai", "help": "Đọc", "show_if": ASKED,
      "at_least_one": {"fields": ["ten", "ngay"], "label": "Một trong"}}),
]  # fmt: skip
# Keys that no screen sets, each with its reason.
ELSEWHERE = {
    "code": "the procedure's own, given when it begins",
    "documents.blank": "the identifier of a file: it is uploaded, see test_workshop",
    **dict.fromkeys(
        ("documents.key", "fees.key", "exemptions.key", "steps.key", "steps.outcomes.key", "result.key",
         "result.encloses.key", "form.pages.key"),
        "made of the first words and kept, so that what refers to it goes on to find it",
    ),
    "form.pages.fields": "the order of questions: buttons move them",
    **dict.fromkeys(
        ("type", "format", "items", "properties", "required", "enum", "ui", "source", "order", "title"),
        "what the chosen kind, the button that moves, or a tick says",
    ),
    "const": "a kind of tick that has to be set says it",
    "uniqueItems": "of several choices none counts twice, whatever is said",
    **dict.fromkeys(
        ("description", "default", "additionalProperties", "$schema", "$id", "$comment"),
        "words for whoever writes files: no screen and no check reads them",
    ),
}  # fmt: skip


def keys_of(part: Any, before: str = "") -> set[str]:
    """The dotted names of all that a part of a definition may say; of several results those of one."""
    found = set()
    for one in msgspec.structs.fields(part):
        name = f"{before}{one.name}"
        if name in ("form", "further_results"):
            continue
        inner = [
            kind for kind in _kinds(one.type) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        ]
        found |= keys_of(inner[0], f"{name}.") if inner else {name}
    return found


def _kinds(kind: Any) -> list[Any]:
    inner = [one for part in typing.get_args(kind) for one in _kinds(part)]
    return [kind, *inner] if not isinstance(kind, types.UnionType) else inner


def name_of(path: tuple[str | int, ...], key: str) -> str:
    """The name of a key as ``keys_of`` gives it; of a form's field the key alone."""
    if path[:2] == ("form", "properties"):
        return key.removeprefix("ui.")
    name = ".".join(part for part in [*map(str, path), *key.split(".")] if not part.isdigit())
    return name.replace("form.ui.pages", "form.pages").replace("further_results", "result")


def test_every_key_of_a_definition_is_set_on_a_screen_or_stands_here_with_its_reason() -> None:
    known = keys_of(Definition) | {f"form.pages.{key}" for key in PAGE_KEYS} | FIELD_KEYS | UI_KEYS
    tried = {name_of(path, key) for _place, _sent, path, said in CASES for key in said}
    assert known - tried - set(ELSEWHERE) == set()
    assert (tried | set(ELSEWHERE)) - known == set()
    assert not tried & set(ELSEWHERE)
    assert set(_SENTENCES) - {"uniqueItems"} <= set(MESSAGES) | {rule.key for rule in FIELD_RULES}
    assert all(rule.on <= set(KINDS) for rule in FIELD_RULES)


def value_at(data: Any, path: list[str | int]) -> Any:
    for step in path:
        at = int(step) if isinstance(data, list) else step
        data = data[at] if (isinstance(data, list) and at < len(data)) or (at in data) else {}
    return data


def without(after: Any, before: Any, path: list[str | int]) -> dict[str, Any]:
    """The definition after a change, with what stands at one place as it was before."""
    changed = copy.deepcopy(after)
    *holders, last = path
    holder, was = value_at(changed, holders), value_at(before, path)
    if isinstance(holder, list):
        holder[int(last)] = was
    elif was == {}:
        holder.pop(last)
    else:
        holder[last] = was
    return dict(changed)


def sent_again(page: str) -> dict[str, list[str]]:
    """What the editor's form on a page sends when nothing in it is changed."""
    form = SentForm()
    form.feed(page.partition('<div class="workshop-edit">')[2].partition("</form>")[0])
    found: dict[str, list[str]] = {}
    for name, value in form.pairs:
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name != "ban"}


def test_what_is_typed_is_kept_shown_again_and_told_when_versions_are_compared(shop: Shop) -> None:
    """One after the other in one test: each needs the same province, and takes a moment."""
    untold: list[str] = []
    for place, sent, path, said in CASES:
        draft(shop)
        before = copy.deepcopy(shop.data())
        shop.saved(place, **sent)
        after = shop.data()
        for key, value in said.items():
            at = [*path, *key.split(".")]
            assert value_at(after, at) == value, (place, key)
            assert value_at(before, at) != value, (place, key)
            try:
                other = read_definition(without(after, before, at))
            except DefinitionUnreadable:
                continue
            if not compare(other, read_definition(after), fields=_field_words, asked=asked_of):
                untold.append(f"{place} {name_of(path, key)}")
        shop.saved(place, **sent_again(shop.get(place).content.decode()))
        assert read_definition(shop.data()) == read_definition(after), place
    assert untold == []
