"""Legal profiles: the rules of a period as data, so that a new law is a new record and not new code.

A profile joins three things that change at different times and can be chosen apart: the rules of the
one-stop shop, the shape of government, and the classes of online services. A dossier keeps the code
of the profile under which it was received (``get_profile`` finds it again).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from dinh.kernel.clocks import ClockPolicy, Limit, Unit
from dinh.kernel.errors import N_, Refused
from dinh.kernel.worktime import CUT_OFF, WorkCalendar

__all__ = [
    "FOUR_LEVELS",
    "PROFILES",
    "TWO_TIERS",
    "Form",
    "FormCode",
    "FormSet",
    "LegalProfile",
    "Level",
    "LevelCode",
    "NoSuchForm",
    "NoSuchProfile",
    "OneStopRules",
    "OrganisationShape",
    "ServiceClass",
    "class_of_level",
    "get_profile",
    "profile_on",
]

LevelCode = Literal["centre", "province", "district", "commune"]
FormCode = Literal["receipt", "supplement", "refusal", "apology", "stop", "control_slip", "register"]


class NoSuchProfile(Refused):
    message = N_(
        "Không có bộ quy định pháp luật “%(code)s”. Hãy chọn một trong các bộ: %(known)s; "
        "có thể thêm “:four_levels” hoặc “:two_tiers” để chọn mô hình chính quyền."
    )


class NoSuchForm(Refused):
    message = N_(
        "Biểu mẫu “%(form)s” không có trong bộ quy định %(profile)s, nên không lập được giấy này cho hồ sơ."
    )


# Forms


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form. ``code`` stays when the law renumbers; ``number`` is what is printed: "Mẫu số 05"."""

    code: FormCode
    number: str
    title: str
    paper: Literal["A4", "A5"] = "A5"


@dataclass(frozen=True, slots=True)
class FormSet:
    """The forms of one circular, in force from ``from_on``."""

    from_on: dt.date
    basis: str
    forms: tuple[Form, ...]


_FORMS_2018 = FormSet(
    dt.date(2019, 1, 6),
    "TT 01/2018/TT-VPCP, Điều 9",
    (
        Form("receipt", "01", N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")),
        Form("supplement", "02", N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")),
        Form("refusal", "03", N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ")),
        Form("apology", "04", N_("Phiếu xin lỗi và hẹn lại ngày trả kết quả")),
        Form("control_slip", "05", N_("Phiếu kiểm soát quá trình giải quyết hồ sơ")),
        Form("register", "06", N_("Sổ theo dõi hồ sơ"), "A4"),
    ),
)
# 05 and 06 changed their meaning: 05 was the control slip and is now the notice of stopping.
_FORMS_2025 = FormSet(
    dt.date(2025, 9, 15),
    "TT 03/2025/TT-VPCP",
    (
        Form("receipt", "01", N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")),
        Form("supplement", "02", N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")),
        Form("refusal", "03", N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ")),
        Form("apology", "04", N_("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")),
        Form("stop", "05", N_("Thông báo dừng giải quyết hồ sơ")),
        Form("control_slip", "06", N_("Phiếu kiểm soát quá trình giải quyết hồ sơ")),
        Form("register", "07", N_("Sổ theo dõi hồ sơ"), "A4"),
    ),
)


# The one-stop shop

_THREE_WORKING_DAYS = Limit.of(3, "working_days")
_EIGHT_HOURS = Limit.of(8, "hours")
# No act that could be read names one time for all procedures; the province sets it here.
_THIRTY_DAYS = Limit.of(30, "calendar_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStopRules:
    """How dossiers are received, counted and answered.

    ``dossier_code`` says to people how a code is built; ``kernel.agencies`` builds it.
    ``supplement_notice``: within what time a supplement is asked for (NĐ 61/2018 Art. 19.4).
    ``supplement_waits``: how long the applicant may take to answer before handling may be stopped.
    ``online_answer``: within what time an online dossier is answered (NĐ 45/2020).
    ``forward_after_opening``: how long "the start of the next working day" lasts.
    """

    form_sets: tuple[FormSet, ...]
    dossier_code: str = "{agency}-{YYMMDD}-{NNNN}"
    on_supplement: Literal["restart", "pause"] = "restart"
    supplements: int = 1
    extensions: int = 1
    extension_notice_days: int = 1
    supplement_notice: Limit = _THREE_WORKING_DAYS
    supplement_waits: Limit = _THIRTY_DAYS
    online_answer: Limit | None = _EIGHT_HOURS
    forward_cut_off: dt.time = CUT_OFF
    forward_after_opening: dt.timedelta = dt.timedelta(hours=1)
    digitises_at_reception: bool = True
    receives_anywhere: bool = False
    citizen_portal: Literal["province", "national"] = "province"
    basis: tuple[str, ...]

    def forms(self, on: dt.date) -> FormSet:
        """Return the forms in force on a date; before the first circular, its forms."""
        in_force = [forms for forms in self.form_sets if forms.from_on <= on]
        return in_force[-1] if in_force else self.form_sets[0]

    def clock_policy(self, unit: Unit) -> ClockPolicy:
        """Return how a limit in this unit is counted.

        Hours and working days count from the hour on the receipt; calendar days leave out the first day
        (Civil Code 2015 Art. 147.2); a same-day procedure received after 15:00 is due the next working day.
        """
        policy = ClockPolicy(
            on_supplement=self.on_supplement,
            supplements=self.supplements,
            extensions=self.extensions,
            extension_notice_days=self.extension_notice_days,
        )
        if unit == "calendar_days":
            return replace(policy, first_day="not_counted")
        return replace(policy, cut_off=self.forward_cut_off) if unit == "same_day" else policy

    def forward_by(self, received_at: dt.datetime, *, calendar: WorkCalendar) -> dt.datetime:
        """Return by when a received dossier is passed on to the agency in charge (NĐ 61/2018 Art. 18.2).

        The same working day; received after 15:00, the start of the next one. What comes while the
        office is closed counts as received when it opens.
        """
        taken_at = calendar.next_open_moment(received_at)
        if taken_at.time() > self.forward_cut_off:
            return calendar.add_working_time(calendar.opening_after_day(taken_at), self.forward_after_opening)
        return calendar.closing_of(taken_at.date())


_NOT_DIGITISED = OneStopRules(
    form_sets=(_FORMS_2018,),
    digitises_at_reception=False,
    basis=("NĐ 61/2018/NĐ-CP", "TT 01/2018/TT-VPCP", "NĐ 45/2020/NĐ-CP"),
)
_DIGITISED = replace(
    _NOT_DIGITISED,
    digitises_at_reception=True,
    receives_anywhere=True,
    basis=(*_NOT_DIGITISED.basis, "NĐ 107/2021/NĐ-CP", "TT 01/2023/TT-VPCP"),
)
_NATIONAL = OneStopRules(
    form_sets=(_FORMS_2018, _FORMS_2025),
    receives_anywhere=True,
    citizen_portal="national",
    basis=("NĐ 118/2025/NĐ-CP", "NĐ 367/2025/NĐ-CP", "TT 03/2025/TT-VPCP"),
)


# The shape of government


@dataclass(frozen=True, slots=True)
class Level:
    """A level of government; ``one_stop`` is what its one-stop desk is called, None where it has none."""

    code: LevelCode
    label: str
    one_stop: str | None


@dataclass(frozen=True, slots=True)
class OrganisationShape:
    """The levels of government, highest first."""

    code: Literal["four_levels", "two_tiers"]
    label: str
    levels: tuple[Level, ...]
    basis: str

    def level(self, code: str) -> Level:
        """Return a level. Raises ``KeyError`` when this shape has none of that code."""
        return {level.code: level for level in self.levels}[code]  # type: ignore[index]

    def above(self, code: str) -> Level | None:
        """Return the next higher level, None at the top."""
        place = [level.code for level in self.levels].index(self.level(code).code)
        return self.levels[place - 1] if place else None

    @property
    def one_stop_levels(self) -> tuple[Level, ...]:
        """The levels that have a one-stop desk of their own."""
        return tuple(level for level in self.levels if level.one_stop is not None)


_PROVINCE_CENTRE = N_("Trung tâm Phục vụ hành chính công cấp tỉnh")
_DESK = N_("Bộ phận Tiếp nhận và Trả kết quả")

FOUR_LEVELS = OrganisationShape(
    "four_levels",
    N_("Bốn cấp: Trung ương, tỉnh, huyện, xã"),
    (
        Level("centre", N_("Trung ương"), None),
        Level("province", N_("Cấp tỉnh"), _PROVINCE_CENTRE),
        Level("district", N_("Cấp huyện"), _DESK),
        Level("commune", N_("Cấp xã"), _DESK),
    ),
    "Luật Tổ chức chính quyền địa phương 2015",
)
TWO_TIERS = OrganisationShape(
    "two_tiers",
    N_("Chính quyền địa phương hai cấp: tỉnh, xã"),
    (
        Level("centre", N_("Trung ương"), None),
        Level("province", N_("Cấp tỉnh"), _PROVINCE_CENTRE),
        Level("commune", N_("Cấp xã"), N_("Trung tâm Phục vụ hành chính công cấp xã")),
    ),
    "Luật Tổ chức chính quyền địa phương 2025",
)
_SHAPES: Mapping[str, OrganisationShape] = {shape.code: shape for shape in (FOUR_LEVELS, TWO_TIERS)}


# Classes of online services


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """A class of online services: what a citizen can do from a distance.

    ``needs_reason``: the agency publishes why the service is not wholly online.
    """

    code: str
    label: str
    files_online: bool
    pays_online: bool
    needs_reason: bool = False


_LEVELS_1_TO_4 = (
    ServiceClass("1", N_("Mức độ 1"), files_online=False, pays_online=False),
    ServiceClass("2", N_("Mức độ 2"), files_online=False, pays_online=False),
    ServiceClass("3", N_("Mức độ 3"), files_online=True, pays_online=False),
    ServiceClass("4", N_("Mức độ 4"), files_online=True, pays_online=True),
)
_INFORMATION = ServiceClass("information", N_("Cung cấp thông tin"), files_online=False, pays_online=False)
_PARTIAL = ServiceClass("partial", N_("Một phần"), files_online=True, pays_online=True)
_FULL = ServiceClass("full", N_("Toàn trình"), files_online=True, pays_online=True)


def class_of_level(level: str) -> str:
    """Return the class since 2022 that a service of a former level (1–4) becomes unless decided otherwise."""
    return {"1": "information", "2": "information", "3": "partial", "4": "full"}[level]


# Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalProfile:
    """The law of one period, from ``valid_from`` to before ``valid_until`` (None: still in force).

    ``basis`` cites the acts by subject: documents, signatures, services, architecture.
    """

    code: str
    label: str
    valid_from: dt.date
    valid_until: dt.date | None
    one_stop: OneStopRules
    organisation: OrganisationShape
    service_classes: tuple[ServiceClass, ...]
    basis: Mapping[str, tuple[str, ...]]

    def form(self, code: FormCode, *, on: dt.date) -> Form:
        """Return a legal form as it is numbered and titled on a date. Raises ``NoSuchForm``."""
        forms = self.one_stop.forms(on)
        for form in forms.forms:
            if form.code == code:
                return form
        raise NoSuchForm(form=code, profile=self.code)

    def service_class(self, code: str) -> ServiceClass:
        """Return a class of online services. Raises ``KeyError``."""
        return {service.code: service for service in self.service_classes}[code]

    def with_organisation(self, organisation: OrganisationShape) -> "LegalProfile":
        """Return these rules over another shape of government; the code says so."""
        if organisation == self.organisation:
            return self
        return replace(self, code=f"{self.code}:{organisation.code}", organisation=organisation)


_DOCUMENTS_2018 = ("TT 01/2011/TT-BNV", "NĐ 30/2020/NĐ-CP", "QĐ 28/2018/QĐ-TTg")
_DOCUMENTS = ("NĐ 30/2020/NĐ-CP", "QĐ 28/2018/QĐ-TTg")

PROFILES: tuple[LegalProfile, ...] = (
    LegalProfile(
        code="VN2018",
        label=N_("Quy định từ 21/6/2018: một cửa, một cửa liên thông; bốn mức độ dịch vụ công"),
        valid_from=dt.date(2018, 6, 21),
        valid_until=dt.date(2022, 8, 15),
        one_stop=_NOT_DIGITISED,
        organisation=FOUR_LEVELS,
        service_classes=_LEVELS_1_TO_4,
        basis={
            "services": ("NĐ 43/2011/NĐ-CP", "TT 32/2017/TT-BTTTT", "TT 22/2019/TT-BTTTT"),
            "documents": _DOCUMENTS_2018,
            "signatures": ("NĐ 130/2018/NĐ-CP", "TT 41/2017/TT-BTTTT"),
            "architecture": ("1178/BTTTT-THH", "QĐ 2323/QĐ-BTTTT"),
        },
    ),
    LegalProfile(
        code="VN2022",
        label=N_("Quy định từ 15/8/2022: số hóa khi tiếp nhận; dịch vụ công toàn trình, một phần"),
        valid_from=dt.date(2022, 8, 15),
        valid_until=dt.date(2025, 7, 1),
        one_stop=_DIGITISED,
        organisation=FOUR_LEVELS,
        service_classes=(_INFORMATION, _PARTIAL, _FULL),
        basis={
            "services": ("NĐ 42/2022/NĐ-CP", "TT 21/2023/TT-BTTTT"),
            "documents": _DOCUMENTS,
            "signatures": ("NĐ 130/2018/NĐ-CP", "Luật Giao dịch điện tử 2023"),
            "architecture": ("QĐ 2323/QĐ-BTTTT", "QĐ 2568/QĐ-BTTTT"),
        },
    ),
    LegalProfile(
        code="VN2025",
        label=N_("Quy định từ 01/7/2025: chính quyền hai cấp, tiếp nhận không phụ thuộc địa giới"),
        valid_from=dt.date(2025, 7, 1),
        valid_until=dt.date(2026, 7, 1),
        one_stop=_NATIONAL,
        organisation=TWO_TIERS,
        service_classes=(_INFORMATION, _PARTIAL, _FULL),
        basis={
            "services": ("NĐ 42/2022/NĐ-CP", "TT 11/2025/TT-BKHCN"),
            "documents": _DOCUMENTS,
            "signatures": ("NĐ 23/2025/NĐ-CP", "TT 15/2025/TT-BKHCN"),
            "architecture": ("QĐ 2568/QĐ-BTTTT",),
        },
    ),
    LegalProfile(
        code="VN2026",
        label=N_("Quy định từ 01/7/2026: dịch vụ công toàn trình là mặc định, dịch vụ chủ động"),
        valid_from=dt.date(2026, 7, 1),
        valid_until=None,
        one_stop=replace(_NATIONAL, basis=(*_NATIONAL.basis, "NĐ 224/2026/NĐ-CP")),
        organisation=TWO_TIERS,
        service_classes=(_INFORMATION, replace(_PARTIAL, needs_reason=True), _FULL),
        basis={
            "services": ("NĐ 224/2026/NĐ-CP",),
            "documents": _DOCUMENTS,
            "signatures": ("NĐ 23/2025/NĐ-CP", "TT 15/2025/TT-BKHCN"),
            "architecture": ("QĐ 1425/QĐ-TTg",),
        },
    ),
)
_BY_CODE: Mapping[str, LegalProfile] = {profile.code: profile for profile in PROFILES}


def profile_on(date: dt.date) -> LegalProfile:
    """Return the profile whose law is in force on a date; before the first one, the first."""
    in_force = [profile for profile in PROFILES if profile.valid_from <= date]
    return in_force[-1] if in_force else PROFILES[0]


def get_profile(code: str) -> LegalProfile:
    """Return a profile by its code.

    ``VN2026:four_levels`` is the law of 2026 over four levels of government: the part after the colon
    chooses the shape apart from the rules. Raises ``NoSuchProfile``.
    """
    name, _, shape = code.partition(":")
    if name not in _BY_CODE or (shape and shape not in _SHAPES):
        raise NoSuchProfile(code=code[:60], known=", ".join(_BY_CODE))
    profile = _BY_CODE[name]
    return profile.with_organisation(_SHAPES[shape]) if shape else profile
