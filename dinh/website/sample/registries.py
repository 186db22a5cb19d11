"""Sample national registries: of the population, of enterprises. They say what they are, and who asked.

``python -m dinh.website.sample.registries --port 8021`` serves both, under ``/dan-cu`` and ``/doanh-nghiep``,
in the protocol of docs/registries.md. They know the citizens of the sample province and a few invented people
and enterprises more, which their page lists. Its buttons make either away, slow, or answer nonsense or about
somebody else, to see how the province copes.
"""

import base64
import datetime as dt
import hmac
import html
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from dinh.kernel.text import clean, fold
from dinh.kernel.worktime import VIETNAM
from dinh.website.sample.citizens import sample_citizens
from dinh.website.sample.outside import PASSWORD, USER, SampleHandler, ask_arguments, serve, switch_button

__all__ = ["ENTERPRISES", "PEOPLE", "SampleRegistries", "main"]

# How a registry may behave, with the words of its button.
WAYS = {
    "binh-thuong": "Trả lời bình thường",
    "nghi": "Tạm nghỉ",
    "cham": "Trả lời chậm 20 giây",
    "tu-choi": "Từ chối",
    "vo-nghia": "Trả lời vô nghĩa",
    "nham-nguoi": "Trả lời nhầm người",
}
SLOW_SECONDS = 20

_CITIZENS = sample_citizens(60)


def _person(
    number: str, name: str, born: dt.date, sex: str, address: str, state: str = "0"
) -> dict[str, str]:
    return {
        "soDinhDanh": number,
        "hoTen": name,
        "ngaySinh": f"{born:%Y%m%d}",
        "gioiTinh": sex,
        "noiThuongTru": address,
        "trangThai": state,
    }


def _enterprise(
    number: str, name: str, kind: str, address: str, owner: Mapping[str, str], state: str = "1"
) -> dict[str, Any]:
    return {
        "maSo": number,
        "ten": name,
        "loaiHinh": kind,
        "diaChi": address,
        "nguoiDaiDien": {"hoTen": owner["hoTen"], "soDinhDanh": owner["soDinhDanh"]},
        "trangThai": state,
    }


_KNOWN = [
    _person(
        one.identity_number,
        one.full_name,
        one.birth_date,
        "2" if one.is_woman else "1",
        one.address,
    )
    for one in _CITIZENS
]
# The second has moved: what the province knows of them is not what is registered.
_KNOWN[1]["noiThuongTru"] = "Số 8, phố Hàng Mẫu, phường Hòa Sơn, thành phố Đình Sơn"
_MORE = [
    _person(
        "099090000123", "Trần Văn Mẫu", dt.date(1990, 2, 14), "1", "Số 12, đường Hoa Sen, thành phố Đình Sơn"
    ),
    _person(
        "099192000456", "Lê Thị Hòa", dt.date(1992, 9, 3), "2", "Thôn 4, xã Bình Mẫu, thành phố Đình Sơn"
    ),
    _person(
        "099045000789", "Phạm Văn Cũ", dt.date(1945, 5, 19), "1", "Thôn 1, xã An Mẫu, huyện Sông Cái", "1"
    ),
]
PEOPLE = {one["soDinhDanh"]: one for one in [*_KNOWN, *_MORE]}
_COMPANY, _HOUSEHOLD, _COOPERATIVE = "Công ty trách nhiệm hữu hạn", "Hộ kinh doanh", "Hợp tác xã"
ENTERPRISES = {
    one["maSo"]: one
    for one in (
        _enterprise(
            "9900000001",
            "Công ty TNHH Bình Minh Mẫu",
            _COMPANY,
            "Thôn 2, xã An Mẫu, huyện Sông Cái",
            _KNOWN[0],
        ),
        _enterprise(
            "9900000002", "Công ty TNHH Hoa Sen Mẫu", _COMPANY, "Số 12, đường Hoa Sen, Đình Sơn", _MORE[0]
        ),
        _enterprise(
            "9900000003",
            "Công ty TNHH Hoàng Hôn Mẫu",
            _COMPANY,
            "Thôn 5, xã An Mẫu, Sông Cái",
            _KNOWN[0],
            "3",
        ),
        _enterprise(
            "9900000004", "Hộ kinh doanh Tạp hóa Hòa Bình", _HOUSEHOLD, "Thôn 3, xã Bình Mẫu", _MORE[1]
        ),
        _enterprise(
            "9900000005",
            "Hợp tác xã Chè Núi Trà",
            _COOPERATIVE,
            "Thôn 7, xã An Mẫu, Sông Cái",
            _KNOWN[1],
            "2",
        ),
    )
}
_NAMES = {"dan-cu": "Cơ sở dữ liệu dân cư", "doanh-nghiep": "Cơ sở dữ liệu đăng ký doanh nghiệp"}


class SampleRegistries:
    """What both know, how each behaves, and the last two hundred questions; in memory alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ways = dict.fromkeys(_NAMES, "binh-thuong")
        self._asked: deque[tuple[str, str, dict[str, Any], str]] = deque(maxlen=200)

    def way(self, registry: str) -> str:
        """How a registry behaves now."""
        with self._lock:
            return self._ways[registry]

    def switch(self, registry: str, way: str) -> None:
        """Make a registry behave in another way."""
        with self._lock:
            if registry in self._ways and way in WAYS:
                self._ways[registry] = way

    def ask(self, registry: str, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a question: status and body. Without purpose or asker there is none."""
        status, answer = self._answer(registry, asked)
        said = str(answer.get("ketQua") or answer.get("loi"))
        with self._lock:
            at = f"{dt.datetime.now(VIETNAM):%H:%M:%S %d/%m/%Y}"
            self._asked.appendleft((at, registry, dict(asked), said))
        return status, answer

    def _answer(self, registry: str, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        missing = [name for name in ("maYeuCau", "mucDich", "nguoiTraCuu") if not asked.get(name)]
        if missing:
            return 400, {"loi": f"Thiếu {', '.join(missing)}"}
        if registry == "doanh-nghiep":
            enterprise = ENTERPRISES.get(str(asked.get("maSo")))
            return 200, {"ketQua": "CO", "doanhNghiep": enterprise} if enterprise else {"ketQua": "KHONG"}
        name, born = str(asked.get("hoTen") or ""), str(asked.get("ngaySinh") or "")
        if not name and not born:
            return 400, {"loi": "Thiếu hoTen hoặc ngaySinh"}
        person = PEOPLE.get(str(asked.get("soDinhDanh")))
        if person is None or not (fold(clean(name)) == fold(person["hoTen"]) or born == person["ngaySinh"]):
            return 200, {"ketQua": "KHONG"}
        return 200, {"ketQua": "CO", "congDan": person}

    def questions(self) -> list[tuple[str, str, dict[str, Any], str]]:
        """The last questions: when, to which, what, and how they were answered."""
        with self._lock:
            return list(self._asked)


class Handler(SampleHandler):
    """HTTP in front of both."""

    registries: SampleRegistries
    server_version = "SampleRegistries"
    note = "không phải cơ sở dữ liệu quốc gia về dân cư, về đăng ký doanh nghiệp"

    def do_POST(self) -> None:
        """The two services, and the switches of the page."""
        content = self.read_content()
        registry, _, service = self.path.strip("/").partition("/")
        if content is None:
            self.send_back(413, {"loi": "Quá lớn"})
        elif self.path == "/cong-tac":
            for name, way in self.read_form(content).items():
                self.registries.switch(name, way)
            self.send_to()
        elif registry not in _NAMES or service != "tra-cuu":
            self.send_back(404, {"loi": "Không có địa chỉ này"})
        elif not self._is_known():
            self.send_back(401, {"loi": "Sai tài khoản kết nối"})
        else:
            self._serve(registry, content)

    def _is_known(self) -> bool:
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return hmac.compare_digest(wanted.encode(), self.headers.get("Authorization", "").encode())

    def _serve(self, registry: str, content: bytes) -> None:
        try:
            asked = json.loads(content)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            self.send_back(400, {"loi": "Không đọc được JSON"})
            return
        match self.registries.way(registry):
            case "nghi":
                self.send_back(503, {"loi": "Hệ thống mẫu đang tạm nghỉ"})
                return
            case "tu-choi":
                self.send_back(403, {"loi": "Hệ thống mẫu từ chối"})
                return
            case "vo-nghia":
                self.send_text(200, "text/html", "<h1>Xin chào</h1>")
                return
            case "cham":
                time.sleep(SLOW_SECONDS)
            case "nham-nguoi":
                asked = {**asked, **_SOMEBODY_ELSE}
        self.send_back(*self.registries.ask(registry, asked))

    def do_GET(self) -> None:
        """The one page: what they know, how they behave, who asked."""
        if self.path == "/":
            self.send_page("Cơ sở dữ liệu dân cư, đăng ký doanh nghiệp (mẫu)", _home(self.registries))
        else:
            self.send_back(404, {"loi": "Không có trang này"})


_SOMEBODY_ELSE = {"soDinhDanh": "099192000456", "hoTen": "Lê Thị Hòa", "maSo": "9900000002"}


def _home(registries: SampleRegistries) -> str:
    switches = "".join(
        f"<h2>{name}</h2><p>Đang: {WAYS[registries.way(key)].lower()}.</p>"
        + "".join(switch_button(key, way, label) for way, label in WAYS.items())
        for key, name in _NAMES.items()
    )
    asked = [
        (
            at,
            _NAMES[registry],
            one.get("nguoiTraCuu"),
            one.get("mucDich"),
            one.get("soDinhDanh") or one.get("maSo"),
            said,
        )
        for at, registry, one, said in registries.questions()
    ]
    people = [
        (one["soDinhDanh"], one["hoTen"], one["ngaySinh"], one["noiThuongTru"], one["trangThai"])
        for one in (*_MORE, *_KNOWN)
    ]
    enterprises = [
        (one["maSo"], one["ten"], one["loaiHinh"], one["nguoiDaiDien"]["hoTen"], one["trangThai"])
        for one in ENTERPRISES.values()
    ]
    return (
        switches
        + _table("Câu hỏi đã nhận", ("Lúc", "Hỏi", "Người tra cứu", "Mục đích", "Số", "Trả lời"), asked)
        + _table("Người mẫu", ("Số định danh", "Họ tên", "Ngày sinh", "Thường trú", "Trạng thái"), people)
        + _table("Tổ chức mẫu", ("Mã số", "Tên", "Loại hình", "Người đại diện", "Trạng thái"), enterprises)
    )


def _table(caption: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="bang">{table}</div>' + ("" if rows else "<p>Chưa có gì.</p>")


def main() -> None:
    """Serve until ended."""
    given = ask_arguments(__doc__, data=False)
    handler = type("Bound", (Handler,), {"registries": SampleRegistries()})
    serve(handler, given.host, given.port)


if __name__ == "__main__":
    main()
