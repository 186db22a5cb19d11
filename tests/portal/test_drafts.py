"""Filling in and sending: kept as it is typed, errors at their places, sent once."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.utils import timezone

from dinh.foundation.directory.models import Person, Unit
from dinh.foundation.directory.public import area_of
from dinh.onestop.models import Dossier, Draft
from dinh.onestop.public import save_answers
from dinh.portal.views import drafts
from dinh.sso.models import Session
from tests.portal.conftest import PAGES, TYPED, begin, fill, id_in, photo, send, sentences, signed_in, words


def draft_of(address: str) -> Draft:
    return Draft.objects.get(pk=id_in(address))


def test_a_citizen_sends_a_dossier_and_holds_the_proof(signing_province, run_jobs):
    """Law: NĐ 61/2018 Điều 16 ý 3
    Screen: /nop-ho-so/<uuid:draft_id>/nop/
    Law: TT 01/2018 Điều 16 khoản 2 ý 3
    Screen: /nop-ho-so/<uuid:draft_id>/nop/
    """
    citizen = signed_in("congdan")
    address = begin(citizen, signing_province)
    fill(citizen, address)
    check = words(citizen.get(f"{address}kiem-tra/"))
    for part in ("Tạp hóa Bình Minh", "CCCD mặt trước.jpg", "100.000 đ", "ước tính", "3 ngày làm việc"):
        assert part in check
    answer = send(citizen, address)
    confirmation = citizen.get(answer["Location"])
    dossier = Dossier.objects.get()
    assert dossier.request_code in words(confirmation)
    assert "trả lời chậm nhất" in words(confirmation)
    assert "đang lập" in words(confirmation)
    run_jobs()
    proof = citizen.get(f"/ho-so-cua-toi/{dossier.id}/bien-nhan/").content.decode()
    link = proof.split('href="')[1].split('"')[0]
    pdf = citizen.get(link)
    assert pdf["Content-Type"] == "application/pdf"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_the_form_begins_with_what_is_known_of_the_person(citizen, province):
    """Law: TT 01/2018 Điều 10 ý 2
    Screen: /nop-ho-so/<uuid:draft_id>/khai/<str:page>/
    """
    data = draft_of(begin(citizen, province)).data
    assert data["chu_ho"]["ho_ten"] == province.citizen.name
    assert data["chu_ho"]["so_dinh_danh"].startswith("099")
    assert data["dien_thoai"]


def test_a_draft_needs_an_agency_of_the_procedure(citizen, province):
    answer = citizen.post("/thu-tuc/1.001612/nop/", {"agency": str(province.unit("H99").id)})
    # One district only in this province: it is chosen by itself, and never another agency.
    assert answer.status_code == 302
    assert Draft.objects.get().agency.code == "H99.31"


def test_among_several_agencies_one_must_be_chosen(citizen, province):
    answer = citizen.post("/thu-tuc/1.004873/nop/", {})
    assert answer.status_code == 422
    assert sentences(answer) == ["Hãy chọn cơ quan sẽ giải quyết hồ sơ."]
    assert not Draft.objects.exists()


def test_the_agency_where_one_lives_is_chosen_beforehand_and_says_why(citizen, province):
    place, commune = "/thu-tuc/1.004873/nop/", province.unit("H99.31.011")
    person = Person.objects.filter(pk=province.citizen.person_id)
    person.update(address="Thôn 3, xã không có tên")
    assert "Được chọn sẵn" not in words(citizen.get(place))
    address = f"Thôn 3, {area_of(commune.name)}, {area_of(commune.parent.name)}"
    person.update(address=address)
    page = citizen.get(place)
    assert f"Được chọn sẵn theo nơi cư trú của Ông/Bà: {address}." in words(page)
    assert re.search(rf'value="{commune.pk}" (checked|selected)', page.content.decode())
    # Another one is taken as it is chosen.
    other = Unit.objects.filter(kind=commune.kind).exclude(pk=commune.pk).first()
    assert citizen.post(place, {"agency": str(other.pk)}).status_code == 302
    assert Draft.objects.get().agency_id == other.pk


def test_a_draft_can_be_continued(citizen, province):
    address = begin(citizen, province)
    for page in ("/thu-tuc/1.001612/nop/", "/ho-so-cua-toi/"):
        assert address in citizen.get(page).content.decode()


def test_the_task_list_says_what_is_left(citizen, province):
    address = begin(citizen, province)
    assert "Còn 5 phần trước khi nộp." in words(citizen.get(address))
    fill(citizen, address)
    assert "Các phần đã xong." in words(citizen.get(address))


def test_an_answer_is_kept_even_when_it_is_wrong_and_the_error_stands_at_its_place(citizen, province):
    address = begin(citizen, province)
    typed = {**TYPED["chu_ho"], "chu_ho.ngay_sinh": "31/02/1990"}
    answer = citizen.post(f"{address}khai/chu_ho/", typed)
    assert answer.status_code == 422
    assert sentences(answer) == ["Ngày 31/02/1990 không có thật. Hãy nhập ngày/tháng/năm, ví dụ 05/09/1990."]
    assert 'value="31/02/1990"' in answer.content.decode()
    assert draft_of(address).data["chu_ho"]["ngay_sinh"] == "31/02/1990"


@pytest.mark.parametrize(
    ("page", "name", "typed", "said"),
    [
        ("ho_kinh_doanh", "ten_ho", "", "Hãy nhập"),
        ("ho_kinh_doanh", "ten_ho", "a" * 151, "150"),
        ("ho_kinh_doanh", "xa", "H99.77.777", "danh sách"),
        ("ho_kinh_doanh", "dien_thoai", "12", "điện thoại"),
        ("nganh_nghe", "von", "-5", "1.000.000"),
        ("nganh_nghe", "von", "một tỷ", "số"),
        ("nganh_nghe", "nganh_nghe.0.ma", "47", "4 chữ số"),
        ("chu_ho", "chu_ho.ngay_sinh", "01/01/2999", "không được sau ngày"),
        ("chu_ho", "chu_ho.so_dinh_danh", "12", "12"),
        ("cam_ket", "cam_ket", "", "cam kết"),
    ],
)
def test_what_is_missing_too_long_or_impossible_is_said_at_the_place(
    citizen, province, page, name, typed, said
):
    address = begin(citizen, province)
    answer = citizen.post(f"{address}khai/{page}/", {**TYPED[page], name: typed})
    assert answer.status_code == 422
    assert len(sentences(answer)) == 1
    assert said in sentences(answer)[0]
    assert f'href="#f-{name}"' in answer.content.decode()


def test_saving_for_later_asks_nothing(citizen, province):
    address = begin(citizen, province)
    answer = citizen.post(f"{address}khai/ho_kinh_doanh/", {"ten_ho": "Bánh mì", "sau": "1"})
    assert answer["Location"] == address
    assert draft_of(address).data["ten_ho"] == "Bánh mì"


def test_typing_is_kept_by_itself(citizen, province):
    address = begin(citizen, province)
    answer = citizen.post(f"{address}khai/ho_kinh_doanh/", {"ten_ho": "Bánh"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    assert draft_of(address).data["ten_ho"] == "Bánh"


def test_a_page_as_it_once_was_takes_nothing_back(citizen, province):
    """A browser that goes back shows a page without what was kept since, and would keep it so by itself."""
    address = begin(citizen, province)
    page, auto = f"{address}khai/ho_kinh_doanh/", {"X-Autosave": "1"}
    (drawn,) = re.findall(r'name="_drawn" value="(\w+)"', citizen.get(page).content.decode())
    first = citizen.post(page, {"ten_ho": "Bánh", "_drawn": drawn}, headers=auto)
    assert first.status_code == 204
    late = citizen.post(page, {"_drawn": drawn}, headers=auto)
    assert (late.status_code, "tải lại trang" in late.content.decode()) == (409, True)
    assert draft_of(address).data["ten_ho"] == "Bánh"
    # A page of other answers is not out of date, and who goes on typing is not either.
    citizen.post(f"{address}khai/cam_ket/", TYPED["cam_ket"])
    on = citizen.post(page, {"ten_ho": "Bánh mì", "_drawn": first["X-Drawn"]}, headers=auto)
    assert on.status_code == 204
    assert (draft_of(address).data["ten_ho"], draft_of(address).data["cam_ket"]) == ("Bánh mì", True)


def test_two_pages_kept_at_once_keep_both(citizen, province, monkeypatch):
    address = begin(citizen, province)

    def meanwhile(row, **given):
        monkeypatch.setattr(drafts, "save_answers", save_answers)
        other = citizen.post(f"{address}khai/ho_kinh_doanh/", {"ten_ho": "Bánh"}, headers={"X-Autosave": "1"})
        assert other.status_code == 204
        return save_answers(row, **given)

    monkeypatch.setattr(drafts, "save_answers", meanwhile)
    assert citizen.post(f"{address}khai/cam_ket/", TYPED["cam_ket"]).status_code == 302
    assert (draft_of(address).data["ten_ho"], draft_of(address).data["cam_ket"]) == ("Bánh", True)


def test_rows_are_added_and_removed_without_a_script(citizen, province):
    address = begin(citizen, province) + "khai/nganh_nghe/"
    answer = citizen.post(address, {**TYPED["nganh_nghe"], "_add": "nganh_nghe"})
    assert answer.status_code == 302
    assert 'name="nganh_nghe.1.ten"' in citizen.get(address).content.decode()
    citizen.post(address, {**TYPED["nganh_nghe"], "nganh_nghe.1.ten": "Nước", "_remove": "nganh_nghe.0"})
    assert draft_of(address).data["nganh_nghe"] == [{"ten": "Nước"}]


def test_a_page_that_the_form_does_not_have_is_not_found(citizen, province):
    assert citizen.get(begin(citizen, province) + "khai/khong_co/").status_code == 404


def test_what_is_still_wrong_is_listed_with_the_way_to_each_place(citizen, province):
    address = begin(citizen, province)
    answer = send(citizen, address)
    assert answer.status_code == 422
    assert not Dossier.objects.exists()
    html = answer.content.decode()
    assert f"{address}khai/ho_kinh_doanh/?ve=kiem-tra&amp;loi=1#f-ten_ho" in html
    assert f"{address}giay-to/?ve=kiem-tra&amp;loi=1#f-giay_to_phap_ly" in html
    assert "Nộp hồ sơ</span>" not in html
    assert sentences(citizen.get(f"{address}khai/ho_kinh_doanh/?loi=1"))


def test_a_change_from_the_check_page_goes_back_there(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    answer = citizen.post(f"{address}khai/cam_ket/?ve=kiem-tra", TYPED["cam_ket"])
    assert answer["Location"] == f"{address}kiem-tra/"


def test_answers_that_are_no_longer_asked_bring_no_page_with_them(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    household = {**TYPED["chu_ho"], "chu_the": "ho_gia_dinh"}
    citizen.post(f"{address}khai/chu_ho/", {**household, "thanh_vien.0.ho_ten": "Trần Văn Thử"})
    assert "Biên bản họp" in words(citizen.get(f"{address}giay-to/"))
    citizen.post(f"{address}khai/chu_ho/", TYPED["chu_ho"])
    assert "Biên bản họp" not in words(citizen.get(f"{address}giay-to/"))
    assert "thanh_vien" not in draft_of(address).data


def test_the_check_page_says_which_paper_is_needless_and_that_nobody_proved_the_telephone(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    household = {**TYPED["chu_ho"], "chu_the": "ho_gia_dinh"}
    citizen.post(f"{address}khai/chu_ho/", {**household, "thanh_vien.0.ho_ten": "Trần Văn Thử"})
    citizen.post(f"{address}giay-to/", {"bien_ban_hop": photo()})
    assert "không cần giấy này" not in words(citizen.get(f"{address}kiem-tra/"))
    citizen.post(f"{address}khai/chu_ho/", TYPED["chu_ho"])
    page = words(citizen.get(f"{address}kiem-tra/"))
    assert "không cần giấy này" in page and "chưa được xác minh" in page
    Person.objects.filter(pk=province.citizen.person_id).update(phone_known="code")
    assert "chưa được xác minh" not in words(citizen.get(f"{address}kiem-tra/"))


def test_a_second_click_finds_the_dossier_of_the_first(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    first = send(citizen, address)
    second = send(citizen, address)
    assert id_in(first["Location"]) == id_in(second["Location"])
    assert Dossier.objects.count() == 1
    assert citizen.get(address)["Location"] == f"/ho-so-cua-toi/{id_in(first['Location'])}/"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_at_once_make_one_dossier(province):
    address = begin(signed_in("congdan"), province)
    fill(signed_in("congdan"), address)
    clients = [signed_in("congdan") for _ in range(4)]
    ready, answers = threading.Barrier(4), []

    def press(client):
        ready.wait()
        answers.append(client.post(f"{address}nop/"))
        connection.close()

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {302}
    assert len({id_in(answer["Location"]) for answer in answers}) == 1
    assert Dossier.objects.count() == 1


def test_nothing_changes_a_draft_that_was_sent(citizen, province):
    address = begin(citizen, province)
    fill(citizen, address)
    send(citizen, address)
    answer = citizen.post(f"{address}khai/ho_kinh_doanh/", {"ten_ho": "Khác"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    for page in ("khai/ho_kinh_doanh/", "giay-to/", "bo/", "co-quan/"):
        assert citizen.post(f"{address}{page}", {"ten_ho": "Khác"}).status_code == 302
    assert draft_of(address).data["ten_ho"] == "Tạp hóa Bình Minh"


def test_a_draft_can_be_thrown_away(citizen, province):
    address = begin(citizen, province)
    assert citizen.post(f"{address}bo/").status_code == 302
    assert citizen.get(address).status_code == 404


def test_what_was_typed_comes_back_after_the_session_ended(citizen, province):
    address = begin(citizen, province) + "khai/ho_kinh_doanh/"
    Session.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    answer = citizen.post(
        address,
        {"ten_ho": "Quán Nhớ", "dia_chi": "Thôn 9"},
        headers={"Referer": f"http://testserver{address}"},
    )
    assert answer["Location"].startswith("/dang-nhap/")
    signed = citizen.post(
        "/dang-nhap/", {"username": "congdan", "password": "dinh-mau-2026", "next": address}
    )
    assert signed["Location"] == address
    page = citizen.get(address)
    assert 'value="Quán Nhớ"' in page.content.decode()
    assert "vẫn còn" in words(page)


@pytest.mark.parametrize(
    "page", ["", "kiem-tra/", "giay-to/", "co-quan/", *(f"khai/{page}/" for page in PAGES)]
)
def test_somebody_elses_draft_is_not_found(citizen, stranger, province, page):
    address = begin(citizen, province)
    fill(citizen, address)
    assert citizen.get(f"{address}{page}").status_code == 200
    assert stranger.get(f"{address}{page}").status_code == 404
    assert stranger.post(f"{address}{page}", {"ten_ho": "Của người khác"}).status_code == 404
    assert draft_of(address).data["ten_ho"] == "Tạp hóa Bình Minh"


def test_somebody_elses_draft_cannot_be_sent_thrown_away_or_added_to(citizen, stranger, province):
    address = begin(citizen, province)
    fill(citizen, address)
    for page in ("nop/", "bo/"):
        assert stranger.post(f"{address}{page}").status_code == 404
    answer = stranger.post(f"{address}giay-to/giay_to_phap_ly/", {"file": photo()})
    assert answer.status_code == 404
    assert draft_of(address).sent_as is None
    assert draft_of(address).files.count() == 1


def test_papers_are_not_called_done_before_the_form_says_which_are_needed(citizen, province):
    address = begin(citizen, province, code="2.002621", agency="H99.31.011")
    assert "Sau khi khai xong" in words(citizen.get(address))
    full = begin(citizen, province)
    fill(citizen, full)
    assert "Sau khi khai xong" not in words(citizen.get(full))
