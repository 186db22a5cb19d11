"""Signing authority: marks, who may pass what on, and the lines above a signature. Pure.

Source: NĐ 30/2020/NĐ-CP, Art. 13 and Appendix I, part II, 7.a.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from dinh.kernel.errors import N_, Refused

__all__ = [
    "AuthorityGrant",
    "BadAuthority",
    "MARKS",
    "check_authority",
    "check_passing_on",
    "choose",
    "covers",
    "lines_of",
    "reaches",
]

# In the order of preference when several fit.
MARKS = ("", "TM.", "Q.", "KT.", "TL.", "TUQ.")


class BadAuthority(Refused):
    message = N_("Thẩm quyền ký này không hợp lệ. Hãy kiểm tra lại hình thức ký và căn cứ.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityGrant:
    """One authority to sign, as plain values. ``until_on`` is exclusive; ``matters`` are dotted codes.

    A matter ``onestop.result`` is covered by itself, by ``onestop`` and by ``*``. ``source`` is the
    authority that this one passes on.
    """

    id: UUID | None
    position_id: UUID
    unit_id: UUID
    mark: str
    collective: str
    on_behalf_of: str
    title: str
    matters: tuple[str, ...]
    from_on: dt.date
    until_on: dt.date | None
    basis: str
    source: "AuthorityGrant | None" = None


def covers(matters: Iterable[str], matter: str) -> bool:
    """Whether a set of matters covers one matter."""
    return _nearness(matters, matter) > 0


def _nearness(matters: Iterable[str], matter: str) -> int:
    """Return how exactly the matters name this one: 0 not at all, more for a longer name."""
    fits = [
        1 if own == "*" else 1 + len(own)
        for own in matters
        if own == "*" or own == matter or matter.startswith(f"{own}.")
    ]
    return max(fits, default=0)


def reaches(grant: AuthorityGrant, *, on: dt.date, matter: str) -> bool:
    """Whether the authority holds that day for that matter, and so does each one that it stands on."""
    return (
        grant.from_on <= on
        and (grant.until_on is None or on < grant.until_on)
        and covers(grant.matters, matter)
        and (grant.source is None or reaches(grant.source, on=on, matter=matter))
    )


def choose(grants: Iterable[AuthorityGrant], *, on: dt.date, matter: str) -> AuthorityGrant | None:
    """Return the authority to sign under: the one that names the matter most exactly, then by mark."""
    fitting = [grant for grant in grants if reaches(grant, on=on, matter=matter)]
    ranked = sorted(
        fitting,
        key=lambda grant: (
            -_nearness(grant.matters, matter),
            MARKS.index(grant.mark),
            grant.from_on,
            str(grant.id),
        ),
    )
    return ranked[0] if ranked else None


def lines_of(grant: AuthorityGrant, *, by_head: bool = False) -> list[str]:
    """Return the lines above the signature, in capitals, from the top.

    The vice chairman of a committee: ``TM. ỦY BAN NHÂN DÂN``, ``KT. CHỦ TỊCH``, ``PHÓ CHỦ TỊCH``.
    The deputy of one who signs by order: ``TL. CHỦ TỊCH``, ``KT. CHÁNH VĂN PHÒNG``, ``PHÓ CHÁNH VĂN PHÒNG``.

    ``by_head``: the act is the head's own and not the collective's, so nobody signs on behalf of that: the
    chairman ``CHỦ TỊCH``, the vice chairman ``KT. CHỦ TỊCH``, ``PHÓ CHỦ TỊCH``.
    """
    lines = _upper_lines(grant)
    if by_head:
        lines = [line for line in lines if not line.startswith("TM. ")]
    own = grant.title.upper()
    return [*lines, own] if grant.mark != "Q." else lines


def _upper_lines(grant: AuthorityGrant) -> list[str]:
    passed_down = grant.source is not None and grant.mark == "KT." and grant.source.mark == "TL."
    lines = _upper_lines(grant.source) if passed_down and grant.source else []
    if grant.collective and not passed_down:
        lines.append(f"TM. {grant.collective}".upper())
    if grant.mark in ("Q.", "KT.", "TL.", "TUQ."):
        lines.append(f"{grant.mark} {grant.on_behalf_of}".upper())
    return lines


def check_authority(grant: AuthorityGrant) -> None:
    """Check one authority by itself; raises ``BadAuthority`` at the field that is wrong.

    TM. needs the collective's name; Q., KT., TL. and TUQ. the title signed for; KT., TL., TUQ. and Q. a
    written basis; TUQ. also an end and named matters (Art. 13, clause 4).
    """
    if grant.mark not in MARKS:
        raise BadAuthority(N_("Không có hình thức ký này. Hãy chọn trong danh sách."), field="mark")
    if not grant.matters:
        raise BadAuthority(N_("Hãy chọn ít nhất một loại việc được ký."), field="matters")
    if grant.mark == "TM." and not grant.collective:
        raise BadAuthority(
            N_("Ký thay mặt (TM.) phải ghi tên tập thể, ví dụ Ủy ban nhân dân."), field="collective"
        )
    if grant.mark in ("Q.", "KT.", "TL.", "TUQ.") and not grant.on_behalf_of:
        raise BadAuthority(
            N_("Hãy ghi chức vụ của người được ký thay, ví dụ Chủ tịch."), field="on_behalf_of"
        )
    if grant.mark in ("Q.", "KT.", "TL.", "TUQ.") and not grant.basis:
        raise BadAuthority(
            N_("Hãy ghi văn bản làm căn cứ, ví dụ Quyết định số 12/QĐ-UBND ngày 05/01/2026."), field="basis"
        )
    if grant.mark == "TUQ." and (grant.until_on is None or "*" in grant.matters):
        raise BadAuthority(
            N_(
                "Ủy quyền (TUQ.) phải có thời hạn và nội dung cụ thể (Nghị định 30/2020/NĐ-CP, Điều 13)."
                " Hãy ghi ngày hết hạn và chọn từng loại việc."
            ),
            field="until_on" if grant.until_on is None else "matters",
        )
    if grant.source is not None:
        check_passing_on(grant, grant.source)


def check_passing_on(grant: AuthorityGrant, source: AuthorityGrant) -> None:
    """Check that an authority may be derived from another (Art. 13, clauses 3 and 4).

    TUQ. is never passed on. TL. is passed only to a deputy (KT.). What is passed on stays within the
    matters and the time of its source.
    """
    if source.mark == "TUQ.":
        raise BadAuthority(
            N_(
                "Người được ủy quyền không được ủy quyền lại (Nghị định 30/2020/NĐ-CP, Điều 13)."
                " Hãy đề nghị người đứng đầu ủy quyền trực tiếp."
            ),
            field="derived_from",
        )
    if source.mark in ("KT.", "TL.") and grant.mark != "KT.":
        raise BadAuthority(
            N_("Thẩm quyền này chỉ được giao lại cho cấp phó ký thay (KT.). Hãy chọn hình thức ký KT."),
            field="mark",
        )
    if any(not covers(source.matters, matter) for matter in grant.matters):
        raise BadAuthority(
            N_("Có loại việc nằm ngoài thẩm quyền gốc. Hãy bỏ loại việc đó hoặc chọn thẩm quyền gốc khác."),
            field="matters",
        )
    ends_later = source.until_on is not None and (grant.until_on is None or grant.until_on > source.until_on)
    if grant.from_on < source.from_on or ends_later:
        raise BadAuthority(
            N_(
                "Thời hạn phải nằm trong thời hạn của thẩm quyền gốc. Hãy sửa ngày bắt đầu hoặc ngày hết hạn."
            ),
            field="until_on" if ends_later else "from_on",
        )
