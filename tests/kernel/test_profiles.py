"""Legal profiles: what changed with the law, and when."""

import datetime as dt
from itertools import pairwise

import pytest

from dinh.kernel.profiles import (
    FOUR_LEVELS,
    PROFILES,
    TWO_TIERS,
    NoSuchForm,
    NoSuchProfile,
    class_of_level,
    get_profile,
    profile_on,
)
from dinh.kernel.worktime import VIETNAM, standard_calendar


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def test_profiles_follow_each_other_without_gap() -> None:
    for earlier, later in pairwise(PROFILES):
        assert earlier.valid_until == later.valid_from
    assert PROFILES[-1].valid_until is None


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2017-01-01", "VN2018"),
        ("2018-06-21", "VN2018"),
        ("2025-06-30", "VN2022"),
        ("2025-07-01", "VN2025"),
        ("2026-07-01", "VN2026"),
    ],
)
def test_the_profile_of_a_date_is_the_law_in_force(on: str, code: str) -> None:
    assert profile_on(dt.date.fromisoformat(on)).code == code


def test_forms_05_and_06_changed_their_meaning() -> None:
    """TT 01/2018/TT-VPCP Art. 9 against TT 03/2025/TT-VPCP."""
    on = dt.date(2026, 1, 5)
    old, new = get_profile("VN2018"), get_profile("VN2025")
    assert (old.form("control_slip", on=on).number, new.form("control_slip", on=on).number) == ("05", "06")
    assert (old.form("register", on=on).number, new.form("register", on=on).number) == ("06", "07")
    assert new.form("stop", on=on).title == "Thông báo dừng giải quyết hồ sơ"
    with pytest.raises(NoSuchForm, match="VN2018"):
        old.form("stop", on=on)


def test_the_forms_of_2018_were_used_until_the_circular_of_2025() -> None:
    profile = get_profile("VN2025")
    assert profile.form("control_slip", on=dt.date(2025, 9, 14)).number == "05"
    assert profile.form("control_slip", on=dt.date(2025, 9, 15)).number == "06"


def test_receipts_are_a5_and_the_register_is_a4() -> None:
    """Law: TT 01/2018 Điều 9
    Screen: mẫu in khổ A5, sổ in khổ A4
    """
    forms = get_profile("VN2018").one_stop.forms(dt.date(2020, 1, 1)).forms
    assert {form.code: form.paper for form in forms if form.paper == "A4"} == {"register": "A4"}
    assert [form.number for form in forms] == ["01", "02", "03", "04", "05", "06"]


def test_the_shape_of_government_is_chosen_apart_from_the_rules() -> None:
    assert get_profile("VN2018").organisation == FOUR_LEVELS
    assert get_profile("VN2026").organisation == TWO_TIERS
    mixed = get_profile("VN2026:four_levels")
    assert (mixed.code, mixed.organisation) == ("VN2026:four_levels", FOUR_LEVELS)
    assert get_profile(mixed.code) == mixed
    assert get_profile("VN2018:four_levels").code == "VN2018"


def test_a_commune_stands_under_a_district_or_under_the_province() -> None:
    """Law: NĐ 118/2025 Điều 7
    Screen: /quan-tri/don-vi/
    """
    assert [level.code for level in FOUR_LEVELS.one_stop_levels] == ["province", "district", "commune"]
    assert FOUR_LEVELS.above("commune").code == "district"
    assert TWO_TIERS.above("commune").code == "province"
    assert TWO_TIERS.above("centre") is None


@pytest.mark.parametrize("code", ["VN1986", "VN2018:three", ""])
def test_an_unknown_profile_is_refused_with_the_known_ones(code: str) -> None:
    with pytest.raises(NoSuchProfile, match="VN2018, VN2022, VN2025, VN2026"):
        get_profile(code)


def test_service_classes_of_the_law_and_their_succession() -> None:
    assert [service.code for service in get_profile("VN2018").service_classes] == ["1", "2", "3", "4"]
    assert get_profile("VN2018").service_class("4").pays_online
    assert not get_profile("VN2018").service_class("3").pays_online
    assert class_of_level("3") == "partial"
    assert get_profile("VN2026").service_class("partial").needs_reason
    assert not get_profile("VN2025").service_class("partial").needs_reason


@pytest.mark.parametrize(
    ("received", "forwarded"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00"),
        ("2026-11-23T15:00", "2026-11-23T17:00"),
        ("2026-11-23T15:01", "2026-11-24T08:00"),
        ("2026-11-27T16:00", "2026-11-30T08:00"),
        ("2026-11-28T20:00", "2026-11-30T17:00"),  # filed online on a Saturday evening
    ],
)
def test_dossiers_are_passed_on_the_same_day_or_the_next_morning(received: str, forwarded: str) -> None:
    """NĐ 61/2018/NĐ-CP Art. 18.2 and 18.3.

    Law: NĐ 61/2018 Điều 18 khoản 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: NĐ 118/2025 Điều 18 khoản 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    rules = get_profile("VN2018").one_stop
    assert rules.forward_by(at(received), calendar=standard_calendar()) == at(forwarded)


def test_the_law_of_clocks_is_one_supplement_one_postponement_a_day_before() -> None:
    for profile in PROFILES:
        policy = profile.one_stop.clock_policy("working_days")
        assert (policy.on_supplement, policy.supplements) == ("restart", 1)
        assert (policy.extensions, policy.extension_notice_days) == (1, 1)
        assert profile.one_stop.clock_policy("calendar_days").first_day == "not_counted"
        assert profile.one_stop.clock_policy("same_day").cut_off == dt.time(15)
