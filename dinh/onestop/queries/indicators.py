"""The nine indicators and index 766 of each agency, from kept figures and monthly sums."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max, Sum

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import agencies, get_unit
from dinh.kernel.errors import N_, NotAllowed, NotFound
from dinh.kernel.sentences import say
from dinh.onestop.models import IndicatorSum, Procedure
from dinh.onestop.queries.catalogue import offered
from dinh.onestop.queries.feedback import attitude_by_agency
from dinh.onestop.queries.figures import FigureFilter, agencies_counted, counted_by
from dinh.onestop.queries.petition_notes import answers_by_agency
from dinh.onestop.queries.reports import reaches_reports
from dinh.onestop.queries.units import takes_in
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.index766 import IndexScore, Ratio, index_of, online_parts, part_of
from dinh.onestop.rules.indicators import (
    Indicator,
    OnlineUse,
    Rating,
    answers_score,
    mean_score,
    no_data,
    one_stop_score,
    online_score,
    rated,
)
from dinh.onestop.rules.periods import Period, months_of

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = ["AgencyScores", "agency_scores", "every_agencys_scores", "scores_by_month", "scores_of"]

_ByAgency = Mapping[str, Mapping[str, Tally]]


@dataclass(frozen=True, slots=True)
class AgencyScores:
    """What an agency has earned in a period: the rating of TT 01/2018, the index of QĐ 766, its figures."""

    agency_id: UUID
    name: str
    rating: Rating
    index: IndexScore
    tally: Tally
    counted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything that scores are made of, of all agencies in reach, by agency, then procedure or measure."""

    tallies: _ByAgency
    online: _ByAgency
    sums: Mapping[str, Mapping[str, tuple[int, int]]]
    procedures: Sequence[Procedure]
    answers: Mapping[UUID, tuple[int, int, int]]
    said: Mapping[UUID, tuple[int, int, int]]
    counted_at: dt.datetime | None


def agency_scores(
    by: Actor, period: Period, *, unit_id: UUID | None = None, today: dt.date
) -> list[AgencyScores]:
    """Return the scores of all agencies that handle dossiers below a unit (None: all in reach), the best
    first. Raises ``NotAllowed`` for whoever reaches no agency, ``NotFound`` for a unit out of reach.
    """
    if not reaches_reports(by):
        raise NotAllowed(reason=N_("Báo cáo dành cho người xem được hồ sơ của cả cơ quan."))
    return _best_first(by, period, FigureFilter(unit_id=unit_id), today=today)


def every_agencys_scores(period: Period, *, today: dt.date) -> list[AgencyScores]:
    """Return the scores of all agencies of the province, the best first: for what is published."""
    return _best_first(None, period, FigureFilter(), today=today)


def _best_first(
    by: Actor | None, period: Period, chosen: FigureFilter, *, today: dt.date
) -> list[AgencyScores]:
    units = agencies_counted(by, chosen)
    facts = _facts(by, period, chosen, today=today)
    found = agencies() if units is None else agencies().filter(pk__in=list(units))
    kinds = {procedure.agency_kind for procedure in facts.procedures}
    scores = [_scores(unit, facts) for unit in found if unit.kind in kinds]
    shown = [one for one in scores if not one.tally.is_empty]
    return sorted(
        shown, key=lambda one: (-(one.rating.of_eighteen or 0), -(one.index.of_hundred or 0), one.name)
    )


def scores_of(by: Actor | None, period: Period, agency_id: UUID, *, today: dt.date) -> AgencyScores:
    """Return the scores of one agency in reach (``by`` None: of any). Raises ``NotFound``."""
    chosen = FigureFilter(unit_id=agency_id, depth="alone")
    agencies_counted(by, chosen)
    unit = get_unit(agency_id)
    if not unit.is_agency:
        raise NotFound
    return _scores(unit, _facts(by, period, chosen, today=today))


def scores_by_month(
    by: Actor, period: Period, agency_id: UUID, *, today: dt.date
) -> list[tuple[Period, AgencyScores]]:
    """Return the scores of one agency in each month of a period that has begun."""
    months = [month for month in months_of(period) if month.from_on <= today]
    return [(month, scores_of(by, month, agency_id, today=today)) for month in months]


def _facts(by: Actor | None, period: Period, chosen: FigureFilter, *, today: dt.date) -> _Facts:
    sums = IndicatorSum.objects.filter(month__gte=period.from_on.replace(day=1), month__lt=period.until_on)
    units = agencies_counted(by, chosen)
    if units is not None:
        sums = sums.filter(agency_id__in=list(units))
    by_measure = sums.order_by().values_list("agency_id", "measure")
    added = list(by_measure.annotate(p=Sum("points"), c=Sum("cases"), at=Max("counted_at")))
    kept: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for agency, measure, points, cases, _ in added:
        kept[str(agency)][measure] = (points, cases)
    tallies, online = _by_pair(counted_by(by, period, "agency-procedure-online", chosen, today=today))
    return _Facts(
        tallies=tallies,
        online=online,
        sums=kept,
        procedures=list(offered()),
        answers=answers_by_agency(period, today=today),
        said=attitude_by_agency(period),
        counted_at=max((row[-1] for row in added), default=None),
    )


def _by_pair(found: Mapping[str, Tally]) -> tuple[_ByAgency, _ByAgency]:
    """All dossiers and those filed online, by agency and procedure."""
    everything: dict[str, dict[str, Tally]] = defaultdict(dict)
    online: dict[str, dict[str, Tally]] = defaultdict(dict)
    for key, line in found.items():
        agency, procedure, way = key.split(" ")
        everything[agency][procedure] = everything[agency].get(procedure, Tally()) + line
        if way == "online":
            online[agency][procedure] = line
    return everything, online


def _scores(unit: "Unit", facts: _Facts) -> AgencyScores:
    key = str(unit.pk)
    own = [one for one in facts.procedures if takes_in(one, unit)]
    tallies, of_online = facts.tallies.get(key, {}), facts.online.get(key, {})
    tally, online = sum(tallies.values(), Tally()), sum(of_online.values(), Tally())
    services = {str(one.pk) for one in own if one.service_class in ("partial", "full")}
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    sums |= facts.sums.get(key, {})
    use = OnlineUse(len(own), len(services), tally.received, online.received, online.pending_late)
    of_services = [line for one, line in tallies.items() if one in services]
    used = sum(1 for one, line in of_online.items() if one in services and line.received)
    return AgencyScores(
        agency_id=unit.pk,
        name=unit.name,
        rating=rated(
            _indicators(
                tally,
                online,
                sums,
                use,
                at_desk=_at_the_desk(unit, own) if tally.total else None,
                answers=facts.answers.get(unit.pk, (0, 0, 0)),
                said=facts.said.get(unit.pk, (0, 0, 0)),
            )
        ),
        index=_index(tally, online, sums, use, used, sum((line.received for line in of_services), 0)),
        tally=tally,
        counted_at=facts.counted_at,
    )


def _indicators(
    tally: Tally,
    online: Tally,
    sums: Mapping[str, tuple[int, int]],
    use: OnlineUse,
    *,
    at_desk: Indicator | None,
    answers: tuple[int, int, int],
    said: tuple[int, int, int],
) -> list[Indicator]:
    direct = tally.finished - online.finished
    points, cases = sums["attitude"]
    asked, in_time, late = answers
    return [
        _mean(
            1,
            2 * tally.early + tally.on_time,
            tally.finished,
            N_("%(cases)s hồ sơ đã giải quyết: sớm hạn 2 điểm, đúng hạn 1 điểm, quá hạn 0 điểm"),
        ),
        _mean(2, *sums["steps"], N_("%(cases)s bước đã xong, so với thời hạn của từng bước")),
        _mean(
            3,
            *sums["supplements"],
            N_("%(cases)s hồ sơ: không phải bổ sung 2 điểm, một lần 1 điểm, hơn nữa 0 điểm"),
        ),
        _mean(
            4,
            2 * online.finished + direct,
            tally.finished,
            N_("%(cases)s hồ sơ: nộp trực tuyến không phải liên hệ nơi nào, nộp tại quầy liên hệ một nơi"),
        ),
        at_desk or no_data(5, N_("Chưa có hồ sơ nào trong kỳ")),
        _mean(
            6,
            *sums["publicity"],
            N_("%(cases)s hồ sơ: thủ tục công khai trên cổng và niêm yết tại bộ phận 2 điểm, một nơi 1 điểm"),
        ),
        Indicator(
            7,
            mean_score(points + 2 * said[0] + said[1], cases + sum(said)),
            say(
                N_("%(cases)s hồ sơ: sớm hạn 2 điểm, đúng hạn 1 điểm, bị phàn nàn về thái độ 0 điểm; "
                   "%(said)s đánh giá tại quầy không gắn hồ sơ: rất hài lòng 2, hài lòng 1, chưa hài lòng 0"),
                cases=str(cases),
                said=str(sum(said)),
            ),
            cases + sum(said),
        ),
        Indicator(
            8,
            answers_score(asked, in_time) if tally.total or asked else None,
            say(
                N_("%(in_time)s trên %(asked)s phản ánh, kiến nghị được trả lời đúng hạn; %(late)s quá hạn"),
                in_time=str(in_time),
                asked=str(asked),
                late=str(late),
            ),
            asked,
        ),
        Indicator(
            9,
            online_score(use),
            say(
                N_("%(services)s trên %(procedures)s thủ tục trực tuyến; %(online)s trên %(received)s hồ sơ; "
                   "%(late)s hồ sơ trực tuyến quá hạn"),
                services=str(use.online_procedures),
                procedures=str(use.procedures),
                online=str(use.received_online),
                received=str(use.received),
                late=str(use.overdue_online),
            ),
        ),
    ]  # fmt: skip


def _at_the_desk(unit: "Unit", own: Sequence[Procedure]) -> Indicator:
    """Indicator 5, from the steps of the procedures in force: which are done at the one-stop desk."""
    steps = [one.current_version.parts.steps for one in own if one.current_version]
    ends = [[step for step in each if step.kind in ("receive", "return")] for each in steps]
    at_both = sum(1 for each in ends if each and all(step.unit.where == "reception" for step in each))
    whole = sum(1 for each in steps if all(step.unit.where == "reception" for step in each))
    return Indicator(
        5,
        one_stop_score(unit.level, procedures=len(steps), received_and_returned=at_both, whole=whole),
        say(
            N_("%(both)s trên %(procedures)s thủ tục tiếp nhận và trả kết quả tại Bộ phận Một cửa; "
               "%(whole)s thủ tục làm trọn các bước tại đó"),
            both=str(at_both),
            procedures=str(len(steps)),
            whole=str(whole),
        ),
        len(steps),
    )  # fmt: skip


def _mean(number: int, points: int, cases: int, words: str) -> Indicator:
    return Indicator(number, mean_score(points, cases), say(words, cases=str(cases)), cases)


def _index(
    tally: Tally,
    online: Tally,
    sums: Mapping[str, tuple[int, int]],
    use: OnlineUse,
    used: int,
    received_of_services: int,
) -> IndexScore:
    return index_of(
        [
            part_of("cong-khai", N_("Công khai thủ tục, bốn chỉ tiêu"), "18", None),
            part_of(
                "tien-do",
                N_("Hồ sơ giải quyết trước và đúng hạn"),
                "20",
                Ratio(tally.timely, tally.finished + tally.pending_late),
            ),
            part_of("so-hoa", N_("Giấy tờ được số hóa khi tiếp nhận"), "10", Ratio(*sums["papers"])),
            part_of("so-hoa", N_("Kết quả điện tử"), "10", Ratio(*sums["results"])),
            part_of("so-hoa", N_("Dùng lại giấy tờ đã số hóa"), "2", Ratio(*sums["reused"]), full_at="0.8"),
            *online_parts(
                Ratio(use.online_procedures, use.procedures),
                Ratio(used, use.online_procedures),
                Ratio(online.received, received_of_services),
            ),
            part_of("truc-tuyen", N_("Thanh toán trực tuyến"), "10", None),
            part_of(
                "hai-long",
                N_("Hài lòng trong tiếp nhận, giải quyết hồ sơ"),
                "6",
                Ratio(tally.satisfied, tally.rated),
                full_at="0.9",
                empty="zero",
            ),
            part_of("hai-long", N_("Xử lý phản ánh, kiến nghị đúng hạn"), "6", None),
            part_of("hai-long", N_("Hài lòng trong xử lý phản ánh, kiến nghị"), "6", None),
        ]
    )
