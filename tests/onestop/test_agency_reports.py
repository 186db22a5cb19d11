"""Reports that agencies issue: figures frozen, another person checks, a person signs, the agency seals."""

import datetime as dt
import hashlib
from uuid import UUID

import pypdfium2
import pytest

from dinh.documents.models import NumberBook, NumberTaken
from dinh.foundation.actions.public import system
from dinh.foundation.directory.public import NoSigningAuthority
from dinh.foundation.files.public import open_content
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.states import NotInThisState
from dinh.onestop.actions import agency_reports
from dinh.onestop.actions.preservation import preserve_report
from dinh.onestop.models import AgencyReport, Dossier, PetitionNote
from dinh.onestop.public import (
    FigureFilter,
    PetitionFacts,
    access_agency_report,
    check_report,
    discard_report,
    find_issued_report,
    issue_report,
    note_petition,
    period_of,
    petition_lines,
    petition_notes,
    prepare_report,
    receive_report,
    report_card,
    retake_report,
    send_back_report,
    sign_report,
    take_preserved,
    visible_agency_reports,
)
from dinh.onestop.rules.agency_reports import (
    PETITION_COUNTS,
    AlreadyPrepared,
    CheckedByWriter,
    PeriodAhead,
    ReportReasonMissing,
    UnknownReport,
    report_notation,
)
from dinh.onestop.rules.periods import period_between
from tests.guards.refusing import assert_refused
from tests.onestop.conftest import MARITAL_ANSWERS
from tests.onestop.test_collisions import at_once, outcome

NOVEMBER = period_of("2026-11")
TODAY = dt.date(2026, 11, 16)
SYSTEM = system("test")


def prepared(p, *, kind="06a", by=None, agency="H99.31", period=NOVEMBER, now=None):
    return prepare_report(
        p.unit(agency).id,
        kind=kind,
        period=period,
        depth="below",
        group="linh-vuc",
        note="Đã rà soát.",
        by=by or p.records,
        now=now or p.now,
    )


def signed(p, **options):
    report = prepared(p, **options)
    check_report(report, by=p.actor("chutich.dinhson"), now=p.now)
    return sign_report(report, by=p.deputy, now=p.now)


def text_of(report):
    with open_content(report.file_id) as stream:
        content = stream.read()
    pages = pypdfium2.PdfDocument(content)
    return content, " ".join(page.get_textpage().get_text_bounded() for page in pages)


def test_a_report_is_signed_numbered_sealed_sent_and_can_be_checked(signing_province):
    """From kept figures to a sealed paper at the agency above, which anybody checks by its code."""
    p = signing_province
    p.accepted()
    report = signed(p)
    assert report.signer_title.splitlines()[-1] == "PHÓ CHỦ TỊCH"
    assert report.number == ""
    report = issue_report(report, by=p.records, now=p.now)
    assert report.number == "01/BC-UBND"
    content, text = text_of(report)
    assert "Tình hình, kết quả giải quyết thủ tục hành chính" in text
    assert "Đã rà soát." in text
    found = validate_pdf(content, now=p.now)
    assert found.verdict == "valid"
    assert len(found.signatures) == 2
    assert hashlib.sha256(content).hexdigest() in find_issued_report(report.code.lower()).hashes
    take_preserved(report.file_id, report.file_id, by=SYSTEM)
    above = p.unit("H99")
    assert report.recipient_id == above.id
    chairman = p.actor("chutich.tinh")
    assert Notice.objects.filter(person_id=chairman.person_id, template="report.issued").exists()
    assert "receive" in report_card(p.actor("vanthu.tinh"), report, now=p.now).moves
    receive_report(report, by=p.actor("vanthu.tinh"), now=p.now)
    assert AgencyReport.objects.get().state == "received"


def test_figures_stay_as_they_were_on_the_day_of_the_report(signing_province):
    p = signing_province
    dossier = p.accepted()
    report = prepared(p)
    assert report.figures["total"][0] == "1"
    p.accepted()
    assert AgencyReport.objects.get().figures["total"][0] == "1"
    assert retake_report(report, note="", by=p.records, now=p.now).figures["total"][0] == "2"
    check_report(report, by=p.actor("chutich.dinhson"), now=p.now)
    report = sign_report(report, by=p.deputy, now=p.now)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=p.now - dt.timedelta(days=3))
    report = issue_report(report, by=p.records, now=p.now)
    assert report.figures["total"][-1] == "0"
    report.figures = {**report.figures, "total": ["9"] * 11}
    with pytest.raises(Exception, match="signed_figures_stay"):
        report.save()


def test_the_figures_are_the_agencys_whoever_prepares(province):
    """A records clerk reads the dossiers of one unit; the report counts those of all units below too."""
    p = province
    p.accepted(code="1.004873", agency="H99.31.011", answers=MARITAL_ANSWERS)
    assert prepared(p).figures["total"][0] == "1"


def test_nobody_checks_or_signs_what_they_have_written(province):
    p = province
    report = prepared(p)
    AgencyReport.objects.update(writer_id=p.deputy.person_id)
    with pytest.raises(CheckedByWriter):
        check_report(report, by=p.deputy, now=p.now)
    with pytest.raises(CheckedByWriter):
        send_back_report(report, reason="Sai", by=p.deputy, now=p.now)
    check_report(report, by=p.actor("chutich.dinhson"), now=p.now)
    with pytest.raises(CheckedByWriter):
        sign_report(report, by=p.deputy, now=p.now)


def test_a_report_comes_back_with_words_and_is_made_anew(province):
    p = province
    report = prepared(p)
    head = p.actor("chutich.dinhson")
    check_report(report, by=head, now=p.now)
    with pytest.raises(ReportReasonMissing):
        send_back_report(report, reason="  ", by=p.deputy, now=p.now)
    back = send_back_report(report, reason="Thiếu giải trình", by=p.deputy, now=p.now)
    assert (back.state, back.checker) == ("prepared", "")
    assert "Thiếu giải trình" in back.answer
    again = retake_report(report, note="Do nghỉ lễ.", by=p.records, now=p.now)
    assert (again.answer, again.note) == ("", "Do nghỉ lễ.")
    discard_report(report, by=p.records)
    assert prepared(p).pk != report.pk


def test_one_report_of_a_period_is_under_way_at_a_time(province):
    p = province
    prepared(p)
    with pytest.raises(AlreadyPrepared):
        prepared(p)
    assert prepared(p, kind="07").kind == "07"
    with pytest.raises(PeriodAhead):
        prepared(p, period=period_of("2026-12"))
    with pytest.raises(UnknownReport):
        prepared(p, kind="99")
    assert AgencyReport.objects.count() == 2


def test_every_verb_of_a_report_is_refused_to_whoever_has_no_right(province):
    p = province
    other = p.actor("vanthu.anmau.dinhson")
    agency = p.unit("H99.31").id

    def prepare(by):
        return prepare_report(
            agency, kind="06a", period=NOVEMBER, depth="below", group="", note="", by=by, now=p.now
        )

    for by in (other, p.clerk, p.head, p.citizen):
        assert_refused("report.prepared", lambda by=by: prepare(by))
    report = prepared(p)
    for by in (other, p.clerk, p.citizen, p.actor("chutich.anmau.dinhson")):
        assert_refused("report.retaken", lambda by=by: retake_report(report, note="", by=by, now=p.now))
        assert_refused("report.checked", lambda by=by: check_report(report, by=by, now=p.now))
        assert_refused(
            "report.sent_back", lambda by=by: send_back_report(report, reason="x", by=by, now=p.now)
        )
        assert_refused("report.discarded", lambda by=by: discard_report(report, by=by))
        assert_refused("report.signed", lambda by=by: sign_report(report, by=by, now=p.now))
        assert_refused("report.issued", lambda by=by: issue_report(report, by=by, now=p.now))
        assert_refused("report.received", lambda by=by: receive_report(report, by=by, now=p.now))
    assert_refused("report.preserved", lambda: preserve_report(report, preserved_file_id=None, by=p.clerk))
    facts = PetitionFacts(report.pk, "PA-1", "question", None, p.now, p.now)
    assert_refused("petition.noted", lambda: note_petition(facts, by=p.clerk))
    with pytest.raises((NoSigningAuthority, NotAllowed)):
        sign_report(report, by=p.records, now=p.now)


def test_steps_of_a_report_keep_their_order(province):
    p = province
    report = prepared(p)
    with pytest.raises(NotInThisState):
        issue_report(report, by=p.records, now=p.now)
    with pytest.raises(NotInThisState):
        sign_report(report, by=p.deputy, now=p.now)
    with pytest.raises(NotInThisState):
        receive_report(report, by=p.actor("vanthu.tinh"), now=p.now)


def test_a_seal_that_fails_after_the_number_leaves_nothing_half_done(signing_province, monkeypatch):
    """The lights go out between number and seal: the number is given back, and comes again."""
    p = signing_province
    report = signed(p)
    took = []

    def fail(file_id, *, number, **options):
        took.append(number)
        raise ConnectionError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr(agency_reports, "number_and_seal_file", fail)
        with pytest.raises(ConnectionError):
            issue_report(report, by=p.records, now=p.now)
    assert took == ["01/BC-UBND"]
    assert not NumberTaken.objects.exists()
    kept = AgencyReport.objects.get()
    assert (kept.state, kept.number, kept.sealed_at) == ("signed", "", None)
    assert find_issued_report(report.code) is None
    assert issue_report(report, by=p.records, now=p.now).number == "01/BC-UBND"


def test_two_who_issue_the_same_report_take_one_number(open_signing_province):
    p = open_signing_province
    report = signed(p)
    clerk = p.records
    answers = at_once([lambda: issue_report(report, by=clerk, now=p.now)] * 3)
    assert outcome(answers) == {"done": 1, "refused": 2}
    assert NumberBook.objects.get().last == 1
    assert NumberTaken.objects.count() == 1
    assert AgencyReport.objects.get().state == "issued"


def test_two_who_prepare_the_same_report_make_one(open_province):
    p = open_province
    clerk, agency = p.records, p.unit("H99.31").id

    def prepare():
        return prepare_report(
            agency, kind="06a", period=NOVEMBER, depth="below", group="", note="", by=clerk, now=p.now
        )

    assert outcome(at_once([prepare] * 3)) == {"done": 1, "refused": 2}
    assert AgencyReport.objects.count() == 1


def test_who_sees_a_report(signing_province):
    """Drafts are the agency's own; what is issued is seen above, never beside and never below."""
    p = signing_province
    report = prepared(p)
    seers = {"vanthu.dinhson", "chutich.dinhson", "phochutich.dinhson"}
    others = {"chutich.tinh", "vanthu.tinh", "motcua.dinhson", "vanthu.anmau.dinhson", "giamdoc.stp"}

    def who():
        names = seers | others
        return {name for name in names if visible_agency_reports(p.actor(name)).exists()}

    assert who() == seers
    with pytest.raises(NotFound):
        access_agency_report(p.actor("chutich.tinh"), report.pk)
    assert not visible_agency_reports(p.citizen).exists()
    check_report(report, by=p.actor("chutich.dinhson"), now=p.now)
    sign_report(report, by=p.deputy, now=p.now)
    issue_report(report, by=p.records, now=p.now)
    assert who() == seers | {"chutich.tinh", "vanthu.tinh"}


def facts(p, number, *, agency="H99.31", kind="feedback", days=0, due=10, answered=None, declined=None):
    at = p.now + dt.timedelta(days=days)
    return PetitionFacts(
        petition_id=UUID(int=number),
        code=f"PA-{number}",
        kind=kind,
        agency_id=p.unit(agency).id if agency else None,
        received_at=at,
        due_at=at + dt.timedelta(days=due),
        answered_at=None if answered is None else at + dt.timedelta(days=answered),
        declined_at=None if declined is None else at + dt.timedelta(days=declined),
    )


@pytest.fixture
def petitions(province):
    """Petitions of the district in every column, one of another agency, one that nobody answers yet."""
    p = province
    rows = [
        facts(p, 1, days=-60, due=20),
        facts(p, 2, days=-10, due=20, answered=3),
        facts(p, 3, days=-10, due=5, answered=8),
        facts(p, 4, days=-12, due=4),
        facts(p, 5, days=-2, kind="question"),
        facts(p, 6, days=-3, declined=1),
        facts(p, 7, agency="H99.02"),
        facts(p, 8, agency=None),
    ]
    for row in rows:
        note_petition(row, by=SYSTEM)
    return p


def test_every_figure_of_petitions_is_the_number_of_rows_of_its_list(petitions):
    p = petitions
    leader = p.actor("chutich.dinhson")
    chosen = FigureFilter(unit_id=p.unit("H99.31").id)
    lines = petition_lines(leader, NOVEMBER, chosen, today=TODAY)
    assert {line.kind for line in lines} == {"feedback", "question"}
    for line in lines:
        for key, count in line.counts.items():
            rows = petition_notes(leader, key, NOVEMBER, chosen, kind=line.kind, today=TODAY)
            assert rows.count() == count, key
    total = {key: sum(line.counts[key] for line in lines) for key in PETITION_COUNTS}
    assert total["pa-tong"] == total["pa-moi"] + total["pa-ky-truoc"] == 6
    assert total["pa-tong"] == sum(
        total[key]
        for key in (
            "pa-xong-dung-han",
            "pa-xong-qua-han",
            "pa-dang-trong-han",
            "pa-dang-qua-han",
            "pa-khong-nhan",
        )
    )
    assert (total["pa-xong-dung-han"], total["pa-xong-qua-han"]) == (1, 1)
    assert total["pa-dang-qua-han"] == 2


def test_petitions_of_another_agency_are_not_counted_and_not_listed(petitions):
    p = petitions
    other = FigureFilter(unit_id=p.unit("H99.02").id)
    with pytest.raises(NotFound):
        petition_lines(p.actor("chutich.dinhson"), NOVEMBER, other, today=TODAY)
    rows = petition_notes(p.actor("chutich.dinhson"), "pa-tong", NOVEMBER, other, today=TODAY)
    assert rows.count() == 0
    assert PetitionNote.objects.filter(agency=None).count() == 1


def test_report_07_has_causes_and_petitions(petitions):
    p = petitions
    late = p.accepted()
    Dossier.objects.filter(pk=late.pk).update(due_at=p.now - dt.timedelta(days=2))
    report = prepared(p, kind="07")
    assert report.figures["total"][0] == "1"
    assert report.figures["petition_total"][0] == "6"
    assert [line["label"] for line in report.figures["petitions"]] == ["Phản ánh", "Hỏi đáp"]


def test_periods_have_their_shortest_name():
    assert period_between("2026-01-01", "2026-12-31").code == "2026"
    assert period_between("2026-07-01", "2026-09-30").code == "2026-Q3"
    assert period_between("2026-11-01", "2026-11-30").code == "2026-11"
    assert period_between("2026-11-16", "2026-11-16").code == "2026-11-16"
    assert period_between("2025-12-15", "2026-11-14").code == "2025-12-15..2026-11-14"
    assert period_between("2026-11-16", "2026-11-15") is None
    assert period_between("x", "2026-11-15") is None


def test_notations_name_the_agency():
    assert report_notation("UBND") == "BC-UBND"
    assert report_notation("") == "BC"
