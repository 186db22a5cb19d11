"""The workshop over HTTP: a procedure built from nothing, by two people, with what they get wrong."""

import copy
import io
import json
import re

import msgspec
import pypdfium2
import pytest
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.onestop.actions.procedures import draft_version, publish_version
from dinh.onestop.models import Procedure, ProcedureRevision, ProcedureVersion
from dinh.onestop.queries.faults import directory_faults
from tests.workspace.conftest import source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/thu-tuc/"
HEAD = {
    "ma": "9.123456",
    "ten": "Cấp thẻ thư viện xã",
    "cap": "commune",
    "loai_co_quan": "commune_committee",
    "ma_linh_vuc": "H99-VH",
    "linh_vuc": "Văn hóa",
}


class Shop:
    """One editor at one draft."""

    def __init__(self, client, version=None):
        self.client = client
        self.version = version

    @property
    def here(self):
        return f"{PAGE}{self.version.pk}/soan/"

    def seen(self):
        return ProcedureVersion.objects.get(pk=self.version.pk).revision

    def get(self, place=""):
        return self.client.get(self.here + place)

    def post(self, place, seen=None, **values):
        return self.client.post(self.here + place, {"ban": seen or self.seen(), **values})

    def saved(self, place, **values):
        answer = self.post(place, **values)
        assert answer.status_code == 302, words(answer)
        return answer

    def data(self):
        return ProcedureVersion.objects.get(pk=self.version.pk).definition


@pytest.fixture
def shop(province, seat):
    client = seat("soan.thutuc")
    assert client.post(f"{PAGE}moi/", HEAD).status_code == 302
    return Shop(client, ProcedureVersion.objects.get(procedure__code="9.123456"))


def field(shop, kind, label, page="noi_dung", **values):
    return shop.saved(f"to-khai/cau-hoi/?kieu={kind}&phan={page}", nhan=label, **values)


def whole(shop):
    """Build a small procedure that can be published."""
    field(shop, "text", "Họ và tên", bat_buoc="true", dien_san="applicant.full_name")
    field(
        shop,
        "choice",
        "Loại thẻ",
        **{"bat_buoc": "true", "lua_chon.0.chu": "Người lớn", "lua_chon.1.chu": "Trẻ em"},
    )
    field(
        shop,
        "text",
        "Trường",
        **{"hien.0.cau_hoi": "loai_the", "hien.0.phep": "is", "hien.0.tra_loi": "trẻ em"},
    )
    shop.saved("phan/giay-to/", ten="Ảnh chân dung", nguon="upload", ban_sao="1", loai_tep="image")
    shop.saved(
        "thong-tin/", **{key: value for key, value in HEAD.items() if key != "ma"},
        ten_ngan="Cấp thẻ thư viện",
        don_vi_thoi_han="working_days", thoi_han="5", so_bo="1", muc_do="full", kenh=["counter", "online"],
        **{"doi_tuong.0.chu": "Công dân", "trinh_tu.0.chu": "Nộp hồ sơ", "can_cu.0.so": "46/2019/QH14",
           "can_cu.0.ten": "Luật Thư viện"},
    )  # fmt: skip
    shop.saved(
        "ket-qua/", ten="Thẻ thư viện", ky_hieu="TTV", mau="composed",
        **{"muc.0.nhan": "Họ và tên", "muc.0.nguon": "ho_va_ten", "doan.0.loai": "paragraph",
           "doan.0.chu": "Cấp thẻ cho {ho_va_ten}."},
    )  # fmt: skip


def test_a_procedure_is_built_from_nothing_and_published_by_a_second_person(shop, seat):
    whole(shop)
    assert "Bản thảo không có lỗi" in words(shop.get())
    page = f"{PAGE}{shop.version.pk}/"
    assert seat("soan.thutuc").post(f"{page}cong-bo/").status_code == 403
    assert seat("congbo.thutuc").post(f"{page}cong-bo/").status_code == 302
    procedure = Procedure.objects.get(code="9.123456")
    assert procedure.current_version_id == shop.version.pk
    assert procedure.short_name == "Cấp thẻ thư viện"
    assert shop.get("to-khai/").status_code == 302
    refused = shop.post("to-khai/cau-hoi/ho_va_ten/bo/")
    assert refused.status_code == 302
    assert (
        "không sửa được" in words(seat("soan.thutuc").get(page))
        or "ho_va_ten" in shop.data()["form"]["properties"]
    )


def test_only_who_writes_procedures_enters_the_workshop(shop, seat):
    places = [
        "",
        "to-khai/",
        "to-khai/xem/",
        "giay-to/",
        "quy-trinh/",
        "ket-qua/",
        "ket-qua/xem.pdf",
        "lich-su/",
    ]
    for username in ("congbo.thutuc", "motcua.dinhson", "chutich.tinh", "congdan"):
        client = seat(username)
        for place in places:
            assert client.get(shop.here + place).status_code == 403, (username, place)
        assert client.post(f"{shop.here}hoan-tac/", {"ban": 1}).status_code == 403
        assert client.get(f"{PAGE}moi/").status_code == 403
    assert ProcedureVersion.objects.get(pk=shop.version.pk).revision == 1


def test_who_saves_second_is_told_and_loses_nothing(shop, seat):
    field(shop, "text", "Họ và tên")
    seen = shop.seen()
    place = "to-khai/cau-hoi/ho_va_ten/"
    assert shop.post(place, seen, nhan="Họ tên đầy đủ", kieu="text").status_code == 302
    late = shop.post(place, seen, nhan="Tên của trẻ", kieu="text", giai_thich="Như giấy khai sinh")
    assert late.status_code == 409
    assert "vừa sửa bản thảo này" in words(late)
    assert "Câu hỏi “Họ tên đầy đủ”" in words(late)
    assert 'value="Tên của trẻ"' in source(late)
    assert "Như giấy khai sinh" in source(late)
    again = re.search(
        r'name="ban" value="(\d+)"', source(late).split("form-fields")[0].rpartition("<form")[2]
    )
    assert shop.post(place, int(again[1]), nhan="Tên của trẻ", kieu="text").status_code == 302
    assert shop.data()["form"]["properties"]["ho_va_ten"]["ui"]["label"] == "Tên của trẻ"


def test_changes_are_taken_back_one_by_one_and_any_state_comes_back(shop):
    for label in ("Một", "Hai", "Ba"):
        field(shop, "text", label)
    for left in (["mot", "hai"], ["mot"]):
        shop.saved("hoan-tac/")
        assert sorted(shop.data()["form"]["properties"]) == sorted(left)
    shop.saved("lich-su/4/tro-lai/")
    assert sorted(shop.data()["form"]["properties"]) == ["ba", "hai", "mot"]
    shop.saved("hoan-tac/")
    assert sorted(shop.data()["form"]["properties"]) == ["hai", "mot"]
    for _ in range(9):
        shop.saved("hoan-tac/")
    assert shop.data()["form"]["properties"] == {}
    assert "Không còn thay đổi nào để hoàn tác." in words(shop.get("lich-su/"))
    assert ProcedureRevision.objects.filter(version=shop.version).count() == shop.seen()


def test_questions_are_moved_changed_and_removed(shop):
    field(shop, "text", "Một")
    field(shop, "group", "Nhóm")
    shop.saved(
        "to-khai/cau-hoi/?kieu=date&nhom=nhom", nhan="Ngày sinh", den_ngay="hôm nay", tu_ngay="01/01/1900"
    )
    shop.saved("to-khai/cau-hoi/nhom/chuyen/", viec="len")
    assert shop.data()["form"]["ui"]["order"] == ["nhom", "mot"]
    inner = shop.data()["form"]["properties"]["nhom"]["properties"]["ngay_sinh"]["ui"]
    assert (inner["not_before"], inner["not_after"]) == ("1900-01-01", "today")
    assert "hôm nay" in source(shop.get("to-khai/cau-hoi/nhom.ngay_sinh/"))
    shop.saved("to-khai/phan/", nhan="Phần hai")
    shop.saved("to-khai/cau-hoi/mot/", nhan="Một", kieu="textarea", phan="phan_hai")
    pages = shop.data()["form"]["ui"]["pages"]
    assert [page["fields"] for page in pages] == [["nhom"], ["mot"]]
    shop.saved("to-khai/phan/phan_hai/chuyen/", viec="len")
    assert [page["fields"] for page in shop.data()["form"]["ui"]["pages"]] == [["mot"], ["nhom"]]
    shop.post("to-khai/phan/phan_hai/bo/")
    assert "Phần “Phần hai” còn câu hỏi" in words(shop.get("to-khai/"))
    shop.saved("to-khai/cau-hoi/mot/bo/")
    shop.saved("to-khai/phan/phan_hai/bo/")
    assert len(shop.data()["form"]["ui"]["pages"]) == 1


def test_what_is_wrong_with_a_question_is_said_at_its_place_and_what_was_typed_stays(shop):
    field(shop, "choice", "Loại", **{"lua_chon.0.chu": "Nhanh", "lua_chon.1.chu": "Thường"})
    place = "to-khai/cau-hoi/?kieu=number&phan=noi_dung"
    bad = shop.post(place, nhan="Diện tích", it_nhat="9", nhieu_nhat="3")
    assert bad.status_code == 422
    assert "Mức lớn nhất đang nhỏ hơn mức nhỏ nhất." in words(bad)
    row = {"hien.0.cau_hoi": "loai", "hien.0.phep": "is", "hien.0.tra_loi": "Chậm"}
    bad = shop.post(place, nhan="Diện tích", **row)
    assert bad.status_code == 422
    assert "“Loại” chỉ có các câu trả lời: Nhanh; Thường." in words(bad)
    assert 'value="Diện tích"' in source(bad)
    more = shop.post(place, nhan="Diện tích", _add="hien", **row)
    assert more.status_code == 200
    assert 'name="hien.1.cau_hoi"' in source(more)


def test_a_condition_of_groups_is_told_in_words_and_stays(shop):
    field(shop, "choice", "Loại", **{"lua_chon.0.chu": "A", "lua_chon.1.chu": "B"})
    field(shop, "text", "Tên")
    nested = {
        "all": [
            {"any": [{"field": "loai", "is": "a"}, {"field": "loai", "is": "b"}]},
            {"field": "loai", "given": True},
        ]
    }
    version = ProcedureVersion.objects.get(pk=shop.version.pk)
    version.definition["form"]["properties"]["ten"]["ui"]["show_if"] = nested
    version.save()
    shown = shop.get("to-khai/cau-hoi/ten/")
    assert "(“Loại” là “A” hoặc “Loại” là “B”) và “Loại” có trả lời" in words(shown)
    shop.saved("to-khai/cau-hoi/ten/", nhan="Tên mới", kieu="text")
    assert shop.data()["form"]["properties"]["ten"]["ui"]["show_if"] == nested
    shop.saved("to-khai/cau-hoi/ten/", nhan="Tên mới", kieu="text", hien_bo="true")
    assert "show_if" not in shop.data()["form"]["properties"]["ten"]["ui"]


def test_the_preview_is_the_real_form_and_tries_its_checks(shop):
    whole(shop)
    shown = shop.get("to-khai/xem/")
    assert 'name="ho_va_ten"' in source(shown)
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {"loai_the": "tre_em"})
    assert tried.status_code == 422
    assert "Hãy nhập “Họ và tên”." in words(tried)
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {"loai_the": "tre_em", "ho_va_ten": "Lê A"})
    assert "tờ khai nộp được" in words(tried)
    assert "Phải nộp: Ảnh chân dung." in words(tried)


def test_steps_and_their_ways_are_built_as_a_table(shop):
    step = {
        "ten": "Lấy ý kiến công an",
        "loai": "consult",
        "vai_tro": "specialist",
        "noi": "province",
        "gio": "8",
    }
    bad = shop.post("phan/buoc/", **step)
    assert bad.status_code == 422
    assert "Hãy chọn đơn vị làm bước này." in words(bad)
    shop.saved("phan/buoc/", **step, co_quan="CAT")
    shop.saved("quy-trinh/lay_y_kien_cong_an/huong/", nhan="Đã trả lời", toi=["ky"])
    shop.saved(
        "quy-trinh/thu_ly/huong/trinh_ky/",
        nhan="Hỏi ý kiến và trình",
        toi=["ky", "lay_y_kien_cong_an"],
        can=["draft"],
    )
    shown = words(shop.get("quy-trinh/"))
    assert "Ký kết quả + Lấy ý kiến công an" in shown
    assert "Bước ký “Ký kết quả” có thể mở khi kết quả đã ký" in shown
    shop.saved(
        "phan/buoc/ky/",
        ten="Ký kết quả",
        loai="sign",
        vai_tro="committee_leader",
        noi="agency",
        gio="8",
        cho="true",
    )
    assert "có thể mở khi kết quả đã ký" not in words(shop.get("quy-trinh/"))
    shop.saved("phan/buoc/lay_y_kien_cong_an/bo/")
    steps = {one["key"]: one for one in shop.data()["steps"]}
    assert steps["thu_ly"]["outcomes"][0]["to"] == ["ky"]
    assert steps["ky"]["joins"] is True
    shop.saved("phan/buoc/ky/chuyen/", viec="len")
    assert [one["key"] for one in shop.data()["steps"]][1] == "ky"
    shop.saved("quy-trinh/thu_ly/huong/de_nghi_tu_choi/chuyen/", viec="len")
    shop.saved("quy-trinh/thu_ly/huong/trinh_ky/bo/")
    assert "ngõ cụt" in words(shop.get("quy-trinh/")) or "Không có đường" in words(shop.get("quy-trinh/"))


def test_hours_over_the_limit_and_names_that_the_directory_lacks_are_said_beside_the_step(shop):
    shop.saved(
        "phan/buoc/thu_ly/", ten="Thẩm định", loai="handle", vai_tro="commune_officer", noi="agency", gio="80"
    )
    assert "vượt thời hạn giải quyết" in words(shop.get("quy-trinh/"))
    version = ProcedureVersion.objects.get(pk=shop.version.pk)
    version.definition["steps"][1]["role"] = "khong_ai"
    version.definition["steps"][2]["unit"] = {"where": "inside", "abbreviation": "KHONGCO"}
    version.definition["agency"] = {"kind": "commune_committee"}
    version.save()
    shown = words(shop.get("quy-trinh/"))
    assert "giao cho vai trò không có trong danh bạ: khong_ai" in shown
    assert "giao cho phòng, ban không cơ quan giải quyết nào có: KHONGCO" in shown
    for level, is_wrong in (("commune", False), ("district", True)):
        parts = msgspec.structs.replace(version.parts, level=level)
        said = " ".join(fault.sentence for fault in directory_faults(parts))
        assert ("không phải cấp của cơ quan" in said) is is_wrong


def test_a_result_is_composed_and_looked_at_as_a_pdf(shop):
    whole(shop)
    paper = shop.client.get(f"{shop.here}ket-qua/xem.pdf", {"m-ho_va_ten": "Nguyễn *Thị* #sys.inputs $x$"})
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    text = pypdfium2.PdfDocument(io.BytesIO(paper.content))[0].get_textpage().get_text_range()
    assert "Nguyễn *Thị* #sys.inputs $x$" in " ".join(text.split())
    assert "BẢN XEM THỬ" in text
    shop.saved("ket-qua/", ten="Thẻ", ky_hieu="T", mau="composed",
               **{"doan.0.loai": "paragraph", "doan.0.chu": "Cấp cho {khong_co}."})  # fmt: skip
    assert "dùng mục không có: {khong_co}" in words(shop.get("ket-qua/"))
    shop.saved("ket-qua/", ten="Thẻ", ky_hieu="T", mau="marital_status", **{"muc.0.nhan": "Tên"})
    assert "cần các mục chưa khai" in words(shop.get("ket-qua/"))
    assert shop.get("ket-qua/xem.pdf").content.startswith(b"%PDF-")


def test_a_further_result_is_added_changed_and_removed(shop):
    whole(shop)
    shop.post("them-ket-qua/", ten_ket_qua=" ")
    assert "Chưa ghi tên kết quả." in words(shop.get("ket-qua/"))
    shop.saved("them-ket-qua/", ten_ket_qua="Thông báo thuế")
    (row,) = shop.data()["further_results"]
    shop.saved(f"ket-qua/{row['key']}/", ten="Thông báo nộp thuế", ky_hieu="TB", mau="composed",
               **{"doan.0.loai": "paragraph", "doan.0.chu": "Ông/Bà nộp thuế."})  # fmt: skip
    (row,) = shop.data()["further_results"]
    assert (row["name"], row["notation"]) == ("Thông báo nộp thuế", "TB")
    shop.saved(f"ket-qua/{row['key']}/bo/")
    assert not shop.data().get("further_results")


FURTHER = {"ten": "Giấy mời họp phụ huynh", "ky_hieu": "GM", "mau": "composed", "doan.0.loai": "paragraph",
           "doan.0.chu": "Kính mời."}  # fmt: skip


def test_a_further_result_is_given_on_a_condition(shop):
    whole(shop)
    shop.saved("them-ket-qua/", ten_ket_qua="Giấy mời họp phụ huynh")
    (row,) = shop.data()["further_results"]
    here = f"ket-qua/{row['key']}/"
    wrong = shop.post(here, **FURTHER, **{"khi.0.cau_hoi": "loai_the", "khi.0.phep": "is",
                                          "khi.0.tra_loi": "Người già"})  # fmt: skip
    assert wrong.status_code == 422
    assert "chỉ có các câu trả lời: Người lớn; Trẻ em" in words(wrong)
    assert 'value="Người già"' in wrong.content.decode()
    shop.saved(
        here, **FURTHER, **{"khi.0.cau_hoi": "loai_the", "khi.0.phep": "is", "khi.0.tra_loi": "trẻ em"}
    )
    (row,) = shop.data()["further_results"]
    assert row["when"] == {"field": "loai_the", "is": "tre_em"}
    assert "“Loại thẻ” là “Trẻ em”" in words(shop.get("ket-qua/"))
    for kind, results in (
        ("tre_em", "Thẻ thư viện; Giấy mời họp phụ huynh."),
        ("nguoi_lon", "Thẻ thư viện."),
    ):
        tried = shop.post("to-khai/xem/", ho_va_ten="Trần Bé", loai_the=kind, truong="Tiểu học")
        assert f"Hồ sơ sẽ có kết quả: {results}" in words(tried)
    shop.saved("to-khai/cau-hoi/loai_the/bo/")
    assert "Kết quả “Giấy mời họp phụ huynh”: biểu mẫu không có trường “loai_the”" in words(shop.get(here))
    shop.saved(here, **FURTHER)
    assert shop.data()["further_results"][0]["when"] == {"field": "loai_the", "is": "tre_em"}
    shop.saved(here, **FURTHER, khi_bo="true")
    assert "when" not in shop.data()["further_results"][0]


def test_the_first_result_takes_no_condition(shop):
    whole(shop)
    assert "Chỉ cấp kết quả này khi" not in words(shop.get("ket-qua/"))
    shop.saved("ket-qua/", ten="Thẻ thư viện", ky_hieu="TTV", mau="composed",
               **{"muc.0.nhan": "Họ và tên", "khi.0.cau_hoi": "loai_the", "khi.0.phep": "is",
                  "khi.0.tra_loi": "trẻ em"})  # fmt: skip
    assert "when" not in shop.data()["result"]


def test_fees_are_reckoned_by_rule_and_exempted(shop):
    field(shop, "choice", "Loại", **{"lua_chon.0.chu": "Người lớn", "lua_chon.1.chu": "Trẻ em"})
    field(shop, "whole", "Số trang")
    shop.saved(
        "phan/le-phi/", ten="Phí cấp thẻ", loai="phi", muc="20.000", han="filing", dem="so_trang",
        don_vi="trang", mien_dau="2", muc_sau_tu="10", muc_sau="1.000", toi_da="200.000",
        **{"thu.0.cau_hoi": "loai", "thu.0.phep": "is_not", "thu.0.tra_loi": "Trẻ em",
           "giam.0.ten": "Nộp trực tuyến", "giam.0.phan_tram": "10", "giam.0.cach": "online"},
    )  # fmt: skip
    fee = shop.data()["fees"][0]
    assert fee["per"] == {
        "field": "so_trang", "word": "trang", "free": 2, "then_from": 10, "then": 1000, "most": 200_000
    }  # fmt: skip
    assert fee["reductions"] == [{"name": "Nộp trực tuyến", "percent": 10, "less": 0, "channel": "online"}]
    assert fee["when"] == {"not": {"field": "loai", "is": "tre_em"}}
    shown = words(shop.get("le-phi/"))
    assert "“Loại” không phải là “Trẻ em”" in shown
    assert "không quá 200.000 đ" in shown
    bad = shop.post("phan/le-phi/phi_cap_the/", ten="Phí", loai="phi", muc="1", han="any", dem="so_trang")
    assert bad.status_code == 422
    shop.saved(
        "phan/mien-giam/",
        ten="Hộ nghèo",
        chung_minh="Giấy chứng nhận",
        phan_tram="100",
        khoan=["phi_cap_the"],
    )
    assert shop.data()["exemptions"][0]["fees"] == ["phi_cap_the"]
    shop.saved("phan/le-phi/phi_cap_the/bo/")
    assert shop.data()["fees"] == []
    assert "nêu khoản thu không có" in words(shop.get("le-phi/"))
    shop.saved("phan/mien-giam/ho_ngheo/bo/")


def test_versions_are_compared_in_words(province, seat):
    editor = seat("soan.thutuc")
    published = ProcedureVersion.objects.get(procedure__code="1.001612")
    editor.post(f"{PAGE}{published.pk}/sao/", {"viec": "phien-ban-moi"})
    draft = Shop(editor, ProcedureVersion.objects.get(procedure__code="1.001612", number=2))
    compare = f"{PAGE}{draft.version.pk}/so-sanh/"
    assert "Hai phiên bản giống nhau" in words(editor.get(compare))
    step = draft.data()["steps"][1]
    shop_step = {"ten": step["name"], "loai": step["kind"], "vai_tro": step["role"],
                 "noi": step["unit"]["where"],
                 "phong": step["unit"].get("abbreviation", ""), "gio": "7,5"}  # fmt: skip
    draft.saved(f"phan/buoc/{step['key']}/", **shop_step)
    draft.saved("to-khai/cau-hoi/von/bo/")
    workers = {"nhan": "Số lao động", "kieu": "whole", "luat_refuse_if.0.cau_hoi": "so_lao_dong",
               "luat_refuse_if.0.phep": "at_least", "luat_refuse_if.0.tra_loi": "10"}  # fmt: skip
    draft.saved("to-khai/cau-hoi/so_lao_dong/", **workers, luat_refuse_if_cau="Hãy lập doanh nghiệp.")
    draft.saved("phan/giay-to/", ten="Giấy mới", nguon="upload", loai_tep="pdf")
    shown = words(seat("congbo.thutuc").get(compare))
    assert f"{step['hours']:g} 7.5" in shown
    assert "Vốn kinh doanh bỏ" in shown
    assert "Giấy mới thêm" in shown
    assert "Không nhận câu trả lời khi – “Số lao động” từ 10 trở lên" in shown
    assert "Không nhận thì nói gì với người nộp – Hãy lập doanh nghiệp." in shown
    assert seat("motcua.dinhson").get(compare).status_code == 403


def test_another_condition_of_a_further_result_is_compared_in_words(province, seat):
    published = ProcedureVersion.objects.get(procedure__code="1.001612")
    further = {"key": "thong_bao", "name": "Thông báo thuế", "template": "composed", "notation": "TB",
               "matter": published.definition["result"]["matter"], "when": {"field": "von", "at_least": 100},
               "copies": "so_lao_dong", "by_head": True, "recipients": ["ten_ho"],
               "body": [{"kind": "paragraph", "text": "Kính báo."}]}  # fmt: skip
    form = copy.deepcopy(published.definition["form"])
    form["properties"]["so_lao_dong"]["maximum"] = 10
    with_it = draft_version(
        {**published.definition, "form": form, "further_results": [further],
         "result": {**published.definition["result"], "by_head": True, "recipients": ["ten_ho"]}},
        by=system("test"), now=timezone.now(),
    )  # fmt: skip
    publish_version(with_it, by=system("test"), now=timezone.now())
    editor = seat("soan.thutuc")
    editor.post(f"{PAGE}{with_it.pk}/sao/", {"viec": "phien-ban-moi"})
    draft = Shop(editor, ProcedureVersion.objects.get(procedure__code="1.001612", number=3))
    draft.saved(
        "ket-qua/thong_bao/", ten="Thông báo thuế", ky_hieu="TB", mau="composed", loai_viec=further["matter"],
        **{"doan.0.loai": "paragraph", "doan.0.chu": "Kính báo.", "khi.0.cau_hoi": "von",
           "khi.0.phep": "at_least", "khi.0.tra_loi": "500.000", "dung_dau": "true", "so_ban": "so_lao_dong",
           "cap_cho.0.cau": "ten_ho", "muc.0.nhan": "Tên hộ", "muc.0.ten": "ten", "muc.0.loai": "first",
           "muc.0.ngay_cua": "ten_ho"},
    )  # fmt: skip
    shown = words(editor.get(f"{PAGE}{draft.version.pk}/so-sanh/?voi={with_it.pk}"))
    assert "Thông báo thuế Chỉ cấp khi" in shown
    assert "từ 100 trở lên" in shown and "từ 500000 trở lên" in shown
    page = words(editor.get(f"{PAGE}{draft.version.pk}/soan/ket-qua/"))
    assert "số bản ghi ở “Số lao động”; 0 bản thì không cấp" in page
    (kept,) = draft.data()["further_results"]
    assert (kept["fields"][0]["kind"], kept["fields"][0]["of"]) == ("first", "ten_ho")
    assert (kept["copies"], kept["by_head"], kept["recipients"]) == ("so_lao_dong", True, ["ten_ho"])
    shown = words(editor.get(f"{PAGE}{draft.version.pk}/so-sanh/?voi={published.pk}"))
    assert "Người đứng đầu ký với danh nghĩa của mình" in shown
    assert "Cấp cho người ghi ở" in shown


def test_the_steps_go_out_as_bpmn_and_come_in_again(shop, seat):
    diagram = seat("congbo.thutuc").get(f"{PAGE}{shop.version.pk}/quy-trinh.bpmn")
    assert diagram["Content-Disposition"].startswith("attachment")
    before = shop.data()["steps"]

    def send(content, name="so-do.bpmn"):
        file = io.BytesIO(content)
        file.name = name
        return shop.post("quy-trinh/bpmn/", diagram=file)

    changed = diagram.content.replace("Thẩm định hồ sơ".encode(), "Xem xét hồ sơ".encode())
    assert send(changed).status_code == 302
    after = shop.data()["steps"]
    assert [step["key"] for step in after] == [step["key"] for step in before]
    assert after[1] == {**before[1], "name": "Xem xét hồ sơ"}
    send(b"<!DOCTYPE x><x/>")
    assert "không nhận vì an toàn" in words(shop.get("quy-trinh/"))
    shop.post("quy-trinh/bpmn/")
    assert "Chưa chọn tệp sơ đồ" in words(shop.get("quy-trinh/"))
    assert shop.data()["steps"] == after
    shop.saved("hoan-tac/")
    assert shop.data()["steps"] == before


def test_a_file_takes_the_drafts_place_and_can_be_taken_back(shop):
    before = shop.data()
    file = io.BytesIO(json.dumps({**before, "code": "9.000009", "summary": "Từ tệp"}).encode())
    file.name = "x.json"
    shop.saved("thay/", definition=file)
    assert (shop.data()["summary"], shop.data()["code"]) == ("Từ tệp", "9.123456")
    shop.saved("hoan-tac/")
    assert shop.data() == before


def test_a_draft_begins_from_a_version_or_as_another_procedure_and_can_be_thrown_away(province, seat):
    editor = seat("soan.thutuc")
    source_version = ProcedureVersion.objects.get(procedure__code="1.001612")
    assert editor.post(f"{PAGE}{source_version.pk}/sao/", {"viec": "phien-ban-moi"}).status_code == 302
    draft = Shop(editor, ProcedureVersion.objects.get(procedure__code="1.001612", number=2))
    assert "không có lỗi" in words(draft.get())
    taken = editor.post(f"{PAGE}{source_version.pk}/sao/", {"ma": "1.004873", "ten": "Một thủ tục khác"})
    assert taken.status_code == 409
    assert "Đã có thủ tục mang mã 1.004873" in words(taken)
    assert (
        editor.post(
            f"{PAGE}{source_version.pk}/sao/", {"ma": "9.777777", "ten": "Một thủ tục khác"}
        ).status_code
        == 302
    )
    other = Shop(editor, ProcedureVersion.objects.get(procedure__code="9.777777"))
    assert other.data()["name"] == "Một thủ tục khác"
    other.saved("bo/")
    assert not Procedure.objects.filter(code="9.777777").exists()
    assert editor.get(PAGE).status_code == 200
    assert draft.post("bo/", seen=99).status_code == 302
    assert ProcedureVersion.objects.filter(pk=draft.version.pk).exists()


@pytest.mark.parametrize("hostile", [
    {"ban": "x" * 50, "nhan": "A"}, {"nhan": "A", "hien.0.cau_hoi": "__class__", "hien.0.tra_loi": "x"},
    {"nhan": "A", "kieu": "<script>"}, {"nhan": "x" * 4000}, {},
])  # fmt: skip
def test_what_no_screen_sends_changes_nothing(shop, hostile):
    answer = shop.client.post(f"{shop.here}to-khai/cau-hoi/?kieu=text&phan=noi_dung", {"ban": 1, **hostile})
    assert answer.status_code in (302, 409, 422)
    if answer.status_code != 302:
        assert shop.data()["form"]["properties"] == {}
    for place in (
        "to-khai/cau-hoi/khong.co/",
        "phan/buoc/khong_co/",
        "phan/la/",
        "quy-trinh/ky/huong/khong/",
        "to-khai/phan/x/",
    ):
        assert shop.get(place).status_code == 404, place


def test_every_condition_shipped_reads_and_saves_as_it_was(province, seat):
    editor = seat("soan.thutuc")
    for version in list(ProcedureVersion.objects.filter(state="published")):
        editor.post(f"{PAGE}{version.pk}/sao/", {"viec": "phien-ban-moi"})
        draft = Shop(editor, ProcedureVersion.objects.get(procedure=version.procedure, number=2))
        before = json.dumps(draft.data()["fees"], sort_keys=True)
        for place in ("to-khai/", "giay-to/", "le-phi/", "quy-trinh/", "ket-qua/", "thong-tin/"):
            assert draft.get(place).status_code == 200
        assert json.dumps(draft.data()["fees"], sort_keys=True) == before


def test_a_paper_has_a_blank_form_that_everybody_downloads_once_it_is_published(shop, seat, client):
    whole(shop)
    address = "/thu-tuc/9.123456/mau-don/anh_chan_dung/"
    content = pdf()
    shop.saved("mau-don/anh_chan_dung/", blank=content)
    edit = source(shop.get("phan/giay-to/anh_chan_dung/"))
    assert "Mẫu đơn hiện có" in edit
    assert shop.client.get(f"{PAGE}{shop.version.pk}/mau-don/anh_chan_dung/").status_code == 200
    assert client.get(address).status_code == 404
    shop.post("mau-don/anh_chan_dung/")
    assert "Chưa chọn tệp mẫu đơn" in words(shop.get("giay-to/"))
    assert seat("congbo.thutuc").post(f"{PAGE}{shop.version.pk}/cong-bo/").status_code == 302
    assert "Tải mẫu đơn" in words(client.get("/thu-tuc/9.123456/"))
    given = client.get(address)
    assert b"".join(given.streaming_content).startswith(b"%PDF-")
    assert given["Content-Disposition"].startswith("attachment")
    assert client.get("/thu-tuc/9.123456/mau-don/khong_co/").status_code == 404
    assert seat("motcua.dinhson").get(f"{PAGE}{shop.version.pk}/mau-don/anh_chan_dung/").status_code == 403


def test_a_blank_form_is_taken_away(shop):
    shop.saved("phan/giay-to/", ten="Đơn", nguon="upload", loai_tep="pdf")
    shop.saved("mau-don/don/", blank=pdf())
    assert shop.data()["documents"][0]["blank"]
    shop.saved("mau-don/don/", viec="bo")
    assert "blank" not in shop.data()["documents"][0]


def pdf():
    """A small PDF, as a browser sends it."""
    made = pypdfium2.PdfDocument.new()
    made.new_page(595, 842)
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    file.name = "mau-don.pdf"
    return file


def test_a_page_of_the_workshop_asks_the_same_of_the_database_however_long_the_form_is(shop):
    places = ("to-khai/", "giay-to/", "quy-trinh/", "ket-qua/", "")
    field(shop, "text", "Một")
    few = {place: len(statements(shop.client, shop.here + place)) for place in places}
    for number in range(8):
        field(shop, "text", f"Câu {number}")
        shop.saved("phan/giay-to/", ten=f"Giấy tờ {number}", nguon="upload", loai_tep="pdf")
    many = {place: len(statements(shop.client, shop.here + place)) for place in places}
    assert many == few
    assert max(many.values()) <= 16


@pytest.mark.parametrize("form", [
    {"type": "object", "properties": {"x": 5}}, {"type": "object", "properties": {"x": True}},
    {"type": "object", "properties": [], "ui": []}, {"type": "object", "ui": {"pages": [1]}}, {},
    {"type": "object", "properties": {"x": {"type": "array", "items": {"type": "object", "ui": 3}}}},
])  # fmt: skip
def test_a_malformed_form_that_was_uploaded_is_told_and_breaks_no_page(shop, form):
    file = io.BytesIO(json.dumps({**shop.data(), "form": form}).encode())
    file.name = "x.json"
    shop.post("thay/", definition=file)
    for place in ("", "to-khai/", "to-khai/xem/", "giay-to/", "phan/giay-to/", "phan/le-phi/", "quy-trinh/",
                  "quy-trinh/ky/huong/", "ket-qua/", "ket-qua/xem.pdf"):  # fmt: skip
        assert shop.get(place).status_code == 200, place
    assert shop.client.get(f"{PAGE}{shop.version.pk}/").status_code == 200
    assert shop.client.get(f"{PAGE}{shop.version.pk}/so-sanh/").status_code == 200
    assert shop.post("to-khai/phan/", nhan="Phần").status_code in (302, 409)
    assert shop.get("to-khai/cau-hoi/").status_code in (200, 302, 409)


def test_a_section_can_ask_for_one_of_several_questions(shop):
    """What 2.000720 needs is set by an editor: of these ticks at least one."""
    page = shop.data()["form"]["ui"]["pages"][0]["key"]
    for label in ("Đổi tên", "Đổi địa chỉ"):
        shop.saved(f"to-khai/cau-hoi/?phan={page}&kieu=agree", nhan=label)
    here = f"to-khai/phan/{page}/"
    assert "Phải trả lời ít nhất một trong các câu" in words(shop.get(here))
    bad = shop.post(here, nhan="Thay đổi", luat_at_least_one=["doi_ten"])
    assert bad.status_code == 422
    assert "từ 2 câu trở lên" in words(bad)
    bad = shop.post(here, nhan="Thay đổi", luat_at_least_one=["doi_ten", "doi_dia_chi"])
    assert "Hãy ghi tiêu đề chung" in words(bad)
    shop.saved(
        here,
        nhan="Thay đổi",
        luat_at_least_one=["doi_ten", "doi_dia_chi"],
        luat_at_least_one_ten="Đổi những gì",
    )
    assert shop.data()["form"]["ui"]["pages"][0]["at_least_one"] == {
        "fields": ["doi_ten", "doi_dia_chi"],
        "label": "Đổi những gì",
    }
    assert "Phải trả lời ít nhất một câu ở “Đổi những gì”" in words(shop.get("to-khai/"))
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {})
    assert tried.status_code == 422
    assert "Hãy trả lời ít nhất một mục ở “Đổi những gì”" in words(tried)
    assert 'aria-describedby="h-doi_ten-nhom e-doi_ten-nhom"' in source(tried)
    shop.saved("to-khai/cau-hoi/doi_ten/bo/")
    assert "at_least_one" not in shop.data()["form"]["ui"]["pages"][0]


def test_a_day_can_be_limited_to_some_days_before_filing(shop):
    page = shop.data()["form"]["ui"]["pages"][0]["key"]
    new = f"to-khai/cau-hoi/?phan={page}&kieu=date"
    bad = shop.post(new, nhan="Ngày sinh", luat_within_days="60")
    assert bad.status_code == 422
    assert "Hãy ghi câu nói vì sao và người nộp phải làm gì" in words(bad)
    sixty = {"luat_within_days": "60", "luat_within_days_cau": "Hãy đánh dấu ô quá hạn."}
    shop.saved(new, nhan="Ngày sinh", **sixty)
    shop.saved(f"to-khai/cau-hoi/?phan={page}&kieu=agree", nhan="Quá hạn")
    unless = "luat_within_unless.0."
    limit = {f"{unless}cau_hoi": "qua_han", f"{unless}phep": "is", f"{unless}tra_loi": "Có"}
    shop.saved("to-khai/cau-hoi/ngay_sinh/", nhan="Ngày sinh", kieu="date", **sixty, **limit)
    ui = shop.data()["form"]["properties"]["ngay_sinh"]["ui"]
    assert (ui["within_days"], ui["within_unless"]) == (60, {"field": "qua_han", "is": True})
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {"ngay_sinh": "01/01/2020"})
    assert "Hãy đánh dấu ô quá hạn." in words(tried)
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {"ngay_sinh": "01/01/2020", "qua_han": "true"})
    assert "Hãy đánh dấu ô quá hạn." not in words(tried)


def test_a_question_has_rules_of_age_of_more_and_less_and_of_when_it_does_not_do(shop):
    page = shop.data()["form"]["ui"]["pages"][0]["key"]
    shop.saved(f"to-khai/cau-hoi/?phan={page}&kieu=date", nhan="Sinh ngày", luat_least_age="18")
    for name in ("Đất rộng", "Nhà rộng"):
        shop.saved(f"to-khai/cau-hoi/?phan={page}&kieu=number", nhan=name)
    compared = {"nhan": "Nhà rộng", "kieu": "number", "luat_not_above": "dat_rong"}
    rows = {
        "luat_refuse_if.0.cau_hoi": "nha_rong",
        "luat_refuse_if.0.phep": "at_least",
        "luat_refuse_if.0.tra_loi": "90",
    }
    bad = shop.post("to-khai/cau-hoi/nha_rong/", **compared, **rows)
    assert bad.status_code == 422
    assert "Hãy ghi câu nói vì sao" in words(bad)
    shop.saved("to-khai/cau-hoi/nha_rong/", **compared, **rows, luat_refuse_if_cau="Nhà to: hãy hỏi Sở.")
    ui = {name: one["ui"] for name, one in shop.data()["form"]["properties"].items()}
    assert ui["sinh_ngay"]["least_age"] == 18
    assert ui["nha_rong"]["not_above"] == "dat_rong"
    assert ui["nha_rong"]["refuse_if"] == {"field": "nha_rong", "at_least": 90}
    tried = shop.client.post(
        f"{shop.here}to-khai/xem/", {"sinh_ngay": "01/01/2020", "dat_rong": "50", "nha_rong": "60"}
    )
    assert "phải đủ 18 tuổi" in words(tried)
    assert "“Nhà rộng” không được lớn hơn “Đất rộng” (50)" in words(tried)
    tried = shop.client.post(f"{shop.here}to-khai/xem/", {"dat_rong": "100", "nha_rong": "95"})
    assert "Nhà to: hãy hỏi Sở." in words(tried)
