"""Units, positions, people and signing authorities of the sample province, as seeds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from dinh.foundation.directory.public import AuthoritySeed, PersonSeed, PositionSeed, UnitSeed
from dinh.kernel.agencies import to_old_form
from dinh.kernel.text import fold
from dinh.website.sample.names import COMMUNES, DEPARTMENTS, DISTRICTS, identity_number, people_names

__all__ = ["Organisation", "Size", "organisation"]

# Leaders of a committee act for it, and oversee what is below it.
_COMMITTEE_LEADS = [("committee_leader", "unit", ""), ("committee_overseer", "subtree", "")]
# Departments that procedures of other agencies ask, and the title of who answers there.
ASKED = {"CAT": "Cán bộ xác minh", "STNMT": "Cán bộ đầu mối trả lời ý kiến"}


@dataclass(frozen=True, slots=True)
class Size:
    """How large the province is. ``officials`` are spread over the agencies beyond the posts that must be."""

    departments: int = 20
    districts: int = 8
    communes: int = 82
    officials: int = 1500


@dataclass(slots=True)
class Organisation:
    """Seeds of a whole province; ``sample_people`` name the accounts shown to newcomers."""

    units: list[UnitSeed] = field(default_factory=list)
    positions: list[PositionSeed] = field(default_factory=list)
    people: list[PersonSeed] = field(default_factory=list)
    authorities: list[AuthoritySeed] = field(default_factory=list)
    usernames: list[str] = field(default_factory=list)


class _Builder:
    def __init__(self, size: Size) -> None:
        self.size = size
        self.made = Organisation()
        self.names = people_names(seed=99)
        self.extra: list[tuple[str, str, str]] = []

    def unit(self, code: str, name: str, kind: str, level: str, parent: str = "", **more: str) -> str:
        old_code = to_old_form(code) or ""
        self.made.units.append(
            UnitSeed(
                code=code,
                name=name,
                kind=kind,
                level=level,
                parent=parent,
                old_code=old_code,
                **more,  # type: ignore[arg-type]
            )
        )
        return code

    def post(
        self,
        unit: str,
        mark: str,
        title: str,
        roles: list[tuple[str, str, str]],
        *,
        rank: int = 50,
        is_head: bool = False,
        username: str = "",
    ) -> str:
        """A position with somebody in it, who can sign in as ``username``."""
        code = f"{unit}/{mark}"
        self.made.positions.append(
            PositionSeed(
                code=code, unit=unit, title=title, rank=rank, is_head=is_head, is_single=is_head, roles=roles
            )
        )
        number = len(self.made.people) + 1
        self.made.people.append(
            PersonSeed(
                full_name=next(self.names),
                staff_code=f"H99-{number:05d}",
                identity_number=identity_number(number),
                email=f"cb{number}@example.vn",
                positions=[code],
            )
        )
        self.made.usernames.append(username or f"cb{number}")
        return code

    def build(self) -> Organisation:
        province = self.unit(
            "H99", "Ủy ban nhân dân tỉnh Đình Sơn", "province_committee", "province",
            short_name="Đình Sơn", abbreviation="UBND",
        )  # fmt: skip
        self.post(
            province, "CT", "Chủ tịch", [("province_leader", "province", "")], rank=1, is_head=True,
            username="chutich.tinh",
        )  # fmt: skip
        office = self.unit(
            "H99.01", "Văn phòng Ủy ban nhân dân tỉnh", "province_office", "province", province,
            short_name="Văn phòng UBND tỉnh", abbreviation="VP",
        )  # fmt: skip
        self.post(office, "KSTT1", "Chuyên viên Phòng Kiểm soát thủ tục hành chính",
                  [("procedure_editor", "province", "")], username="soan.thutuc")  # fmt: skip
        self.post(office, "KSTT2", "Phó Chánh Văn phòng", [("procedure_publisher", "province", "")], rank=5,
                  username="congbo.thutuc")  # fmt: skip
        self.post(
            office, "QT", "Quản trị hệ thống", [("administrator", "province", "H99")], username="quantri"
        )
        self._departments(province)
        self._insurance(province)
        self._districts(province)
        self._editors(office)
        self._reporting(province)
        self._fill_up()
        return self.made

    def _editors(self, office: str) -> None:
        """Who writes and who reviews what stands on the portal."""
        self.post(office, "BT", "Biên tập viên Cổng", [("portal_editor", "province", "")],
                  username="bientap.cong")  # fmt: skip
        self.post(office, "TBBT", "Trưởng Ban biên tập Cổng", [("portal_reviewer", "province", "")], rank=5,
                  username="duyet.cong")  # fmt: skip

    def _reporting(self, province: str) -> None:
        """Who makes, checks, signs and seals the province's own reports, and receives those from below."""
        deputy = self.post(province, "PCT", "Phó Chủ tịch", [("province_leader", "province", "")], rank=5,
                           username="phochutich.tinh")  # fmt: skip
        collective = "Ủy ban nhân dân"
        self._authority(f"{province}/CT", province, mark="TM.", collective=collective)
        self._authority(deputy, province, mark="KT.", on_behalf_of="Chủ tịch", collective=collective)
        self.post(province, "VT", "Văn thư", [("records_clerk", "unit", "")], rank=60, username="vanthu.tinh")

    def _departments(self, province: str) -> None:
        for number, (abbreviation, name, divisions) in enumerate(
            islice(self._departments_in_order(), self.size.departments), start=2
        ):
            code = self.unit(
                f"H99.{number:02d}", name, "department", "province", province,
                short_name=name, abbreviation=abbreviation,
            )  # fmt: skip
            slug = _slug(abbreviation)
            desk = self._desk(code, name, slug, level="province")
            head = self.post(code, "GD", "Giám đốc", [("department_leader", "subtree", "")], rank=1,
                             is_head=True, username=f"giamdoc.{slug}")  # fmt: skip
            deputy = self.post(code, "PGD", "Phó Giám đốc", [("department_leader", "subtree", "")], rank=5,
                               username=f"phogiamdoc.{slug}")  # fmt: skip
            self._authority(head, code, mark="", on_behalf_of="")
            self._authority(deputy, code, mark="KT.", on_behalf_of="Giám đốc")
            self.post(
                code, "VT", "Văn thư", [("records_clerk", "unit", ""), ("petition_officer", "unit", "")],
                rank=60, username=f"vanthu.{slug}",
            )  # fmt: skip
            self.post(
                code, "KT", "Kế toán", [("accountant", "subtree", "")], rank=60, username=f"ketoan.{slug}"
            )
            if abbreviation in ASKED:
                self.post(
                    code, "CV", ASKED[abbreviation], [("specialist", "unit", "")], username=f"canbo.{slug}"
                )
            for index, (short, division) in enumerate(divisions, start=1):
                unit = self.unit(
                    f"{code}.{index:02d}", division, "division", "province", code,
                    short_name=division, abbreviation=short,
                )  # fmt: skip
                self._division(unit, f"{_slug(short)}.{slug}")
            self.extra.append((desk, code, "specialist"))

    def _insurance(self, province: str) -> None:
        """The social insurance: not an agency of the province, but one that chained procedures ask."""
        code = self.unit(
            "H99.29", "Bảo hiểm xã hội tỉnh", "other_agency", "province", province,
            short_name="Bảo hiểm xã hội", abbreviation="BHXH",
        )  # fmt: skip
        self.post(code, "CV", "Chuyên viên cấp thẻ", [("specialist", "unit", "")], username="canbo.bhxh")

    @staticmethod
    def _departments_in_order() -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
        """Those that the sample procedures need come first, so that a small province has them too."""
        needed = ("STP", "CAT", "STNMT", "SVHTTDL", "SYT", "SGTVT")
        yield from sorted(
            (row for row in DEPARTMENTS if row[0] in needed), key=lambda row: needed.index(row[0])
        )
        yield from (row for row in DEPARTMENTS if row[0] not in needed)

    def _districts(self, province: str) -> None:
        names = islice(DISTRICTS, self.size.districts)
        codes = []
        for number, name in enumerate(names, start=31):
            spoken, short = name[0].lower() + name[1:], name.removeprefix("Huyện ").removeprefix("Thành phố ")
            code = self.unit(
                f"H99.{number}", f"Ủy ban nhân dân {spoken}", "district_committee", "district", province,
                short_name=short, abbreviation="UBND",
            )  # fmt: skip
            slug = _slug(short)
            self._desk(code, spoken, slug, level="district")
            self._committee(code, slug)
            for index, (mark, division) in enumerate(
                (
                    ("TCKH", "Phòng Tài chính – Kế hoạch"),
                    ("TP", "Phòng Tư pháp"),
                    ("KTHT", "Phòng Kinh tế và Hạ tầng"),
                    ("TNMT", "Phòng Tài nguyên và Môi trường"),
                    ("LĐTBXH", "Phòng Lao động – Thương binh và Xã hội"),
                ),
                start=1,
            ):
                unit = self.unit(
                    f"{code}.{index:02d}", division, "district_division", "district", code,
                    short_name=division, abbreviation=mark,
                )  # fmt: skip
                self._division(unit, f"{_slug(mark)}.{slug}")
            self.post(
                code, "KT", "Kế toán", [("accountant", "subtree", "")], rank=60, username=f"ketoan.{slug}"
            )
            codes.append((code, slug))
        for number, (name, (district, slug)) in enumerate(
            zip(islice(COMMUNES, self.size.communes), cycle(codes), strict=False), start=1
        ):
            self._commune(f"{district}.{number + 10:03d}", name, district, f"{_slug(name)}.{slug}")

    def _commune(self, code: str, name: str, district: str, slug: str) -> None:
        self.unit(
            code, f"Ủy ban nhân dân xã {name}", "commune_committee", "commune", district,
            short_name=f"xã {name}", abbreviation="UBND",
        )  # fmt: skip
        self._desk(code, f"xã {name}", slug, level="commune")
        self._committee(code, slug)
        self.post(code, "CC", "Công chức xã", [("commune_officer", "unit", "")], username=f"congchuc.{slug}")

    def _committee(self, code: str, slug: str) -> None:
        head = self.post(code, "CT", "Chủ tịch", _COMMITTEE_LEADS, rank=1, is_head=True,
                         username=f"chutich.{slug}")  # fmt: skip
        deputy = self.post(code, "PCT", "Phó Chủ tịch", _COMMITTEE_LEADS, rank=5,
                           username=f"phochutich.{slug}")  # fmt: skip
        collective = "Ủy ban nhân dân"
        self._authority(head, code, mark="TM.", collective=collective)
        self._authority(deputy, code, mark="KT.", on_behalf_of="Chủ tịch", collective=collective)
        self.post(code, "VT", "Văn thư", [("records_clerk", "unit", ""), ("petition_officer", "unit", "")],
                  rank=60, username=f"vanthu.{slug}")  # fmt: skip

    def _desk(self, agency: str, name: str, slug: str, *, level: str) -> str:
        desk = self.unit(
            f"{agency}.00", f"Bộ phận Tiếp nhận và Trả kết quả {name}", "one_stop_desk", level, agency,
            short_name="Bộ phận Một cửa", abbreviation="BPMC",
        )  # fmt: skip
        for index in (1, 2):
            leads = [("onestop_head", "unit", "")] if index == 1 else []
            self.post(desk, f"TN{index}", "Cán bộ tiếp nhận", [("onestop_clerk", "unit", ""), *leads],
                      username=f"motcua{index if index > 1 else ''}.{slug}")  # fmt: skip
        return desk

    def _division(self, unit: str, slug: str) -> None:
        self.post(unit, "TP", "Trưởng phòng", [("division_head", "unit", "")], rank=10, is_head=True,
                  username=f"truongphong.{slug}")  # fmt: skip
        self.post(unit, "CV1", "Chuyên viên", [("specialist", "unit", "")], username=f"chuyenvien.{slug}")
        self.extra.append((unit, unit, "specialist"))

    def _authority(self, position: str, unit: str, **words: str) -> None:
        self.made.authorities.append(
            AuthoritySeed(position=position, unit=unit, basis="Quy chế làm việc của cơ quan", **words)  # type: ignore[arg-type]
        )

    def _fill_up(self) -> None:
        """Further specialists, until the province has as many officials as asked for."""
        places = cycle(self.extra)
        number = 2
        while len(self.made.people) < self.size.officials:
            unit, scope_unit, role = next(places)
            number += 1
            self.post(
                unit, f"CV{number}", "Chuyên viên", [(role, "unit", "" if unit == scope_unit else unit)]
            )


def _slug(text: str) -> str:
    """A piece of a username: folded, letters and digits only."""
    return "".join(char for char in fold(text) if char.isalnum())


def organisation(size: Size) -> Organisation:
    """Return the seeds of a province of that size, always the same."""
    return _Builder(size).build()
