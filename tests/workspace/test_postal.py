"""The post at the desk: dossiers that come by it, results that go by it, parcels delivered or come back."""

import datetime as dt
from typing import Any

import pytest

from dinh.kernel.clocks import Timeliness
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Dossier, FeeItem, Handover, Paper, Parcel, Payment, StepRun, WorkItem
from dinh.onestop.public import (
    ReturnChoice,
    choose_return,
    control_slip,
    count_of_tab,
    hand_to_post,
    mark_came_back,
    mark_delivered,
    return_result,
)
from dinh.onestop.rules.checks import ResultNotReady
from dinh.onestop.rules.payments import FeeUnpaid
from dinh.onestop.rules.postal import (
    AlreadyAtThePost,
    NotByPost,
    NumberTaken,
    ReturnFixed,
    ShownMissing,
    check_shown,
)
from tests.onestop.conftest import Province, check_whole, open_signing_province
from tests.onestop.test_collisions import at_once, outcome
from tests.onestop.test_payments import fresh_definitions
from tests.workspace.conftest import source, statements, words
from tests.workspace.test_counter import PAGE, TYPED, scan

__all__ = ["fresh_definitions", "open_signing_province"]

pytestmark = pytest.mark.django_db

BY_POST = f"{PAGE}?kenh=buu-chinh"
CAME = {"postal-number": "rr 123 456 785 vn", "postal-marked": "13/11/2026", "postal-arrived": "16/11/2026"}
ADDRESS = {
    "return-way": "post",
    "return-recipient": "Trần Văn Mẫu",
    "return-phone": "0900 000 009",
    "return-commune": "H99.31.011",
    "return-street": "Số 5, thôn 3",
}
TO = ReturnChoice(
    way="post", recipient="Trần Văn Mẫu", phone="0900000009", street="Thôn 3", commune="H99.31.011"
)
LIST = "/lam-viec/buu-chinh/"
NUMBER, OTHER = "RR123456785VN", "BK00000001"


def issued(p: Province, **options: Any) -> Dossier:
    """A dossier whose result is issued."""
    dossier = p.accepted(**options)
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    return dossier


def finished(p: Province, **options: Any) -> Dossier:
    """A dossier whose result is issued and paid, and waits at the desk."""
    dossier = issued(p, **options)
    p.pay(dossier, "result")
    return dossier


def to_send(p: Province) -> Dossier:
    return choose_return(finished(p), choice=TO, by=p.citizen, now=p.now)


def sent(p: Province, dossier: Dossier, number: str = NUMBER) -> Parcel:
    return hand_to_post(dossier, number=number, sent_on=p.now.date(), by=p.clerk, now=p.now)


# ---- a result that waits for who comes ---------------------------------------------------------------


def test_nobody_is_late_with_a_result_that_waits_for_its_recipient(signing_province):
    """The result is ready and its recipient told: the returning step rests until they come, and runs again
    only while there is a parcel for the desk to send.

    Law: NĐ 61/2018 Điều 20 ý 1
    Screen: /lam-viec/
    """
    p = signing_province
    dossier = finished(p)
    late = p.now + dt.timedelta(days=60)

    def stands() -> tuple[bool, bool, int, int]:
        item, step = WorkItem.objects.get(dossier=dossier), p.open_step(dossier, "tra_ket_qua")
        tabs = (count_of_tab(p.clerk, tab, now=late) for tab in ("overdue", "waiting"))
        return item.is_waiting, step.due_at is None, *tabs

    assert stands() == (True, True, 0, 1)
    choose_return(dossier, choice=TO, by=p.citizen, now=p.now)
    assert stands() == (False, False, 1, 0)
    choose_return(dossier, choice=ReturnChoice(way="desk"), by=p.clerk, now=p.now)
    assert stands() == (True, True, 0, 1)
    return_result(p.open_step(dossier, "tra_ket_qua"), shown="receipt", by=p.clerk, now=late)
    assert control_slip(Dossier.objects.get(pk=dossier.pk), now=late).rows[-1].timely == Timeliness.EARLY
    check_whole(dossier.id)


# ---- a dossier that came by post -----------------------------------------------------------------


def test_a_dossier_that_came_by_post_is_taken_in_and_its_receipt_says_how(province, seat, run_jobs):
    """Law: NĐ 61/2018 Điều 16 ý 2
    Screen: /lam-viec/tiep-nhan/<str:code>/
    Law: NĐ 61/2018 Điều 17 khoản 1 ý 1
    Screen: /lam-viec/tiep-nhan/<str:code>/
    """
    client = seat("motcua.dinhson")
    assert "Hồ sơ đến qua bưu chính" in words(client.get("/lam-viec/tiep-nhan/"))
    assert "?kenh=buu-chinh" in source(client.get("/lam-viec/tiep-nhan/?kenh=buu-chinh"))
    form = words(client.get(BY_POST))
    assert "Số hiệu bưu gửi" in form
    assert "Đưa người nộp xác nhận trên điện thoại" not in form
    answer = client.post(BY_POST, {**TYPED, **CAME, **ADDRESS, "paper-giay_to_phap_ly": scan()})
    assert answer.status_code == 302, words(answer)
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.channel, dossier.return_way) == ("processing", "post", "post")
    came = dossier.came_by_post
    assert came.number == NUMBER
    assert (came.postmarked_on, came.arrived_on) == (dt.date(2026, 11, 13), dt.date(2026, 11, 16))
    assert "báo cho người nộp" in words(client.get(answer["Location"]))
    content = Paper.objects.get(form="receipt").content
    assert content["postal"] == (
        "số hiệu bưu gửi RR123456785VN, dấu bưu điện ngày 13/11/2026, đến ngày 16/11/2026"
    )
    assert "Số 5, thôn 3, xã Bình Mẫu" in content["return_at"]
    assert content["postage"] == ""
    check_whole(dossier.id)
    page = words(client.get(f"/lam-viec/ho-so/{dossier.id}/"))
    assert "Bưu chính công ích" in page
    assert "số hiệu bưu gửi RR123456785VN" in words(
        client.get(f"/lam-viec/ho-so/{dossier.id}/?phan=dien-bien")
    )


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"postal-number": ""}, "postal-number"),
        ({"postal-number": "RR123456784VN"}, "postal-number"),
        ({"postal-number": "<script>"}, "postal-number"),
        ({"postal-arrived": ""}, "postal-arrived"),
        ({"postal-arrived": "17/11/2026"}, "postal-arrived"),
        ({"postal-marked": "31/02/2026", "postal-arrived": "x"}, "postal-arrived"),
        ({"postal-marked": "16/11/2026", "postal-arrived": "13/11/2026"}, "postal-arrived"),
        ({"return-commune": "H98.01"}, "return-commune"),
        ({"return-commune": "H99.31"}, "return-commune"),
        ({"return-phone": "12"}, "return-phone"),
        ({"return-street": " "}, "return-street"),
        ({"return-way": "pigeon"}, "return-way"),
    ],
)
def test_a_wrong_parcel_or_address_is_shown_at_its_place_and_nothing_is_kept(province, seat, typed, place):
    sent = {**TYPED, **CAME, **ADDRESS, **typed, "given-giay_to_phap_ly": "1"}
    answer = seat("motcua.dinhson").post(BY_POST, sent)
    assert answer.status_code == 422
    page = source(answer)
    assert f'href="#f-{place}"' in page
    assert 'value="Tạp hóa Hòa Bình"' in page
    assert not Dossier.objects.exists()


def test_a_fee_is_paid_at_the_desk_by_post_or_online(province, seat):
    """Law: NĐ 61/2018 Điều 22
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/phi/
    """
    client = seat("motcua.dinhson")
    given = {**TYPED, "given-giay_to_phap_ly": "1", "takes-cash": "1"}
    assert client.post(PAGE, given).status_code == 302
    assert client.post(BY_POST, {**given, **CAME}).status_code == 302
    by_post = Dossier.objects.get(channel="post")
    assert [one.method for one in Payment.objects.order_by("id")] == ["cash", "post"]
    assert Payment.objects.filter(method="post", receipt=None).count() == 0
    assert not FeeItem.objects.filter(dossier=by_post, paid_at=None).exists()
    assert "Qua bưu chính" in words(client.get(f"/lam-viec/ho-so/{by_post.id}/phi/"))
    book = words(client.get("/lam-viec/so-quy/"))
    assert "Qua bưu chính" in book
    third = province.accepted()
    assert client.post(f"/lam-viec/ho-so/{third.id}/thu-phi/", {"method": "post"}).status_code == 302
    assert Payment.objects.get(dossier=third).method == "post"
    online = seat("congdan").get(f"/ho-so-cua-toi/{province.accepted().id}/phi/")
    assert "Thanh toán trực tuyến" in words(online)


# ---- how the result is received ---------------------------------------------------------------------


def test_the_citizen_and_the_desk_choose_how_the_result_is_received(province, seat, settings):
    settings.RETURN_POSTAGE = 30_000
    dossier = province.accepted()
    citizen, clerk = seat("congdan"), seat("motcua.dinhson")
    here = f"/ho-so-cua-toi/{dossier.id}/nhan-ket-qua/"
    assert "Xã, phường, thị trấn" in words(citizen.get(here))
    wrong = citizen.post(here, {**ADDRESS, "return-street": ""})
    assert wrong.status_code == 422
    assert 'href="#f-return-street"' in source(wrong)
    assert 'value="Trần Văn Mẫu"' in source(wrong)
    assert citizen.post(here, ADDRESS).status_code == 302
    shown = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "Nhận bản giấy qua bưu chính công ích" in shown
    assert "Đăng ký nhận kết quả qua bưu chính công ích" in shown
    way = f"/lam-viec/ho-so/{dossier.id}/nhan-ket-qua/"
    page = words(clerk.get(way)).replace("\u00a0", " ")
    assert "30.000 đ" in page
    assert clerk.post(way, {"return-way": "desk"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.return_way == "desk"
    assert not hasattr(dossier, "return_address")
    assert clerk.post(way, {"return-way": "?"}).status_code == 409


def test_only_who_has_the_dossier_chooses_and_not_after_it_left(signing_province):
    p = signing_province
    dossier = to_send(p)
    for stranger in (p.actor("congdan2"), p.actor("motcua.anmau.dinhson"), p.specialist):
        with pytest.raises(NotAllowed):
            choose_return(dossier, choice=TO, by=stranger, now=p.now)
    sent(p, dossier)
    for chooser in (p.citizen, p.clerk):
        with pytest.raises(ReturnFixed):
            choose_return(dossier, choice=TO, by=chooser, now=p.now)


# ---- the desk's list ---------------------------------------------------------------------------------


def test_a_result_goes_by_post_and_its_delivery_ends_the_dossier(signing_province, seat):
    p = signing_province
    dossier = to_send(p)
    clerk, citizen = seat("motcua.dinhson"), seat("congdan")
    assert dossier.code in words(clerk.get(LIST))
    handed = clerk.post(
        f"/lam-viec/ho-so/{dossier.id}/giao-buu-chinh/",
        {"number": NUMBER, "sent-on": "16/11/2026", "postage": "25.000"},
    )
    assert handed.status_code == 302, words(handed)
    assert dossier.code not in words(clerk.get(LIST))
    under_way = words(clerk.get(f"{LIST}?muc=dang-chuyen"))
    assert NUMBER in under_way
    assert "Thôn 3, xã Bình Mẫu" in under_way
    step = StepRun.objects.get(dossier=dossier, kind="return")
    assert step.state == "open"
    assert WorkItem.objects.get(step=step).is_waiting
    told = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/")).replace("\u00a0", " ")
    assert NUMBER in told
    assert "25.000 đ" in told
    assert "đã giao cho bưu chính" in words(citizen.get("/thong-bao/"))
    parcel = Parcel.objects.get()
    assert clerk.post(f"/lam-viec/buu-gui/{parcel.id}/da-phat/").status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == "returned"
    assert Handover.objects.get().parcel == parcel
    assert not WorkItem.objects.filter(dossier=dossier).exists()
    assert "Bưu chính đã phát kết quả ngày 16/11/2026" in words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert NUMBER in words(clerk.get(f"{LIST}?muc=da-phat"))
    check_whole(dossier.id)


def test_a_parcel_that_comes_back_waits_at_the_desk_again(signing_province, seat, hour):
    p = signing_province
    dossier = to_send(p)
    parcel = sent(p, dossier)
    hour.pass_days(2)
    clerk, citizen = seat("motcua.dinhson"), seat("congdan")
    back = f"/lam-viec/buu-gui/{parcel.id}/chuyen-hoan/"
    nothing = clerk.post(back, {"reason": "  "})
    assert nothing.status_code == 409
    assert 'href="#f-reason"' in source(nothing)
    assert clerk.post(back, {"reason": "Không có người nhận"}).status_code == 302
    item = WorkItem.objects.get(dossier=dossier)
    assert not item.is_waiting
    assert item.due_at > hour.now
    check_whole(dossier.id)
    assert "Không có người nhận" in words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "chưa phát được" in words(citizen.get("/thong-bao/"))
    assert "Không có người nhận" in words(clerk.get(f"{LIST}?muc=chuyen-hoan"))
    assert dossier.code in words(clerk.get(LIST))
    again = clerk.post(
        f"/lam-viec/ho-so/{dossier.id}/giao-buu-chinh/", {"number": OTHER, "sent-on": "18/11/2026"}
    )
    assert again.status_code == 302
    assert [one.state for one in Parcel.objects.order_by("id")] == ["came_back", "sent"]


def test_whoever_comes_to_the_desk_before_gets_the_result_there(signing_province):
    p = signing_province
    dossier = to_send(p)
    return_result(p.open_step(dossier, "tra_ket_qua"), shown="receipt", by=p.clerk, now=p.now)
    with pytest.raises(ResultNotReady):
        sent(p, dossier)
    assert not Parcel.objects.exists()


def test_a_parcel_needs_a_choice_a_result_its_fees_and_a_number_of_its_own(
    signing_province,
):
    p = signing_province
    waiting = choose_return(p.accepted(), choice=TO, by=p.citizen, now=p.now)
    with pytest.raises(ResultNotReady):
        sent(p, waiting)
    dossier = issued(p)
    with pytest.raises(NotByPost):
        sent(p, dossier)
    choose_return(dossier, choice=TO, by=p.clerk, now=p.now)
    with pytest.raises(FeeUnpaid):
        sent(p, dossier)
    p.pay(dossier, "result")
    other = to_send(p)
    sent(p, other)
    with pytest.raises(NumberTaken):
        sent(p, dossier)
    with pytest.raises(AlreadyAtThePost):
        sent(p, other, OTHER)
    with pytest.raises(AlreadyAtThePost):
        return_result(p.open_step(other, "tra_ket_qua"), shown="receipt", by=p.clerk, now=p.now)


def test_only_the_desk_of_the_result_handles_its_parcels(signing_province, seat):
    p = signing_province
    dossier = to_send(p)
    strangers = (p.actor("motcua.anmau.dinhson"), p.specialist, p.citizen, p.records)
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            hand_to_post(dossier, number=NUMBER, sent_on=p.now.date(), by=stranger, now=p.now)
    parcel = sent(p, dossier)
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            mark_delivered(parcel, on=p.now.date(), by=stranger, now=p.now)
        with pytest.raises(NotAllowed):
            mark_came_back(parcel, on=p.now.date(), reason="x", by=stranger, now=p.now)
    other = seat("motcua.anmau.dinhson")
    assert dossier.code not in words(other.get(f"{LIST}?muc=dang-chuyen"))
    assert other.post(f"/lam-viec/buu-gui/{parcel.id}/da-phat/").status_code == 404
    assert other.get(f"/lam-viec/ho-so/{dossier.id}/nhan-ket-qua/").status_code == 404
    assert seat("chuyenvien.tckh.dinhson").get(LIST).status_code == 403
    assert (
        seat("chuyenvien.tckh.dinhson").get(f"/lam-viec/ho-so/{dossier.id}/nhan-ket-qua/").status_code == 200
    )


@pytest.mark.django_db(transaction=True)
def test_two_clerks_hand_over_the_same_result(open_signing_province):
    p = open_signing_province
    dossier = to_send(p)
    clerks = [p.clerk, p.actor("motcua2.dinhson")]
    answers = at_once(
        [
            lambda by=by, number=number: hand_to_post(
                dossier, number=number, sent_on=p.now.date(), by=by, now=p.now
            )
            for by, number in zip(clerks * 2, (NUMBER, OTHER, NUMBER, OTHER), strict=True)
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 3}
    assert Parcel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_number_goes_to_one_of_two_dossiers(open_signing_province):
    p = open_signing_province
    dossiers = [to_send(p), to_send(p)]
    answers = at_once([lambda one=one: sent(p, one) for one in dossiers])
    assert outcome(answers) == {"done": 1, "refused": 1}
    assert Parcel.objects.count() == 1


def test_the_list_asks_as_much_for_many_as_for_one(signing_province, seat):
    p = signing_province
    clerk = seat("motcua.dinhson")
    to_send(p)
    few = len(statements(clerk, LIST))
    for _ in range(3):
        to_send(p)
    assert len(statements(clerk, LIST)) == few


# ---- who fetches a result shows a paper ------------------------------------------------------------------


def test_who_fetches_a_result_shows_the_receipt_or_an_authorisation(signing_province, seat):
    """Law: NĐ 61/2018 Điều 6 ý 2
    Screen: /lam-viec/buoc/<uuid:step_id>/tra-ket-qua/
    """
    p = signing_province
    dossier = finished(p)
    clerk = seat("motcua.dinhson")
    step = p.open_step(dossier, "tra_ket_qua")
    here = f"/lam-viec/buoc/{step.id}/tra-ket-qua/"
    assert "Mất giấy hẹn: thẻ căn cước của chính người nộp" in words(
        clerk.get(f"/lam-viec/ho-so/{dossier.id}/")
    )
    nothing = clerk.post(here)
    assert nothing.status_code == 409
    assert "Hãy chọn giấy mà người nhận kết quả đã xuất trình" in words(nothing)
    unnamed = clerk.post(here, {"shown": "authorisation", "fetched-by": "Lê Thị Nhận Thay"})
    assert unnamed.status_code == 409
    assert 'value="Lê Thị Nhận Thay"' in source(unnamed)
    with pytest.raises(ShownMissing):
        return_result(step, shown="", by=p.clerk, now=p.now)
    assert check_shown("identity", "Ai đó", "Giấy khác") == ("identity", "", "")
    fetched = {"shown": "authorisation", "fetched-by": "Lê Thị Nhận Thay", "authorisation": "Số 12/UQ"}
    assert clerk.post(here, fetched).status_code == 302
    kept = Handover.objects.get(dossier=dossier)
    assert (kept.shown, kept.name, kept.paper) == ("authorisation", "Lê Thị Nhận Thay", "Số 12/UQ")
    page = words(clerk.get(f"/lam-viec/ho-so/{dossier.id}/nhan-ket-qua/"))
    assert "Giấy ủy quyền nhận thay: Lê Thị Nhận Thay, Số 12/UQ" in page
    assert "Đã trả kết quả cho Lê Thị Nhận Thay, theo Số 12/UQ" in words(
        seat("congdan").get(f"/ho-so-cua-toi/{dossier.id}/")
    )
