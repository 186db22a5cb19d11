"""Who may stand for whom, and what must be told of the one who is stood for.

Civil Code 2015 Art. 134 to 141: a representative by law (a business's, a child's parent or guardian) or by
authorisation, within its period; the paper that proves it goes with every dossier.
"""

import datetime as dt
import re
from collections.abc import Mapping

from dinh.kernel.contacts import is_email, is_identity_number, national_number
from dinh.kernel.errors import N_, Refused

__all__ = [
    "PROOF_MISSING",
    "REPRESENTED_KINDS",
    "RELATIONS",
    "RepresentationEnded",
    "check_party",
    "is_tax_code",
    "relation_label",
    "relations_of",
]

REPRESENTED_KINDS = {"business": N_("Doanh nghiệp, tổ chức, hộ kinh doanh"), "relative": N_("Người thân")}
# Each relation with the kind of party to which it leads, and its words.
RELATIONS = {
    "legal": ("business", N_("người đại diện theo pháp luật")),
    "staff": ("business", N_("người được ủy quyền")),
    "parent": ("relative", N_("cha, mẹ của người chưa thành niên")),
    "guardian": ("relative", N_("người giám hộ")),
    "family": ("relative", N_("người thân được ủy quyền")),
}
PROOF_MISSING = N_("Hãy tải lên giấy ủy quyền, giấy chứng nhận đăng ký hoặc giấy tờ chứng minh quan hệ.")
_TAX_CODE = re.compile(r"[0-9]{10}(-[0-9]{3})?")
_LONGEST = 200


class RepresentationEnded(Refused):
    message = N_(
        "Việc đại diện cho “%(name)s” đã chấm dứt hoặc hết hạn nên không nộp thay được nữa."
        " Hãy khai lại việc đại diện với giấy tờ còn hiệu lực, rồi bắt đầu hồ sơ mới."
    )


def is_tax_code(text: str) -> bool:
    """Whether this has the form of a tax code: ten digits, or ten digits, a dash and three."""
    return _TAX_CODE.fullmatch(text) is not None


def relations_of(kind: str) -> list[tuple[str, str]]:
    """Return ``(code, label)`` of the relations in which a kind of party is represented."""
    return [(code, label) for code, (of, label) in RELATIONS.items() if of == kind]


def relation_label(code: str) -> str:
    """Return the words of a relation, a key of the catalogue."""
    return RELATIONS[code][1]


def check_party(values: Mapping[str, str], *, until_on: dt.date | None, today: dt.date) -> dict[str, Refused]:
    """Return what is wrong with a party and its representation, by field; empty when all is right.

    ``values``: kind, relation, name, identity, phone, email, address.
    """
    wrong: dict[str, Refused] = {}
    kind, relation = values.get("kind", ""), values.get("relation", "")
    if kind not in REPRESENTED_KINDS:
        wrong["kind"] = Refused(N_("Hãy chọn Ông/Bà nộp thay cho ai."))
    elif RELATIONS.get(relation, ("", ""))[0] != kind:
        wrong["relation"] = Refused(N_("Hãy chọn Ông/Bà đại diện với tư cách gì."))
    if not values.get("name", "").strip():
        wrong["name"] = Refused(N_("Hãy ghi tên doanh nghiệp hoặc họ và tên người được đại diện."))
    identity = values.get("identity", "")
    if kind == "business" and not is_tax_code(identity):
        wrong["identity"] = Refused(
            N_("Mã số thuế có 10 chữ số, hoặc 10 chữ số, dấu gạch ngang và 3 chữ số.")
        )
    if kind == "relative" and not is_identity_number(identity):
        wrong["identity"] = Refused(
            N_("Số định danh cá nhân có đúng 12 chữ số; trẻ em thì ghi trong giấy khai sinh.")
        )
    if values.get("phone") and not national_number(values["phone"]):
        wrong["phone"] = Refused(N_("Số điện thoại chưa đúng. Hãy nhập như 0912 345 678, hoặc để trống."))
    if values.get("email") and not is_email(values["email"]):
        wrong["email"] = Refused(
            N_("Địa chỉ thư điện tử chưa đúng. Hãy nhập như ten@example.vn, hoặc để trống.")
        )
    if until_on is not None and until_on < today:
        wrong["until_on"] = Refused(N_("Giấy tờ này đã hết hạn. Hãy dùng giấy tờ còn hiệu lực."))
    for name, value in values.items():
        if len(value) > _LONGEST:
            wrong[name] = Refused(N_("Nội dung quá dài: tối đa 200 ký tự."))
    return wrong
