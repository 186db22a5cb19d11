"""Steps at which the applicant is met: the day they are asked for, and what waits for it.

Whoever must be there is asked in time and what happened is kept (NĐ 61/2018/NĐ-CP Art. 19.3).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dinh.kernel.conditions import value_at
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.states import State, StateMachine, Transition
from dinh.kernel.worktime import VIETNAM, WorkCalendar
from dinh.onestop.rules.definition import Definition, Meets

__all__ = [
    "INVITATION",
    "MEETING_KINDS",
    "MEETING_WORDS",
    "DayNotWorking",
    "HourNotWorking",
    "InvitationIncomplete",
    "MomentPast",
    "NotAllThere",
    "NotComeYet",
    "NotInvited",
    "check_meets",
    "check_moment",
    "likely_moment",
    "place_asked",
    "wished_day",
]

# What the applicant is met for, in the words of whoever makes a procedure.
MEETING_KINDS: Mapping[str, str] = {
    "signing": N_("Người nộp đến ký tại cơ quan"),
    "inspection": N_("Cơ quan đến kiểm tra tại nơi"),
}
# The same as said to the applicant: what they are asked for.
MEETING_WORDS: Mapping[str, str] = {
    "signing": N_("đến ký"),
    "inspection": N_("có mặt khi cơ quan kiểm tra tại nơi"),
}
# How far ahead a working day is looked for.
AHEAD = 30

INVITATION = StateMachine(
    subject=N_("lời mời người nộp"),
    initial="invited",
    states=(
        State("invited", N_("Đã mời")),
        State("came", N_("Đã gặp")),
        State("missed", N_("Không gặp được")),
    ),
    verbs={"move": N_("Đổi ngày"), "come": N_("Đã gặp"), "miss": N_("Không gặp được")},
    transitions=(
        Transition("invited", "move", "invited"),
        Transition("invited", "come", "came"),
        Transition("invited", "miss", "missed"),
    ),
)


class MomentPast(Refused):
    message = N_("Ngày, giờ hẹn thiếu hoặc đã qua. Hãy chọn ngày còn ở phía trước, giờ ghi như 09:30.")


class DayNotWorking(Refused):
    message = N_("Ngày %(on)s cơ quan không làm việc (%(why)s). Hãy chọn một ngày làm việc.")


class HourNotWorking(Refused):
    message = N_("Giờ này ngoài giờ làm việc của ngày %(on)s (%(hours)s). Hãy chọn giờ khác.")


class InvitationIncomplete(Refused):
    message = N_("Hãy ghi địa điểm, để người nộp biết đến đâu hoặc chờ ở đâu.")


class NotComeYet(Refused):
    message = N_(
        "Chưa ghi việc gặp người nộp ở bước “%(step)s”. Hãy mở “Làm việc với người nộp”, ghi ai đã có mặt,"
        " khi nào, rồi mới chọn “%(outcome)s”."
    )


class NotAllThere(Refused):
    message = N_(
        "Bước này cần có mặt đủ: %(people)s. Đủ thì đánh dấu vào ô này; thiếu thì ghi thành buổi khác"
        " và mời lại."
    )


class NotInvited(Refused):
    message = N_("Chỉ ghi người nộp không có mặt khi đã mời và đã đến giờ hẹn.")


def check_moment(at: dt.datetime | None, calendar: WorkCalendar, *, now: dt.datetime) -> dt.datetime:
    """Return the moment the applicant may be asked for: ahead, within working time.

    Raises ``MomentPast``, ``DayNotWorking``, ``HourNotWorking``, at the field of the day or of the hour.
    """
    if at is None or at <= now:
        raise MomentPast(field="invite-on")
    on = at.astimezone(VIETNAM).date()
    day = calendar.day(on)
    if not day.is_open:
        raise DayNotWorking(field="invite-on", on=f"{on:%d/%m/%Y}", why=day.why)
    if not calendar.is_open(at):
        hours = ", ".join(
            f"{begin.astimezone(VIETNAM):%H:%M}–{end.astimezone(VIETNAM):%H:%M}"
            for begin, end in calendar.openings(on)
        )
        raise HourNotWorking(field="invite-at", on=f"{on:%d/%m/%Y}", hours=hours)
    return at


def wished_day(meets: Meets, data: Mapping[str, Any]) -> dt.date | None:
    """Return the day that the applicant wished for in the form, if any."""
    said = value_at(data, meets.wished) if meets.wished else None
    try:
        return dt.date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None


def likely_moment(wished: dt.date | None, calendar: WorkCalendar, *, now: dt.datetime) -> dt.datetime | None:
    """Return the beginning of the first working time of the day wished for; where that is past or not
    worked on, of the next working day from tomorrow on.
    """
    today = now.astimezone(VIETNAM).date()
    days = [wished] if wished is not None else []
    days += [today + dt.timedelta(days=one) for one in range(1, AHEAD)]
    for day in days:
        opening = next((begin for begin, _end in calendar.openings(day) if begin > now), None)
        if opening is not None:
            return opening
    return None


def place_asked(meets: Meets, data: Mapping[str, Any]) -> str:
    """Return the place that the form's answer names, for an inspection; empty: it names none."""
    return str(value_at(data, meets.place) or "") if meets.place else ""


def check_meets(definition: Definition, form_fields: Sequence[str]) -> Iterator[Sentence]:
    """Yield what is wrong with the steps at which the applicant is met, and with what waits for them.

    ``form_fields`` are the form's names.
    """
    for step in definition.steps:
        waits = any("met" in outcome.needs for outcome in step.outcomes)
        if step.meets is None and waits:
            yield say(N_("Bước “%(step)s” chờ gặp người nộp nhưng chưa ghi gặp để làm gì."), step=step.name)
        if step.meets is not None and not waits:
            yield say(N_("Bước “%(step)s” gặp người nộp nhưng không hướng nào chờ việc đó."), step=step.name)
        named = {step.meets.wished, step.meets.place} if step.meets is not None else set()
        for name in sorted(named - {"", *form_fields}):
            yield say(
                N_("Bước “%(step)s” lấy ngày hoặc nơi gặp từ trường không có trong biểu mẫu: %(field)s."),
                step=step.name,
                field=name,
            )
    is_met = any(step.meets is not None for step in definition.steps)
    for result in definition.results:
        for field in result.fields:
            if field.kind == "met" and not is_met:
                yield say(
                    N_("Mục “%(label)s” ghi ngày gặp người nộp, nhưng không bước nào gặp."), label=field.label
                )
