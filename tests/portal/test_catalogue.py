"""Finding a procedure: search, life events, what the law lists; light, in Vietnamese, without a script."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from dinh.onestop.public import offered
from tests.portal.conftest import words

LISTED_BY_LAW = (
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Thành phần và số lượng hồ sơ",
    "Thời hạn giải quyết",
    "Đối tượng thực hiện",
    "Cơ quan giải quyết",
    "Phí, lệ phí",
    "Yêu cầu, điều kiện",
    "Kết quả thực hiện",
    "Căn cứ pháp lý",
    "Mẫu đơn, tờ khai",
)


def test_a_search_without_diacritics_finds_the_procedure(visitor):
    page = visitor.get("/thu-tuc/", {"q": "ho kinh doanh"})
    assert "Thành lập hộ kinh doanh" in words(page)
    assert "Phiếu lý lịch tư pháp" not in words(page)


def test_everyday_words_find_the_procedure(visitor):
    assert "Thành lập hộ kinh doanh" in words(visitor.get("/thu-tuc/", {"q": "mo cua hang"}))


def test_a_search_that_finds_nothing_says_what_to_do(visitor):
    page = visitor.get("/thu-tuc/", {"q": "xyz <b>"})
    assert "Không tìm thấy thủ tục nào khớp với “xyz &lt;b&gt;”" in words(page)
    assert "Xem tất cả thủ tục" in words(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"cap": "commune"}, "Xác nhận tình trạng hôn nhân"),
        ({"su_kien": "Mở cửa hàng, kinh doanh"}, "Thành lập hộ kinh doanh"),
        ({"linh_vuc": "H99-LLTP"}, "Phiếu lý lịch tư pháp"),
    ],
)
def test_the_list_is_narrowed_by_the_address(visitor, asked, found):
    page = visitor.get("/thu-tuc/", asked)
    assert found in words(page)
    assert 0 < page.content.decode().count("<li><h2>") < offered().count()
    assert 'class="chip"' in page.content.decode()


@pytest.mark.parametrize("asked", [{"trang": "0"}, {"trang": "x"}, {"trang": "99"}, {"cap": "a' OR 1=1"}])
def test_a_list_address_that_makes_no_sense_is_still_a_page(visitor, asked):
    assert visitor.get("/thu-tuc/", asked).status_code == 200


def test_a_procedures_page_lists_what_the_law_lists(visitor):
    """NĐ 63/2010/NĐ-CP, Art. 8.2; TT 02/2017/TT-VPCP.

    Law: TT 01/2018 Điều 16 khoản 2 ý 1
    Screen: /thu-tuc/<str:code>/
    """
    page = words(visitor.get("/thu-tuc/1.001612/"))
    for heading in LISTED_BY_LAW:
        assert heading in page
    for part in ("3 ngày làm việc", "100.000 đ", "01/2021/NĐ-CP", "Giấy chứng nhận đăng ký hộ kinh doanh"):
        assert part in page


def test_a_procedure_that_is_not_offered_is_not_found(visitor):
    assert visitor.get("/thu-tuc/9.999999/").status_code == 404
    assert visitor.get("/thu-tuc/9.999999/nop/").status_code == 302


def test_every_service_is_three_clicks_from_home(visitor):
    home = visitor.get("/").content.decode()
    events = re.findall(r'href="(/thu-tuc/\?su_kien=[^"]+)"', home)
    reached = set(re.findall(r'href="(/thu-tuc/[0-9.]+/)"', home))
    for event in events:
        reached |= set(re.findall(r'href="(/thu-tuc/[0-9.]+/)"', visitor.get(event).content.decode()))
    assert reached == {f"/thu-tuc/{code}/" for code in offered().values_list("code", flat=True)}
    for procedure in reached:
        assert f'href="{procedure}nop/"' in visitor.get(procedure).content.decode()


def test_the_first_visit_weighs_less_than_100_kilobytes(visitor):
    page = visitor.get("/")
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.content.decode()))
    weight = len(page.content) + len(visitor.get("/identity.css").content)
    for name in files:
        content = Path(str(finders.find(name))).read_bytes()
        weight += len(content) if name.endswith("woff2") else len(gzip.compress(content))
    assert weight < 100_000


def test_what_is_used_most_stands_first(visitor, sent):
    sent()
    used = re.findall(r'<li><a href="/thu-tuc/([0-9.]+)/">', visitor.get("/").content.decode())
    assert used[0] == "1.001612"


def test_a_browser_in_english_gets_vietnamese_until_its_reader_switches(visitor):
    page = visitor.get("/", headers={"accept-language": "en-US,en;q=0.9"})
    assert page["Content-Language"] == "vi"
    assert '<html lang="vi"' in page.content.decode()
    visitor.post("/ngon-ngu/", {"language": "en", "next": "/"})
    assert visitor.get("/")["Content-Language"] == "en"


def test_an_official_is_told_to_use_their_own_account(province):
    """Law: NĐ 61/2018 Điều 3
    Screen: /thu-tuc/<str:code>/
    """
    from tests.portal.conftest import signed_in

    clerk = signed_in("motcua.dinhson")
    page = clerk.get("/thu-tuc/1.001612/")
    assert "tài khoản người dân" in words(page)
    assert "/nop/" not in page.content.decode()


def names_of(answer: object) -> list[str]:
    return re.findall(r'<h2><a href="/thu-tuc/([^/]+)/">', answer.content.decode())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ket hon", "1.000894"),
        ("giấy phép xây dựng", "1.009994"),
        ("lam giay khai sinh cho con", "2.002621"),
        ("tôi muốn xin giấy độc thân", "1.004873"),
        ("khai sih", "2.002621"),
        ("sổ đỏ", "1.000798"),
        ("tôi muốn mở tiệm tạp hóa", "1.001612"),
        ("tro cap nguoi gia", "1.001776"),
        ("làm lại bằng lái bị mất", "1.002809"),
    ],
)
def test_what_people_type_finds_what_they_mean_first(province, visitor, typed, first):
    assert names_of(visitor.get("/thu-tuc/", {"q": typed}))[0] == first


@pytest.mark.parametrize("typed", ["zzzz", "xin cho tôi", "' or 1=1 --", "a" * 90])
def test_what_means_nothing_here_finds_nothing_and_says_so(province, visitor, typed):
    answer = visitor.get("/thu-tuc/", {"q": typed})
    assert names_of(answer) == []
    assert "Không tìm thấy thủ tục nào" in words(answer)
