"""Loading the sample province: directory, calendar, keys, accounts, citizens, procedures."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.calendars.public import set_up_province
from dinh.foundation.directory.public import (
    Loaded,
    PersonSeed,
    load_organisation,
    load_people,
)
from dinh.foundation.signing.public import KeyOwner, issue_sample_key
from dinh.onestop.public import draft_version, procedures_shipped, publish_version, set_account
from dinh.sso.public import NewAccount, create_accounts_in_bulk
from dinh.website.roles import ROLES
from dinh.website.sample.citizens import sample_citizens
from dinh.website.sample.dossiers import Story, load_light
from dinh.website.sample.organisation import Organisation, Size, organisation
from dinh.website.sample.payments import load_payments
from dinh.website.sample.portal import load_portal
from dinh.website.sample.visits import load_visits

__all__ = ["PASSWORD", "SAMPLE_ACCOUNTS", "Sample", "load_sample"]

PASSWORD = "dinh-mau-2026"  # noqa: S105 - printed by make up; only a sample province takes it
CITIZENS = 60
# How many of them have paid from afar.
PAYING = 40

# Desks that take appointments: those of the story's district and commune, of a department, of the city.
WITH_VISITS = ("H99.32.00", "H99.32.012.00", "H99.02.00", "H99.31.00")

# One account for each kind of person, as the story of the first dossier needs them.
SAMPLE_ACCOUNTS = (
    ("congdan", "Công dân"),
    ("motcua.songcai", "Cán bộ một cửa huyện Sông Cái"),
    ("chuyenvien.tckh.songcai", "Chuyên viên Phòng Tài chính – Kế hoạch"),
    ("truongphong.tckh.songcai", "Trưởng phòng Tài chính – Kế hoạch"),
    ("phochutich.songcai", "Phó Chủ tịch huyện (ký KT. CHỦ TỊCH)"),
    ("vanthu.songcai", "Văn thư huyện (cấp số, đóng dấu số)"),
    ("ketoan.songcai", "Kế toán huyện (hoàn phí, đối soát)"),
    ("congchuc.anmau.songcai", "Công chức xã An Mẫu"),
    ("chutich.tinh", "Chủ tịch Ủy ban nhân dân tỉnh"),
    ("soan.thutuc", "Chuyên viên soạn thủ tục hành chính"),
    ("congbo.thutuc", "Lãnh đạo công bố thủ tục hành chính"),
    ("bientap.cong", "Biên tập viên của cổng; tiếp nhận, chuyển và công khai phản ánh"),
    ("duyet.cong", "Trưởng Ban biên tập: duyệt tin, trang, văn bản, lấy ý kiến"),
    ("quantri", "Quản trị hệ thống"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What was loaded."""

    loaded: Loaded
    made: Organisation
    citizens: Loaded


def load_sample(
    *,
    size: Size | None = None,
    citizens: int = CITIZENS,
    keys_for: Sequence[str] | None = None,
    dossiers: int = 0,
    content: bool = False,
    now: dt.datetime | None = None,
    tell: Callable[[str], object] = lambda line: None,
) -> Sample:
    """Load the province into an empty database, all or nothing.

    ``keys_for``: codes of the agencies that get keys with their desks and signers; None: all.
    ``dossiers``: about how many invented dossiers lie in its lists. ``content``: with news, pages, petitions,
    a consultation.
    """
    by, now = system("website.sample"), now or timezone.now()
    seeds = organisation(size or Size())
    # Posts have stood since the year before, so that papers of today have a past.
    on = timezone.localdate(now) - dt.timedelta(days=365)
    with transaction.atomic():
        loaded = load_organisation(
            seeds.units,
            roles=ROLES,
            positions=seeds.positions,
            people=seeds.people,
            authorities=seeds.authorities,
            on=on,
            by=by,
        )
        tell(f"{len(seeds.units)} đơn vị, {len(seeds.people)} cán bộ")
        citizen_seeds = _citizens(citizens)
        people = load_people(citizen_seeds, on=on, by=by)
        _accounts(seeds, loaded, people, now=now)
        tell(f"{citizens} công dân")
        set_up_province(by=by)
        tell("lịch làm việc")
        wanted = set(loaded.units if keys_for is None else keys_for)
        owners = [owner for code, owner in _key_owners(seeds, loaded) if code in wanted]
        for owner in owners:
            issue_sample_key(owner, by=by, now=now)
        tell(f"{len(owners)} chứng thư số mẫu, không có giá trị pháp lý")
        tell(f"{_procedures(by=by, now=now)} thủ tục hành chính")
        _collection_accounts(seeds, loaded, by=by, now=now)
        if dossiers:
            persons = list(zip(people.people, citizen_seeds, strict=True))
            made = load_light(dossiers, story=_story(seeds), owners=persons, by=by, now=now)
            tell(f"{made} hồ sơ")
            paid = load_payments(people.people[:PAYING], by=by, now=now)
            tell(f"{paid} khoản nộp qua bên thanh toán mẫu, không có tiền thật")
            desks = [loaded.units[code] for code in WITH_VISITS if code in loaded.units]
            tell(f"{load_visits(desks, people.people[0], by=by, now=now)} bộ phận một cửa nhận hẹn trước")
        if content:
            tell(f"{load_portal(by=by, now=now)} tin, trang, văn bản, góp ý, phản ánh")
    return Sample(loaded, seeds, people)


def _citizens(count: int) -> list[PersonSeed]:
    return [
        PersonSeed(
            full_name=one.full_name,
            birth_date=one.birth_date,
            identity_number=one.identity_number,
            phone=one.phone,
            email=one.email,
            address=one.address,
        )
        for one in sample_citizens(count)
    ]


def _accounts(seeds: Organisation, loaded: Loaded, people: Loaded, *, now: dt.datetime) -> None:
    officials = [
        NewAccount(username=username, kind="official", person_id=person_id)
        for username, person_id in zip(seeds.usernames, loaded.people, strict=True)
    ]
    citizens = [
        NewAccount(
            username="congdan" if number == 1 else f"congdan{number}", kind="citizen", person_id=person_id
        )
        for number, person_id in enumerate(people.people, start=1)
    ]
    create_accounts_in_bulk([*officials, *citizens], password=PASSWORD, now=now)


def _key_owners(seeds: Organisation, loaded: Loaded) -> list[tuple[str, KeyOwner]]:
    """Who signs, each with the code of the agency: agencies with a seal, desks, holders of authority."""
    units = {unit.code: unit for unit in seeds.units}
    owners = []
    for desk in seeds.units:
        if desk.kind != "one_stop_desk":
            continue
        agency = units[desk.parent]
        owners.append(
            (
                agency.code,
                KeyOwner(kind="agency", id=loaded.units[agency.code], name=agency.name, agency=agency.name),
            )
        )
        owners.append(
            (
                agency.code,
                KeyOwner(
                    kind="desk",
                    id=loaded.units[desk.code],
                    name=desk.name,
                    agency=agency.name,
                    unit=desk.name,
                ),
            )
        )
    signers = {authority.position: authority.unit for authority in seeds.authorities}
    titles = {position.code: position.title for position in seeds.positions}
    owners += [
        (
            signers[position],
            KeyOwner(
                kind="person",
                id=person_id,
                name=person.full_name,
                agency=units[signers[position]].name,
                title=titles[position],
            ),
        )
        for person, person_id in zip(seeds.people, loaded.people, strict=True)
        for position in person.positions
        if position in signers
    ]
    return owners


def _collection_accounts(seeds: Organisation, loaded: Loaded, *, by: Actor, now: dt.datetime) -> None:
    """Every agency with a desk has an invented account at an invented bank (its digits belong to none)."""
    units = {unit.code: unit for unit in seeds.units}
    for desk in seeds.units:
        if desk.kind == "one_stop_desk":
            agency = units[desk.parent]
            set_account(
                loaded.units[agency.code],
                bank_bin="999999",
                bank_name="Ngân hàng Mẫu",
                number="0900" + "".join(filter(str.isdigit, agency.code)).rjust(8, "0"),
                holder=agency.name.upper(),
                by=by,
                now=now,
            )


def _story(seeds: Organisation) -> Story:
    """The agencies of the sample accounts: the district of the story, its commune, the department."""
    district = next(unit for unit in seeds.units if unit.short_name == "Sông Cái")
    commune = next(unit for unit in seeds.units if unit.parent == district.code and "An Mẫu" in unit.name)
    justice = next(unit for unit in seeds.units if unit.abbreviation == "STP")
    agencies = {"1.001612": district.code, "1.004873": commune.code, "2.000488": justice.code}
    return Story(agencies, commune.code)


def _procedures(*, by: Actor, now: dt.datetime) -> int:
    paths: list[Path] = procedures_shipped()
    for path in paths:
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))
        publish_version(draft_version(definition, by=by, now=now), by=by, now=now)
    return len(paths)


def accounts_text() -> str:
    """The sample accounts as a person reads them, one a line."""
    width = max(len(username) for username, _ in SAMPLE_ACCOUNTS)
    lines = [f"  {username.ljust(width)}  {who}" for username, who in SAMPLE_ACCOUNTS]
    return "\n".join(
        [
            *lines,
            f"  Mật khẩu chung của tỉnh mẫu: {PASSWORD}",
            "  Mọi tài khoản khác, theo cơ quan và chức danh: /tai-khoan-mau/",
        ]
    )


def write_accounts() -> None:
    """Leave the sample accounts where the launcher finds them."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "accounts.txt").write_text(accounts_text() + "\n", encoding="utf-8")
