"""A clerk who has never seen YAML builds a procedure in a browser; a citizen files it the same day."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dinh.onestop.models import Dossier, Procedure
from tests.onestop.conftest import Province
from tests.workspace.test_journeys import Desk, browser, desk

__all__ = ["browser", "desk"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def save(page: Page) -> None:
    page.locator(".workshop-edit").get_by_role("button", name="Lưu", exact=True).last.click()
    expect(page.locator(".flash")).to_have_text("Đã lưu.")


def choose_kind(page: Page, kind: str) -> None:
    page.get_by_role("link", name="Thêm câu hỏi", exact=True).first.click()
    page.locator(".kinds a", has=page.locator(f'strong:text-is("{kind}")')).click()


def test_a_procedure_is_built_from_nothing_published_and_filed(
    province: Province, desk: Desk, run_jobs: Callable[[], None], hour: Any
) -> None:
    clerk = desk("soan.thutuc")
    clerk.goto("/quan-tri/thu-tuc/")
    clerk.get_by_role("link", name="Thủ tục mới").click()
    clerk.get_by_label("Mã thủ tục").fill("9.234567")
    clerk.get_by_label("Tên thủ tục").fill("Cấp thẻ thư viện xã")
    clerk.get_by_label("Cấp xã").check()
    clerk.get_by_label("Cơ quan giải quyết").select_option(label="Ủy ban nhân dân xã")
    clerk.get_by_label("Mã lĩnh vực").fill("H99-VH")
    clerk.get_by_label("Lĩnh vực", exact=True).fill("Văn hóa")
    assert faults(clerk) == []
    clerk.get_by_role("button", name="Bắt đầu soạn").click()
    clerk.get_by_text("chỗ phải sửa trước khi công bố").wait_for()
    here = clerk.url
    assert faults(clerk) == []

    clerk.goto(f"{here}to-khai/")
    choose_kind(clerk, "Chữ ngắn")
    clerk.get_by_label("Câu hỏi", exact=True).first.fill("Họ và tên")
    clerk.get_by_label("Bắt buộc trả lời").check()
    clerk.get_by_label("Điền sẵn").select_option(label="Họ và tên người nộp")
    save(clerk)
    choose_kind(clerk, "Chọn một")
    clerk.get_by_label("Câu hỏi", exact=True).first.fill("Loại thẻ")
    clerk.get_by_label("Bắt buộc trả lời").check()
    clerk.locator('[name="lua_chon.0.chu"]').fill("Người lớn")
    clerk.get_by_role("button", name="Thêm Lựa chọn").click()
    clerk.locator('[name="lua_chon.1.chu"]').fill("Trẻ em")
    assert faults(clerk) == []
    save(clerk)
    choose_kind(clerk, "Chữ ngắn")
    clerk.get_by_label("Câu hỏi", exact=True).first.fill("Trường đang học")
    clerk.locator('[name="hien.0.cau_hoi"]').select_option(label="Loại thẻ")
    clerk.locator('[name="hien.0.phep"]').select_option(label="là")
    clerk.locator('select[name="hien.0.tra_loi"]').select_option(label="Trẻ em")
    save(clerk)
    expect(clerk.get_by_text("Chỉ hỏi khi “Loại thẻ” là “Trẻ em”")).to_be_visible()
    assert faults(clerk) == []

    seen = clerk.frame_locator("iframe")
    expect(seen.get_by_label("Trường đang học")).to_be_hidden()
    seen.get_by_label("Trẻ em").check()
    expect(seen.get_by_label("Trường đang học")).to_be_visible()
    seen.get_by_role("button", name="Kiểm tra thử").click()
    expect(seen.get_by_role("link", name="Hãy nhập “Họ và tên”.")).to_be_visible()

    clerk.goto(f"{here}phan/giay-to/")
    clerk.get_by_label("Tên giấy tờ").fill("Ảnh chân dung")
    clerk.get_by_label("Không bắt buộc: có thì nộp").check()
    assert faults(clerk) == []
    save(clerk)
    clerk.goto(f"{here}thong-tin/")
    clerk.locator('[name="doi_tuong.0.chu"]').fill("Công dân Việt Nam")
    clerk.locator('[name="trinh_tu.0.chu"]').fill("Nộp hồ sơ tại xã hoặc trực tuyến.")
    clerk.locator('[name="can_cu.0.so"]').fill("46/2019/QH14")
    clerk.locator('[name="can_cu.0.ten"]').fill("Luật Thư viện")
    save(clerk)
    clerk.goto(f"{here}ket-qua/")
    clerk.locator('[name="muc.0.nhan"]').fill("Họ và tên")
    clerk.locator('[name="muc.0.nguon"]').select_option(label="Họ và tên")
    save(clerk)
    clerk.goto(f"{here}quy-trinh/")
    assert faults(clerk) == []
    clerk.goto(here)
    expect(clerk.get_by_text("Bản thảo không có lỗi.")).to_be_visible()

    leader = desk("congbo.thutuc")
    leader.goto(here.replace("soan/", ""))
    leader.once("dialog", lambda dialog: dialog.accept())
    leader.get_by_role("button", name="Công bố phiên bản này").click()
    expect(leader.get_by_text("Phiên bản này đang áp dụng cho hồ sơ mới.")).to_be_visible()
    assert Procedure.objects.get(code="9.234567").current_version is not None

    citizen = desk("congdan", 390)
    citizen.goto("/thu-tuc/9.234567/")
    expect(citizen.get_by_role("heading", name="Cấp thẻ thư viện xã")).to_be_visible()
    citizen.get_by_role("link", name="Nộp hồ sơ").first.click()
    citizen.get_by_label("Ủy ban nhân dân xã An Mẫu").check()
    citizen.get_by_role("button", name="Bắt đầu điền").click()
    citizen.get_by_role("link", name="Điền tiếp").click()
    expect(citizen.get_by_label("Họ và tên")).not_to_have_value("")
    citizen.get_by_label("Trẻ em").check()
    citizen.get_by_label("Trường đang học").fill("Trường Tiểu học An Mẫu")
    citizen.get_by_role("button", name="Lưu và tiếp tục").click()
    citizen.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(citizen.get_by_text("Trường Tiểu học An Mẫu")).to_be_visible()
    citizen.get_by_role("button", name="Nộp hồ sơ").click()
    expect(citizen.locator(".confirmation h1")).to_have_text("Đã nộp hồ sơ")
    dossier = Dossier.objects.get()
    assert dossier.version.procedure.code == "9.234567"
    assert dossier.data["truong_dang_hoc"] == "Trường Tiểu học An Mẫu"
