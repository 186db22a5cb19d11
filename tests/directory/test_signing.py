"""Signing authority: marks, lines, periods, and what may be passed on."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.models import Appointment, SigningAuthority
from dinh.foundation.directory.public import (
    NoSigningAuthority,
    acting,
    appoint,
    create_position,
    end_appointment,
    grant_authority,
    merge_units,
    register_person,
    revoke_authority,
    signing_authority,
)
from dinh.foundation.directory.rules.signing import (
    MARKS,
    AuthorityGrant,
    BadAuthority,
    check_authority,
    choose,
    covers,
    lines_of,
    reaches,
)
from dinh.kernel.errors import NotAllowed
from tests.directory.conftest import START, Province

BY = system("test")
DAY = dt.date(2026, 1, 1)
BASIS = "Quyết định số 12/QĐ-UBND ngày 05/01/2026"


@pytest.fixture
def signer(province: Province) -> Callable[..., Any]:
    """Return a maker of somebody in a position of the district: (position, actor)."""

    def make(unit: Any, title: str) -> tuple[Any, Actor]:
        position = create_position(unit, code="", title=title, on=START, by=BY)
        person = register_person(f"Người giữ {title}", by=BY)
        appoint(position, person=person, from_on=START, by=BY)
        return position, acting(person.pk, position.pk, account_id=None, at=timezone.now())

    return make


def test_the_vice_chairman_signs_for_the_chairman_of_the_committee(
    province: Province, signer: Callable[..., Any]
) -> None:
    position, by = signer(province.north, "Phó Chủ tịch")
    grant_authority(
        province.north,
        position=position,
        mark="KT.",
        collective="Ủy ban nhân dân",
        on_behalf_of="Chủ tịch",
        matters=["onestop"],
        from_on=DAY,
        basis=BASIS,
        by=BY,
    )
    found = signing_authority(by, province.north_desk.pk, DAY, "onestop.result")
    assert found.lines == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    own = signing_authority(by, province.north_desk.pk, DAY, "onestop.result", by_head=True)
    assert own.lines == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert (found.mark, found.signer, found.basis) == ("KT.", "Người giữ Phó Chủ tịch", BASIS)
    for unit, on, matter in [
        (province.north, DAY - dt.timedelta(days=1), "onestop.result"),
        (province.north, DAY, "documents.issue"),
        (province.north, DAY, "onestopper"),
        (province.south, DAY, "onestop.result"),
    ]:
        with pytest.raises(NoSigningAuthority):
            signing_authority(by, unit.pk, on, matter)


def test_the_deputy_of_one_who_signs_by_order_signs_for_them(
    province: Province, signer: Callable[..., Any]
) -> None:
    head, _ = signer(province.office, "Chánh Văn phòng")
    deputy, by = signer(province.office, "Phó Chánh Văn phòng")
    order = grant_authority(
        province.root,
        position=head,
        mark="TL.",
        on_behalf_of="Chủ tịch",
        matters=["documents"],
        from_on=DAY,
        basis=BASIS,
        by=BY,
    )
    more = {"position": deputy, "matters": ["documents.issue"], "from_on": DAY, "basis": BASIS, "by": BY}
    with pytest.raises(BadAuthority):
        grant_authority(province.root, mark="TL.", on_behalf_of="Chánh Văn phòng", derived_from=order, **more)
    grant_authority(province.root, mark="KT.", on_behalf_of="Chánh Văn phòng", derived_from=order, **more)
    found = signing_authority(by, province.root.pk, DAY, "documents.issue")
    assert found.lines == ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
    revoke_authority(order, by=BY)
    with pytest.raises(NoSigningAuthority):
        signing_authority(by, province.root.pk, timezone.localdate(), "documents.issue")


def test_an_authorised_person_authorises_nobody(province: Province, signer: Callable[..., Any]) -> None:
    position, by = signer(province.finance, "Giám đốc")
    other, _ = signer(province.finance, "Phó Giám đốc")
    until = DAY + dt.timedelta(days=90)
    authorised = grant_authority(
        province.root,
        position=position,
        mark="TUQ.",
        on_behalf_of="Chủ tịch",
        matters=["documents.issue"],
        from_on=DAY,
        until_on=until,
        basis=BASIS,
        by=BY,
    )
    assert signing_authority(by, province.root.pk, DAY, "documents.issue").lines == [
        "TUQ. CHỦ TỊCH",
        "GIÁM ĐỐC",
    ]
    with pytest.raises(NoSigningAuthority):
        signing_authority(by, province.root.pk, until, "documents.issue")
    with pytest.raises(BadAuthority) as refused:
        grant_authority(
            province.root,
            position=other,
            mark="KT.",
            on_behalf_of="Giám đốc",
            matters=["documents.issue"],
            from_on=DAY,
            until_on=until,
            basis=BASIS,
            derived_from=authorised,
            by=BY,
        )
    assert "không được ủy quyền lại" in str(refused.value)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("mark", {"mark": "PP."}),
        ("matters", {"matters": [" "]}),
        ("basis", {"basis": " "}),
        ("on_behalf_of", {"on_behalf_of": ""}),
        ("until_on", {"mark": "TUQ.", "until_on": None}),
        ("matters", {"mark": "TUQ.", "matters": ["*"], "until_on": DAY + dt.timedelta(days=9)}),
        ("collective", {"mark": "TM.", "collective": ""}),
    ],
)
def test_an_authority_that_the_decree_does_not_know_is_refused(
    province: Province, signer: Callable[..., Any], field: str, change: dict[str, Any]
) -> None:
    position, _ = signer(province.north, "Phó Chủ tịch")
    values: dict[str, Any] = {
        "mark": "KT.",
        "on_behalf_of": "Chủ tịch",
        "matters": ["onestop"],
        "from_on": DAY,
        "basis": BASIS,
    }
    with pytest.raises(BadAuthority) as refused:
        grant_authority(province.north, position=position, by=BY, **{**values, **change})
    assert refused.value.field == field


def test_the_database_too_knows_no_endless_authorisation(
    province: Province, signer: Callable[..., Any]
) -> None:
    position, _ = signer(province.north, "Phó Chủ tịch")
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningAuthority.objects.create(
            position=position, unit=province.north, mark="TUQ.", matters=["a"], from_on=DAY, basis=BASIS
        )


def test_only_who_manages_signing_there_grants_it(
    province: Province, signer: Callable[..., Any], admin_at: Callable[..., Actor]
) -> None:
    position, _ = signer(province.north, "Chủ tịch")
    values: dict[str, Any] = {"position": position, "mark": "", "matters": ["*"], "from_on": DAY}
    with pytest.raises(NotAllowed):
        grant_authority(province.north, by=admin_at(province.south), **values)
    assert grant_authority(province.north, by=admin_at(province.north), **values).pk


def test_who_left_the_position_or_whose_agency_merged_signs_nothing(
    province: Province, signer: Callable[..., Any]
) -> None:
    position, by = signer(province.finance, "Giám đốc")
    grant_authority(province.finance, position=position, mark="", matters=["*"], from_on=DAY, by=BY)
    assert signing_authority(by, province.finance.pk, DAY, "any.thing").lines == ["GIÁM ĐỐC"]
    leaves = dt.date(2026, 3, 1)
    end_appointment(Appointment.objects.get(position=position), on=leaves, by=BY)
    with pytest.raises(NoSigningAuthority):
        signing_authority(by, province.finance.pk, leaves, "any.thing")
    merge_units(province.health, units=[province.finance], on=dt.date(2026, 2, 1), basis="", by=BY)
    with pytest.raises(NoSigningAuthority):
        signing_authority(by, province.finance.pk, dt.date(2026, 2, 1), "any.thing")


NAMES = st.sampled_from(["a", "a.b", "a.b.c", "b", "b.c", "*"])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 20))
ENDS = st.none() | DAYS
NO_SOURCE = st.none()


def grants(source: Any = NO_SOURCE) -> st.SearchStrategy[AuthorityGrant]:
    return st.builds(
        AuthorityGrant,
        id=st.uuids(),
        position_id=st.just(UUID(int=1)),
        unit_id=st.just(UUID(int=2)),
        mark=st.sampled_from(MARKS),
        collective=st.sampled_from(["", "Ủy ban nhân dân"]),
        on_behalf_of=st.just("Chủ tịch"),
        title=st.just("Phó Chủ tịch"),
        matters=st.lists(NAMES, min_size=1, max_size=3).map(tuple),
        from_on=DAYS,
        until_on=ENDS,
        basis=st.just(BASIS),
        source=source,
    )


@given(grants(source=grants()), DAYS, NAMES)
def test_what_is_passed_on_never_exceeds_its_source(grant: AuthorityGrant, on: dt.date, matter: str) -> None:
    try:
        check_authority(grant)
    except BadAuthority:
        return
    assert grant.source is not None and grant.source.mark != "TUQ."
    own = AuthorityGrant(**{name: getattr(grant, name) for name in grant.__slots__ if name != "source"})
    if reaches(own, on=on, matter=matter):
        assert covers(grant.source.matters, matter)
        assert grant.source.from_on <= on
        assert grant.source.until_on is None or on < grant.source.until_on


@given(st.lists(grants(), max_size=6), DAYS, NAMES)
def test_the_choice_holds_and_is_always_the_same(
    held: list[AuthorityGrant], on: dt.date, matter: str
) -> None:
    chosen = choose(held, on=on, matter=matter)
    assert (chosen is None) == (not any(reaches(one, on=on, matter=matter) for one in held))
    assert chosen == choose(list(reversed(held)), on=on, matter=matter)
    if chosen is not None:
        assert reaches(chosen, on=on, matter=matter)
        assert all(line == line.upper() for line in lines_of(chosen))
