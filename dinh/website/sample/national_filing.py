"""The sample national portal's own dossiers: what visitors file there, waiting for the province to fetch it.

A message stays until the province says that it is kept, so that an absence on either side loses nothing. The
answers and papers are invented; a visitor chooses what shall be wrong with them, so that each way can be
walked in a browser.
"""

import datetime as dt
import html
import io
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image, ImageDraw

from dinh.kernel.worktime import VIETNAM

__all__ = [
    "FLAWS",
    "PROCEDURES",
    "SampleFilings",
    "filed_page",
    "form_page",
    "sample_body",
    "sample_file",
    "supplement_body",
]

PROCEDURES = {
    "1.004873": ("Cấp Giấy xác nhận tình trạng hôn nhân", "H99.31.011", "Ủy ban nhân dân cấp xã"),
    "2.000488": ("Cấp Phiếu lý lịch tư pháp", "H99.02", "Sở Tư pháp"),
}
# What a visitor may have wrong with the sample dossier.
FLAWS = {
    "": "Không, hồ sơ đầy đủ",
    "thieu": "Thiếu một câu trả lời bắt buộc",
    "khong-tep": "Thiếu giấy tờ bắt buộc",
    "tep-hong": "Tệp đổi đuôi: trang web mang tên .pdf",
    "noi-khac": "Tệp nằm ở máy chủ khác",
    "thu-tuc": "Mã thủ tục không có",
    "don-vi": "Mã đơn vị không có",
    "ho-ten": "Họ tên khác với người của số định danh",
}
WORDS = {"DaNhan": "Tỉnh đã nhận", "TuChoi": "Tỉnh từ chối", "DaRut": "Đã rút theo yêu cầu"}
MOST_GIVEN = 50
Write = Callable[[Mapping[str, Any]], None]


class SampleFilings:
    """Dossiers filed here and their messages. ``write`` keeps an entry of the portal's journal."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._messages: list[dict[str, Any]] = []
        self._kept: set[str] = set()
        self._replies: dict[str, list[dict[str, Any]]] = {}

    def read_back(self, entry: Mapping[str, Any]) -> None:
        """Take an entry of the journal in again."""
        if "filed" in entry:
            self._messages.append(dict(entry["filed"]))
        elif "kept" in entry:
            self._kept.update(entry["kept"])

    def file(self, body: Mapping[str, Any], *, kind: str = "NopMoi", number: str = "") -> str:
        """Keep what somebody files, supplements or takes back; return the dossier's number here."""
        with self._lock:
            now = dt.datetime.now(VIETNAM)
            order = len(self._messages) + 1
            number = number or f"G22-MAU-{now:%y%m%d}-{order:04d}"
            message = {
                "MaThongDiep": f"mau-{now:%Y%m%d%H%M%S}-{order}",
                "SoThuTu": order,
                "Loai": kind,
                "SoHoSo": number,
                "ThoiDiem": f"{now:%Y%m%d%H%M%S}",
                "HoSo": dict(body),
            }
            self._messages.append(message)
            self._write({"filed": message})
            return number

    def give(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """LayHoSoNopMoi: messages that the province has not kept yet, behind one, so many at most."""
        after, most = asked.get("sauSo"), asked.get("soLuong")
        after = after if isinstance(after, int) else 0
        most = min(most, MOST_GIVEN) if isinstance(most, int) and most > 0 else MOST_GIVEN
        with self._lock:
            open_messages = [
                one
                for one in self._messages
                if one["SoThuTu"] > after and one["MaThongDiep"] not in self._kept
            ]
        return open_messages[:most]

    def note_kept(self, codes: Any) -> None:
        """XacNhanThongDiep: these need not be given again."""
        known = [one for one in codes if isinstance(one, str)] if isinstance(codes, list) else []
        with self._lock:
            self._kept.update(known)
            self._write({"kept": known})

    def note_reply(self, row: Mapping[str, Any]) -> None:
        """PhanHoiHoSoNop: what became of one message; the journal keeps it with all that is taken."""
        with self._lock:
            self._replies.setdefault(str(row.get("SoHoSo", "")), []).append(dict(row))

    def rows(self) -> list[dict[str, Any]]:
        """The newest hundred dossiers that were filed here."""
        with self._lock:
            return [one for one in reversed(self._messages) if one["Loai"] == "NopMoi"][:100]

    def known(self, number: str) -> dict[str, Any]:
        """All that is known of one dossier: its messages, which are fetched, what was answered."""
        with self._lock:
            messages = [one for one in self._messages if one["SoHoSo"] == number]
            return {
                "tin": messages,
                "daLay": [one["MaThongDiep"] for one in messages if one["MaThongDiep"] in self._kept],
                "phanHoi": list(self._replies.get(number, [])),
            }


def sample_body(form: Mapping[str, str]) -> dict[str, Any]:
    """The HoSo of what a visitor has typed, with the flaw that they chose."""
    code, flaw = form.get("thu-tuc", ""), form.get("loi", "")
    code = code if code in PROCEDURES else next(iter(PROCEDURES))
    name, unit, _ = PROCEDURES[code]
    person = {
        key: form.get(key, "").strip()[:200] for key in ("ho-ten", "so-dinh-danh", "dien-thoai", "email")
    }
    answers = _answers(code, person)
    if flaw == "thieu":
        answers.pop("dia_chi")
    papers = [] if flaw == "khong-tep" else [_paper(flaw)]
    return {
        "MaTTHC": "9.999999" if flaw == "thu-tuc" else code,
        "TenTTHC": name,
        "MaDonVi": "H99.99.999" if flaw == "don-vi" else unit,
        "ChuHoSo": "Trần Văn Khác" if flaw == "ho-ten" else person["ho-ten"],
        "LoaiDoiTuong": "1",
        "SoGiayToChuHoSo": person["so-dinh-danh"],
        "SoDienThoai": person["dien-thoai"],
        "Email": person["email"],
        "DiaChi": "Thôn 3, xã Bình Mẫu",
        "DuLieuToKhai": answers,
        "TaiLieuNop": papers,
        "GhiChu": "",
    }


def _answers(code: str, person: Mapping[str, str]) -> dict[str, Any]:
    common = {
        "ho_ten": person["ho-ten"],
        "ngay_sinh": "19900302",
        "so_dinh_danh": person["so-dinh-danh"],
        "dia_chi": "Thôn 3, xã Bình Mẫu",
    }
    if code == "1.004873":
        return {**common, "tinh_trang": "chua_ket_hon", "muc_dich": "Để kết hôn", "mien_le_phi": "False"}
    return {
        **common,
        "loai_phieu": "so_1",
        "doi_tuong": "thuong",
        "muc_dich": "Xin việc",
        "noi_sinh": "Đình Sơn",
        "uy_quyen": "False",
    }


def _paper(flaw: str) -> dict[str, str]:
    place = {
        "tep-hong": "/tep/hong",
        "noi-khac": "http://169.254.169.254/latest/giay-to.jpg",
    }.get(flaw, "/tep/giay-to")
    return {
        "TepDinhKemId": "1",
        "TenTepDinhKem": "giay-to.pdf" if flaw == "tep-hong" else "giay-to.jpg",
        "MaThanhPhanHoSo": "giay_to_tuy_than",
        "IsDeleted": "False",
        "DuongDanTaiTepTin": place,
    }


def sample_file(name: str) -> tuple[str, bytes] | None:
    """The media type and the bytes of a file here: a drawn paper, or a web page that calls itself a PDF."""
    if name == "hong":
        return "application/pdf", b"<html><script>alert('mau')</script></html>"
    if name != "giay-to":
        return None
    picture = Image.effect_noise((900, 600), 40).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 840, 540), fill="white", outline="black", width=4)
    draw.text((120, 240), "GIAY TO MAU - KHONG CO GIA TRI", fill="black", font_size=36)
    content = io.BytesIO()
    picture.save(content, "JPEG")
    return "image/jpeg", content.getvalue()


def form_page(filings: SampleFilings) -> str:
    """The form by which a visitor files a sample dossier here, and what was filed."""
    choices = "".join(
        f'<option value="{code}">{html.escape(f"{code} – {name} ({where})")}</option>'
        for code, (name, _unit, where) in PROCEDURES.items()
    )
    flaws = "".join(f'<option value="{key}">{html.escape(words)}</option>' for key, words in FLAWS.items())
    rows = "".join(
        f'<tr><td>{html.escape(one["ThoiDiem"])}</td><td><a href="/ho-so-nop?so='
        f'{urllib.parse.quote(one["SoHoSo"])}">{html.escape(one["SoHoSo"])}</a></td>'
        f"<td>{html.escape(str(one['HoSo'].get('TenTTHC', '')))}</td></tr>"
        for one in filings.rows()
    )
    return (
        "<p>Nộp một hồ sơ mẫu như người dân nộp tại Cổng quốc gia. Người và câu trả lời là bịa;"
        " tỉnh lấy hồ sơ về trong nửa phút.</p>"
        '<form method="post" action="/nop-ho-so">'
        f'<p><label for="tt">Thủ tục</label><br><select id="tt" name="thu-tuc">{choices}</select></p>'
        '<p><label for="ht">Họ và tên</label><br><input id="ht" name="ho-ten" value="Lê Thị Mẫu" required'
        ' maxlength="100"></p>'
        '<p><label for="sd">Số định danh (bắt đầu bằng 099)</label><br><input id="sd" name="so-dinh-danh"'
        ' value="099190888001" required pattern="[0-9]{12}" inputmode="numeric"></p>'
        '<p><label for="dt">Điện thoại</label><br><input id="dt" name="dien-thoai" value="0900000777"></p>'
        '<p><label for="em">Thư điện tử</label><br><input id="em" name="email" value="mau@example.vn"></p>'
        f'<p><label for="loi">Cố ý làm sai</label><br><select id="loi" name="loi">{flaws}</select></p>'
        "<p><button>Nộp hồ sơ mẫu</button></p></form>"
        '<div class="bang"><table><caption>Đã nộp tại cổng mẫu này</caption>'
        "<thead><tr><th>Lúc</th><th>Số</th>"
        f"<th>Thủ tục</th></tr></thead><tbody>{rows}</tbody></table></div>"
        + ("" if rows else "<p>Chưa có hồ sơ nào.</p>")
        + '<p><a href="/">Về trang đầu của cổng mẫu</a></p>'
    )


def filed_page(known: Mapping[str, Any], number: str, told: Mapping[str, Any]) -> str:
    """One dossier filed here: what was fetched, what the province says of it, what its owner can do.

    ``told`` is what the province has synchronised of it.
    """
    if not known["tin"]:
        return '<p>Không có hồ sơ này.</p><p><a href="/nop-ho-so">Về danh sách</a></p>'
    lines = "".join(
        f"<li>{html.escape(one['ThoiDiem'])}: {html.escape(one['Loai'])} – "
        f"{'tỉnh đã lấy về' if one['MaThongDiep'] in known['daLay'] else 'chờ tỉnh lấy về'}</li>"
        for one in known["tin"]
    )
    replies = "".join(
        f"<li>{html.escape(str(one.get('ThoiDiem', '')))}: "
        f"{html.escape(WORDS.get(str(one.get('KetQua')), ''))} {html.escape(str(one.get('MaHoSo', '')))}"
        f" {html.escape(str(one.get('LyDo', '')))}</li>"
        for one in known["phanHoi"]
    )
    asked = "".join(
        f"<li>{html.escape(str(one.get('NoiDungBoSung', '')))} – "
        f"{html.escape(str(one.get('TrangThaiBoSung', '')))}</li>"
        for one in told.get("hoSo", {}).get("DanhSachHoSoBoSung", ())
    )
    status = " → ".join(str(one) for one in told.get("trangThai", ()))
    code = html.escape(str(told.get("hoSo", {}).get("MaHoSo", "")))
    hidden = f'<input type="hidden" name="so" value="{html.escape(number)}">'
    return (
        f"<h2>Tin đã gửi</h2><ol>{lines}</ol><h2>Tỉnh trả lời</h2><ol>{replies}</ol>"
        + ("" if replies else "<p>Chưa có trả lời.</p>")
        + (f"<p>Mã hồ sơ của tỉnh: {code}. Trạng thái đã nhận: {status}.</p>" if code else "")
        + (f"<h2>Tỉnh yêu cầu bổ sung</h2><ul>{asked}</ul>" if asked else "")
        + f'<form method="post" action="/bo-sung">{hidden}'
        "<p><button>Nộp bổ sung một giấy tờ mẫu</button></p></form>"
        f'<form method="post" action="/rut">{hidden}<p><button>Rút hồ sơ</button></p></form>'
        '<p><a href="/nop-ho-so">Về danh sách</a></p>'
    )


def supplement_body(known: Mapping[str, Any]) -> dict[str, Any]:
    """The HoSo of a supplement to what was filed: one paper more."""
    first = known["tin"][0]["HoSo"]
    return {
        "MaTTHC": first.get("MaTTHC", ""),
        "MaDonVi": first.get("MaDonVi", ""),
        "TaiLieuNop": [_paper("")],
        "GhiChu": "Tôi đã nộp bổ sung giấy tờ.",
    }
