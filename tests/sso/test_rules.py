"""Properties of the rules of sign-in."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.sso.rules.sign_in import (
    ACCOUNT_ADDRESS_POLICY,
    ACCOUNT_POLICY,
    ADDRESS_POLICY,
    DEVICE_POLICY,
    REGISTER_POLICY,
    Guesses,
    WaitPolicy,
    WeakPassword,
    blocked_until,
    check_password,
    clean_username,
    delay_after,
    describe_device,
    fail,
    pardon,
    safe_next,
)

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
policies = st.sampled_from(
    [ACCOUNT_ADDRESS_POLICY, ACCOUNT_POLICY, ADDRESS_POLICY, DEVICE_POLICY, REGISTER_POLICY]
)
NOTHING = Guesses(0.0, NOW, NOW)


@given(policies, st.floats(0, 10_000), st.floats(0, 10_000))
def test_waiting_never_shrinks_with_more_failures_and_is_bounded(
    policy: WaitPolicy, a: float, b: float
) -> None:
    less, more = sorted((a, b))
    assert dt.timedelta(0) <= delay_after(less, policy) <= delay_after(more, policy) <= policy.longest


@given(policies, st.integers(0, 200))
def test_the_first_failures_cost_nothing(policy: WaitPolicy, failures: int) -> None:
    assert (delay_after(failures, policy) == dt.timedelta(0)) == (failures < policy.free)


@given(policies, st.lists(st.floats(0, 86_400), max_size=60))
def test_waiting_out_the_delay_always_opens_again(policy: WaitPolicy, pauses: list[float]) -> None:
    guesses, now = NOTHING, NOW
    for pause in pauses:
        now += dt.timedelta(seconds=pause)
        until = blocked_until(guesses, now=now)
        if until is not None:
            assert until - now <= policy.longest
            now = until
        assert blocked_until(guesses, now=now) is None
        guesses = fail(guesses, policy, now=now)


@given(policies)
def test_a_day_of_patient_guessing_stays_below_fifteen_hundred(policy: WaitPolicy) -> None:
    guesses, now, count = NOTHING, NOW, 0
    while now < NOW + dt.timedelta(days=1) and count < 5000:
        now = blocked_until(guesses, now=now) or now
        guesses = fail(guesses, policy, now=now)
        count += 1
    assert count < (1500 if policy is not ADDRESS_POLICY else 5000)


@given(policies, st.integers(1, 100))
def test_all_is_forgotten_in_time(policy: WaitPolicy, failures: int) -> None:
    guesses = NOTHING
    for _ in range(failures):
        guesses = fail(guesses, policy, now=NOW)
    later = NOW + (policy.free + 13) * policy.forget_one
    assert fail(guesses, policy, now=later).failures == 1


@given(st.integers(0, 50))
def test_a_pardoned_guess_leaves_no_wait_even_to_an_earlier_clock(failures: int) -> None:
    guesses = NOTHING
    for _ in range(failures + 1):
        guesses = fail(guesses, ADDRESS_POLICY, now=NOW)
    assert blocked_until(pardon(guesses), now=NOW - dt.timedelta(seconds=1)) is None


@given(st.text())
def test_an_address_to_go_on_to_is_a_path_of_this_site(address: str) -> None:
    answer = safe_next(address, fallback="/")
    assert answer.startswith("/") and not answer.startswith("//") and "\\" not in answer


@given(st.text())
def test_cleaning_a_name_twice_changes_nothing(typed: str) -> None:
    assert clean_username(clean_username(typed)) == clean_username(typed)


@given(st.text(min_size=0, max_size=9))
def test_no_short_password_passes(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, common=frozenset(), about=[])


@pytest.mark.parametrize(
    "password", ["bến đò chiều mưa", "correct horse battery", "Xq7#kk29!vbn", "một hai ba bốn năm"]
)
def test_a_decent_password_needs_no_capitals_digits_or_signs(password: str) -> None:
    check_password(password, common={"password"}, about=["Nguyễn", "An", "0900000123"])


@given(st.text())
def test_any_browser_has_a_name(user_agent: str) -> None:
    assert " trên " in str(describe_device(user_agent))
