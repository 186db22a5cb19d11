"""Words beside a dossier, on both sides' screens."""

import pytest

from dinh.onestop.public import ask_supplement
from tests.workspace.conftest import accepted, source, words

pytestmark = pytest.mark.django_db


def test_a_question_is_asked_on_the_portal_and_answered_at_the_desk(province, seat):
    dossier = accepted(province)
    citizen, clerk = seat("congdan"), seat("motcua.dinhson")
    own, inside = f"/ho-so-cua-toi/{dossier.id}/", f"/lam-viec/ho-so/{dossier.id}/"
    assert f'href="{own}trao-doi/"' in source(citizen.get(own))
    empty = citizen.post(f"{own}trao-doi/", {"message-text": "  "})
    assert empty.status_code == 409
    assert 'href="#f-message-text"' in source(empty)
    assert citizen.post(f"{own}trao-doi/", {"message-text": "Bao giờ <b>xong</b>?"}).status_code == 302
    assert 'Trao đổi</span> <span class="count">1</span>' in source(clerk.get(inside))
    tab = clerk.get(f"{inside}?phan=trao-doi")
    assert "&lt;b&gt;xong&lt;/b&gt;" in tab.content.decode()
    assert '<span class="count">' not in source(clerk.get(inside))
    answer = clerk.post(f"{inside}nhan-tin/", {"message-text": "Chiều nay."})
    assert answer["Location"] == f"{inside}?phan=trao-doi"
    assert "Trao đổi với cán bộ (1 tin mới)" in words(citizen.get(own))
    assert "Chiều nay." in words(citizen.get(f"{own}trao-doi/"))
    assert "cán bộ đã đọc" in words(citizen.get(f"{own}trao-doi/"))


def test_a_note_is_for_officials_and_bad_ones_keep_what_was_typed(province, seat):
    dossier = accepted(province)
    clerk, inside = seat("motcua.dinhson"), f"/lam-viec/ho-so/{dossier.id}/"
    assert clerk.post(f"{inside}ghi-chu/", {"note-text": "Đã đối chiếu bản chính"}).status_code == 302
    assert "Đã đối chiếu bản chính" in words(clerk.get(f"{inside}?phan=trao-doi"))
    long = clerk.post(f"{inside}ghi-chu/", {"note-text": "x" * 2001})
    assert long.status_code == 409
    assert 'href="#f-note-text"' in source(long)
    assert "x" * 2001 in source(long)
    own = seat("congdan").get(f"/ho-so-cua-toi/{dossier.id}/")
    assert "Đã đối chiếu" not in words(own)
    stranger = seat("congchuc.anmau.dinhson")
    for verb in ("ghi-chu", "nhan-tin", "dung"):
        assert stranger.post(f"{inside}{verb}/", {"note-text": "x"}).status_code == 404
    assert seat("congdan2").get(f"/ho-so-cua-toi/{dossier.id}/trao-doi/").status_code == 404


def test_stopping_is_offered_when_the_time_is_over(province, seat, hour):
    dossier = accepted(province)
    ask_supplement(
        dossier, items=[{"text": "Ảnh rõ"}], reason="Mờ", contact="", by=province.specialist, now=province.now
    )
    inside = f"/lam-viec/ho-so/{dossier.id}/"
    page = source(seat("motcua.dinhson").get(inside))
    assert "Người nộp được bổ sung đến 17:00 16/12/2026." in words(seat("motcua.dinhson").get(inside))
    assert "Dừng giải quyết</span>" not in page
    assert "Bổ sung trước 17:00 16/12/2026." in words(
        seat("congdan").get(f"/ho-so-cua-toi/{dossier.id}/bo-sung/")
    )
    early = seat("motcua.dinhson").post(f"{inside}dung/", {"stop-reason": "x"})
    assert early.status_code == 409
    hour.pass_days(31)
    clerk = seat("motcua.dinhson")
    assert "Dừng giải quyết</span>" in source(clerk.get(inside))
    assert clerk.post(f"{inside}dung/", {"stop-reason": ""}).status_code == 409
    assert clerk.post(f"{inside}dung/", {"stop-reason": "Quá hạn"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == "stopped"
