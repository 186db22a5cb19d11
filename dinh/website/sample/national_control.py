"""The sample national system for control of procedures: the figures of periods that provinces send.

It stands beside the sample portal, says that it is a sample, keeps every version, lets no older one take the
place of a newer, and refuses what does not add up.
"""

import html
import threading
import urllib.parse
from collections.abc import Mapping
from typing import Any

__all__ = ["SampleControl", "figures_page"]

NEEDED = ("MaDonVi", "TenDonVi", "KyBaoCao", "TuNgay", "DenNgay", "BieuMau", "PhienBan")
COUNTS = (
    *("TongSo", "TrucTuyen", "TrucTiepBuuChinh", "KyTruoc"),
    *("DaGiaiQuyet", "TruocHan", "DungHan", "QuaHan"),
)
OLDER = "Đã có phiên bản mới hơn"
TAKEN = "Đã nhận số liệu"


class SampleControl:
    """Figures by agency and period, each version once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.refuses = False

    def check(self, row: Any) -> str:
        """Say what is wrong with figures; nothing when they can be taken."""
        if self.refuses:
            return "Hệ thống mẫu đang từ chối số liệu"
        if not isinstance(row, dict):
            return "Dữ liệu không phải là đối tượng"
        missing = [name for name in NEEDED if not isinstance(row.get(name), str) or not row[name]]
        if missing:
            return f"Thiếu {', '.join(missing)}"
        lines, total = row.get("DanhSachLinhVuc"), row.get("TongCong")
        if not isinstance(lines, list) or not isinstance(total, dict):
            return "Thiếu DanhSachLinhVuc hoặc TongCong"
        for name in COUNTS:
            parts = [str(line.get(name, "")) for line in lines if isinstance(line, dict)]
            if not all(one.isdecimal() for one in (*parts, str(total.get(name, "")))):
                return f"{name} phải là số"
            if sum(map(int, parts)) != int(total[name]):
                return f"{name}: các dòng cộng lại khác tổng"
        return ""

    def take(self, row: Mapping[str, Any], number: int, at: str) -> str:
        """Keep a version that was checked; an older one than is known changes nothing."""
        with self._lock:
            known = self._versions.setdefault((row["MaDonVi"], row["KyBaoCao"]), [])
            if known and known[-1]["soThuTu"] >= number:
                return OLDER
            known.append({"soThuTu": number, "luc": at, "soLieu": dict(row)})
        return TAKEN

    def known(self, unit: str, period: str) -> list[dict[str, Any]]:
        """The versions of an agency's period, in the order in which they came."""
        with self._lock:
            return list(self._versions.get((unit, period), ()))

    def rows(self) -> list[tuple[str, str, dict[str, Any], int]]:
        """The newest version of each agency and period, and how many there are."""
        with self._lock:
            found = [
                (unit, period, versions[-1], len(versions))
                for (unit, period), versions in self._versions.items()
            ]
        return sorted(found, key=lambda row: row[2]["luc"], reverse=True)[:200]


def figures_page(control: SampleControl, unit: str, period: str) -> str:
    """What was received: all agencies, or the versions of one agency's period."""
    if unit:
        versions = "".join(
            f"<h2>Phiên bản {one['soThuTu']}, {html.escape(one['luc'])}</h2>{_table(one['soLieu'])}"
            for one in reversed(control.known(unit, period))
        )
        return f'{versions or "<p>Chưa có số liệu.</p>"}<p><a href="/so-lieu">Về danh sách</a></p>'
    rows = "".join(
        f"<tr><td>{html.escape(newest['luc'])}</td><td>"
        f'<a href="/so-lieu?{urllib.parse.urlencode({"don-vi": code, "ky": name})}">'
        f"{html.escape(newest['soLieu']['TenDonVi'])}</a></td><td>{html.escape(name)}</td><td>{count}</td>"
        f"<td>{html.escape(str(newest['soLieu']['TongCong'].get('TongSo', '')))}</td></tr>"
        for code, name, newest, count in control.rows()
    )
    said = "đang từ chối mọi số liệu" if control.refuses else "đang nhận số liệu"
    button = "Nhận lại" if control.refuses else "Từ chối số liệu"
    return (
        f"<p>Hệ thống kiểm soát thủ tục mẫu {said}.</p>"
        '<form method="post" action="/so-lieu/cong-tac">'
        f'<button name="tu-choi" value="{0 if control.refuses else 1}">{button}</button></form>'
        '<div class="bang"><table><caption>Số liệu đã nhận</caption><thead><tr><th>Lúc</th><th>Cơ quan</th>'
        f"<th>Kỳ</th><th>Số phiên bản</th><th>Tổng số</th></tr></thead><tbody>{rows}</tbody></table></div>"
        + ("" if rows else "<p>Chưa nhận số liệu nào.</p>")
        + '<p><a href="/">Về trang đầu của cổng mẫu</a></p>'
    )


def _table(content: Mapping[str, Any]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in COUNTS)
    lines = [*content["DanhSachLinhVuc"], {"TenLinhVuc": "Tổng cộng", **content["TongCong"]}]
    rows = "".join(
        f"<tr><td>{html.escape(str(line.get('TenLinhVuc', '')))}</td>"
        + "".join(f"<td>{html.escape(str(line.get(name, '')))}</td>" for name in COUNTS)
        + "</tr>"
        for line in lines
    )
    scores = "; ".join(
        f"{html.escape(str(one.get('So')))}: {html.escape(str(one.get('Diem') or '–'))}"
        for one in content.get("ChiTieu", ())
    )
    paper = content.get("BaoCaoKySo") or {}
    signed = (
        f"<p>Báo cáo ký số {html.escape(str(paper.get('SoKyHieu')))},"
        f" mã {html.escape(str(paper.get('MaKiemTra')))}, SHA-256 {html.escape(str(paper.get('SHA256')))}</p>"
        if paper
        else ""
    )
    return (
        f'<div class="bang"><table><thead><tr><th>Lĩnh vực</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>Chín chỉ tiêu: {scores or '–'}</p>{signed}"
    )
