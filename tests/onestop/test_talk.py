"""Notes among officials and messages with the applicant; a dossier that waits too long is stopped."""

import datetime as dt

import pytest

from dinh.foundation.actions.models import AuditEntry, OutboxMessage
from dinh.foundation.actions.public import Actor
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Message, Note, Paper, Supplement
from dinh.onestop.public import (
    answer_by_of,
    ask_supplement,
    claim,
    give_supplement,
    note_messages_read,
    send_message,
    stop,
    talk_of,
    unread_messages,
    write_note,
)
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.stopping import NotWaiting, TooEarlyToStop
from dinh.onestop.rules.talk import NoAccount, NothingWritten, TooLong, TooManyUnanswered
from tests.onestop.conftest import check_whole


def test_notes_stay_inside(province):
    p = province
    dossier = p.accepted()
    write_note(dossier, text=" Đã gọi điện hỏi địa chỉ. ", by=p.specialist, now=p.now)
    assert [one.text for one in talk_of(dossier, by=p.clerk).notes] == ["Đã gọi điện hỏi địa chỉ."]
    assert talk_of(dossier, by=p.citizen).notes == []
    for by in (p.citizen, p.commune, p.other_commune):
        with pytest.raises(NotAllowed):
            write_note(dossier, text="x", by=by, now=p.now)
    assert AuditEntry.objects.get(verb="note.written").changes["text"] == ["•", "•"]


def test_applicant_and_official_write_to_each_other_and_are_told(province):
    p = province
    dossier = p.accepted()
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    send_message(dossier, text="Bao giờ xong ạ?", by=p.citizen, now=p.now)
    told = Notice.objects.filter(template="message.from_applicant")
    assert list(told.values_list("person_id", flat=True)) == [p.specialist.person_id]
    assert unread_messages(dossier, by=p.specialist) == 1
    note_messages_read(dossier, by=p.actor("vanthu.dinhson"), now=p.now)
    assert unread_messages(dossier, by=p.specialist) == 1
    note_messages_read(dossier, by=p.specialist, now=p.now)
    assert unread_messages(dossier, by=p.specialist) == 0
    send_message(dossier, text="Sáng mai có kết quả.", by=p.specialist, now=p.now)
    notice = Notice.objects.get(person_id=p.citizen.person_id, template="message.from_official")
    assert notice.link == f"/ho-so-cua-toi/{dossier.id}/trao-doi/"
    said = talk_of(dossier, by=p.citizen).messages
    assert [(one.text, one.mine) for one in said] == [
        ("Bao giờ xong ạ?", True),
        ("Sáng mai có kết quả.", False),
    ]
    outside = [str(one.payload) for one in OutboxMessage.objects.all()]
    assert not [one for one in outside if "Sáng mai" in one or "Bao giờ" in one]


def test_before_anybody_holds_it_the_desk_is_told(province):
    p = province
    send_message(p.submitted(), text="Tôi nộp nhầm xã", by=p.citizen, now=p.now)
    told = set(Notice.objects.filter(template="message.from_applicant").values_list("person_id", flat=True))
    assert p.clerk.person_id in told


def test_words_have_their_bounds(province):
    p = province
    dossier = p.accepted()
    with pytest.raises(NothingWritten):
        send_message(dossier, text=" \n", by=p.citizen, now=p.now)
    with pytest.raises(TooLong):
        write_note(dossier, text="x" * 2001, by=p.clerk, now=p.now)
    for _ in range(10):
        send_message(dossier, text="?", by=p.citizen, now=p.now)
    with pytest.raises(TooManyUnanswered):
        send_message(dossier, text="?", by=p.citizen, now=p.now)
    send_message(dossier, text="Vâng", by=p.clerk, now=p.now)
    send_message(dossier, text="Cảm ơn", by=p.citizen, now=p.now)
    assert Message.objects.filter(dossier=dossier).count() == 12
    assert Note.objects.count() == 0


def test_nobody_else_reads_or_writes_and_who_has_no_account_is_not_written_to(province):
    p = province
    dossier = p.accepted()
    for by in (p.actor("congdan2"), p.other_commune, p.commune, Actor(kind="visitor", name="–")):
        with pytest.raises(NotAllowed):
            send_message(dossier, text="x", by=by, now=p.now)
    dossier.owner_id = None
    with pytest.raises(NoAccount):
        send_message(dossier, text="x", by=p.clerk, now=p.now)


def waiting(p):
    dossier = p.accepted()
    ask_supplement(dossier, items=[{"text": "Ảnh rõ"}], reason="Mờ", contact="", by=p.specialist, now=p.now)
    dossier.refresh_from_db()
    return dossier


def test_a_dossier_is_stopped_after_the_time_to_complete_it_and_not_before(province):
    p = province
    dossier = waiting(p)
    until = answer_by_of(dossier)
    # Thirty calendar days after the day of the request, to the end of that working day.
    assert until == dt.datetime(2026, 12, 16, 17, 0, tzinfo=p.now.tzinfo)
    with pytest.raises(TooEarlyToStop, match="17:00 16/12/2026"):
        stop(dossier, reason="Quá hạn", by=p.clerk, now=until)
    p.now = until + dt.timedelta(minutes=1)
    with pytest.raises(NeedsReason):
        stop(dossier, reason=" ", by=p.clerk, now=p.now)
    stop(dossier, reason="Quá hạn bổ sung", by=p.clerk, now=p.now)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.finished_at) == ("stopped", p.now)
    assert Notice.objects.filter(person_id=p.citizen.person_id, template="dossier.stopped").count() == 1
    assert not Paper.objects.filter(dossier=dossier, form="stop").exists()
    check_whole(dossier.id)


def test_what_was_completed_or_never_asked_is_not_stopped(province):
    p = province
    dossier = waiting(p)
    give_supplement(dossier, parts=[], note="Đây", by=p.citizen, now=p.now)
    for one in (dossier, p.submitted()):
        with pytest.raises(NotWaiting):
            stop(one, reason="x", by=p.clerk, now=p.now + dt.timedelta(days=60))


def test_who_takes_no_part_stops_nothing(province):
    p = province
    dossier = waiting(p)
    for by in (p.citizen, p.head, p.other_commune):
        with pytest.raises(NotAllowed):
            stop(dossier, reason="x", by=by, now=p.now + dt.timedelta(days=60))


def test_since_2025_the_notice_of_stopping_is_a_form_of_its_own(signing_province, settings, run_jobs):
    """Law: TT 03/2025 Mẫu 05
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/dung/
    """
    p = signing_province
    settings.LEGAL_PROFILE = "VN2025:four_levels"
    dossier = waiting(p)
    assert Supplement.objects.get(dossier=dossier).answer_by is not None
    stop(dossier, reason="Quá hạn bổ sung", by=p.clerk, now=p.now + dt.timedelta(days=40))
    paper = Paper.objects.get(dossier=dossier, form="stop")
    assert (paper.content["form_number"], paper.content["form_title"]) == (
        "05",
        "Thông báo dừng giải quyết hồ sơ",
    )
    run_jobs()
    paper.refresh_from_db()
    assert paper.state == "ready"
