"""A sample national public service portal: it says that it is one, and shows what arrived.

A process of its own beside the province, so that it can really be away: ``python -m
dinh.website.sample.national_portal --port 8020 --data var/national-sample.jsonl``. It takes the services of
``onestop/adapters/national.py`` and keeps what came as a journal: one line of JSON a message, read again at
its start. Visitors file sample dossiers here too (``national_filing``). It holds its callers to what the
real one is said to ask: a session, known field names, a status from 1 to 10 that may follow the one before,
no second creation. A message that comes again changes nothing; one that comes late does not overwrite a
newer.
"""

import datetime as dt
import html
import json
import os
import secrets
import threading
import urllib.parse
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dinh.kernel.worktime import VIETNAM
from dinh.website.sample.national_control import SampleControl, figures_page
from dinh.website.sample.national_filing import (
    SampleFilings,
    filed_page,
    form_page,
    sample_body,
    sample_file,
    supplement_body,
)
from dinh.website.sample.outside import PASSWORD, USER, SampleHandler, ask_arguments, serve, switch_button

__all__ = ["SampleNationalPortal", "main"]

STATUSES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
ENDS = {3, 7, 8, 10}
# Fields without which the sample takes no dossier, and no row of progress.
HO_SO = (
    "MaHoSo",
    "SoBienNhan",
    "MaTTHC",
    "TenTTHC",
    "KenhThucHien",
    "ChuHoSo",
    "NgayNopHoSo",
    "TrangThaiHoSo",
)
TIEN_DO = ("MaHoSo", "NguoiXuLy", "ThoiDiemXuLy", "NoiDungXuLy", "TrangThai")

TAKEN = "Đã nhận"


class Fault(Exception):
    """Why a message is not taken."""


@dataclass
class _Kept:
    """One dossier as it was told last: ``number`` is that of the message."""

    number: int
    status: int
    content: dict[str, Any]
    at: str


class SampleNationalPortal:
    """What the sample knows: in memory, and in a journal from which it is read again."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._answers: dict[str, dict[str, Any]] = {}
        self._times: defaultdict[str, int] = defaultdict(int)
        self._dossiers: dict[str, _Kept] = {}
        self._statuses: defaultdict[str, list[int]] = defaultdict(list)
        self._progress: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._by_filing: dict[str, str] = {}
        self.is_away = False
        self.filings = SampleFilings(self._write)
        self.control = SampleControl()
        self._read(Path(path))
        self._journal = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - open as long as the process

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # The line at which the process was killed: its message comes again.
            if "away" in entry:
                self.is_away = bool(entry["away"])
            elif entry.keys() & {"filed", "kept"}:
                self.filings.read_back(entry)
            elif "again" in entry:
                self._times[entry["again"]] += 1
            else:
                self._keep(entry["asked"], entry["at"])

    def _write(self, entry: Mapping[str, Any]) -> None:
        self._journal.write(_json(entry) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())

    # the services

    def open_session(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if (asked.get("username"), asked.get("password")) != (USER, PASSWORD):
            return _answer("401", "Sai tài khoản kết nối")
        session = secrets.token_urlsafe(16)
        self._sessions.add(session)
        return {**_answer("0", "Thành công"), "session": session}

    def take(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Take one message of the integration services, once."""
        if asked.get("session") not in self._sessions:
            return _answer("401", "Phiên kết nối không còn")
        message = str(asked.get("maThongDiep", ""))
        with self._lock:
            if message in self._answers:
                self._times[message] += 1
                self._write({"again": message})
                return self._answers[message]
            at = f"{dt.datetime.now(VIETNAM):%Y-%m-%d %H:%M:%S}"
            taken = {name: value for name, value in asked.items() if name != "session"}
            try:
                answer = self._keep(taken, at)
            except Fault as fault:
                return _answer("2", str(fault))
            self._write({"at": at, "asked": taken})
        return answer

    def share(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the province asks for: dossiers that were filed here."""
        if asked.get("session") not in self._sessions:
            return _answer("401", "Phiên kết nối không còn")
        if asked.get("service") == "LayHoSoNopMoi":
            return {**_answer("0", "Thành công"), "result": self.filings.give(asked)}
        if asked.get("service") == "XacNhanThongDiep":
            self.filings.note_kept(asked.get("maThongDiep"))
            return _answer("0", "Thành công")
        return _answer("2", "Không có dịch vụ này")

    def has_session(self, header: str) -> bool:
        """Whether a request for a file comes from whom we know."""
        return header.removeprefix("Bearer ") in self._sessions

    def _keep(self, asked: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Take a message whole, or raise ``Fault`` and nothing of it."""
        message, number, data = asked.get("maThongDiep"), asked.get("soThuTu"), asked.get("data")
        if not message or not isinstance(number, int) or not isinstance(data, list):
            raise Fault("Thiếu maThongDiep, soThuTu hoặc data")
        if asked.get("service") == "DongBoHoSoMC":
            creates = asked.get("isUpdating") == "False"
            said = [self._check_dossier(one, number, creates) for one in data]
            for one, answer in zip(data, said, strict=True):
                if answer == TAKEN:
                    receipt, status = one["SoBienNhan"], int(one["TrangThaiHoSo"])
                    self._dossiers[receipt] = _Kept(number, status, one, at)
                    self._statuses[receipt].append(status)
                    if one.get("SoHoSoDVCQG"):
                        self._by_filing[str(one["SoHoSoDVCQG"])] = receipt
            words = "; ".join(said)
        elif asked.get("service") == "CapNhatTienDoHoSoMC":
            for row in data:
                _check(row, TIEN_DO)
            for row in data:
                self._progress[row["MaHoSo"]].append(row)
            words = "Đã nhận tiến độ"
        elif asked.get("service") == "PhanHoiHoSoNop":
            for row in data:
                _check(row, ("SoHoSo", "MaThongDiep", "KetQua"))
            for row in data:
                self.filings.note_reply(row)
            words = "Đã nhận phản hồi"
        elif asked.get("service") == "GuiSoLieuBaoCao":
            words = self._take_figures(data, number, at)
        else:
            raise Fault("Không có dịch vụ này")
        self._answers[message] = _answer("0", words)
        self._times[message] += 1
        return self._answers[message]

    def _take_figures(self, data: list[Any], number: int, at: str) -> str:
        faults = [fault for row in data if (fault := self.control.check(row))]
        if faults:
            raise Fault("; ".join(faults))
        return "; ".join(self.control.take(row, number, at) for row in data)

    def _check_dossier(self, one: Any, number: int, creates: bool) -> str:
        _check(one, HO_SO)
        status = _status(one["TrangThaiHoSo"])
        known = self._dossiers.get(one["SoBienNhan"])
        if creates and known:
            raise Fault("Hồ sơ đã có")
        if known and known.number >= number:
            return "Đã có bản mới hơn"
        if known and known.status in ENDS and status != known.status:
            raise Fault(f"Trạng thái {known.status} là cuối cùng")
        return TAKEN

    def look_up(self, code: str) -> dict[str, Any]:
        """What it knows of one dossier, by its code or its request code (TraCuuHoSo)."""
        with self._lock:
            for receipt, kept in self._dossiers.items():
                if code in (receipt, kept.content["MaHoSo"]):
                    return {
                        "hoSo": kept.content,
                        "trangThai": list(self._statuses[receipt]),
                        "tienDo": list(self._progress[kept.content["MaHoSo"]]),
                    }
        return {}

    def told_of(self, number: str) -> dict[str, Any]:
        """What the province has synchronised of a dossier that was filed here."""
        receipt = self._by_filing.get(number, "")
        return self.look_up(receipt) if receipt else {}

    def counts(self) -> dict[str, int]:
        """How many messages came, how often, and how many dossiers there are."""
        with self._lock:
            deliveries = sum(self._times.values())
            return {
                "messages": len(self._answers),
                "deliveries": deliveries,
                "dossiers": len(self._dossiers),
            }

    def rows(self) -> list[tuple[str, str, str, int]]:
        """The newest two hundred dossiers: when, code, procedure, status."""
        with self._lock:
            newest = sorted(self._dossiers.items(), key=lambda pair: (pair[1].at, pair[0]), reverse=True)[
                :200
            ]
            return [
                (kept.at, kept.content["MaHoSo"], kept.content["TenTTHC"], kept.status) for _, kept in newest
            ]

    def switch(self, *, away: bool) -> None:
        """The switch with which a day's absence is shown."""
        with self._lock:
            self.is_away = away
            self._write({"away": away})


def _answer(code: str, message: str) -> dict[str, Any]:
    return {"error_code": code, "message": message}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _check(row: Any, fields: tuple[str, ...]) -> None:
    if not isinstance(row, dict):
        raise Fault("Dữ liệu không phải là đối tượng")
    missing = [name for name in fields if not isinstance(row.get(name), str) or not row[name]]
    if missing:
        raise Fault(f"Thiếu {', '.join(missing)}")


def _status(text: str) -> int:
    if not text.isdecimal() or int(text) not in STATUSES:
        raise Fault("TrangThaiHoSo phải từ 1 đến 10")
    return int(text)


class Handler(SampleHandler):
    """HTTP in front of the sample."""

    portal: SampleNationalPortal
    server_version = "SampleNationalPortal"
    note = "không phải Cổng Dịch vụ công quốc gia"

    def do_POST(self) -> None:
        """The services, and the switch of the page."""
        content = self.read_content()
        if content is None:
            self.send_back(413, _answer("413", "Quá lớn"))
        elif self.path in ("/cong-tac", "/so-lieu/cong-tac", "/nop-ho-so", "/bo-sung", "/rut"):
            self._visit(self.read_form(content))
        elif self.portal.is_away:
            self.send_back(503, _answer("503", "Hệ thống mẫu đang tạm nghỉ"))
        else:
            self.send_back(200, self._serve(content))

    def _visit(self, form: Mapping[str, str]) -> None:
        """What a visitor does at this sample: switch it off, file, supplement, take back."""
        filings = self.portal.filings
        number = form.get("so", "")
        if self.path == "/cong-tac":
            self.portal.switch(away=form.get("nghi") == "1")
            self.send_to()
            return
        if self.path == "/so-lieu/cong-tac":
            self.portal.control.refuses = form.get("tu-choi") == "1"
            self.send_to("/so-lieu")
            return
        if self.path == "/nop-ho-so":
            number = filings.file(sample_body(form))
        elif filings.known(number)["tin"]:
            if self.path == "/bo-sung":
                body = supplement_body(filings.known(number))
                filings.file(body, kind="BoSung", number=number)
            else:
                filings.file({"GhiChu": "Tôi rút hồ sơ."}, kind="RutHoSo", number=number)
        self.send_to(f"/ho-so-nop?so={urllib.parse.quote(number)}")

    def _serve(self, content: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(content)
        except ValueError:
            return _answer("2", "Không đọc được JSON")
        if not isinstance(asked, dict):
            return _answer("2", "Không đọc được JSON")
        if self.path == "/auth":
            return self.portal.open_session(asked)
        if self.path == "/integration":
            return self.portal.take(asked)
        if self.path == "/share":
            return self.portal.share(asked)
        return _answer("2", "Không có địa chỉ này")

    def do_GET(self) -> None:
        """The pages: what arrived, one dossier, and the counts as JSON."""
        path, _, query = self.path.partition("?")
        code = urllib.parse.parse_qs(query).get("ma", [""])[0]
        if path == "/dem":
            self.send_back(200, self.portal.counts())
        elif path == "/tra-cuu":
            self.send_back(200, self.portal.look_up(code))
        elif path == "/ho-so":
            self.send_page(f"Hồ sơ {code}", _dossier(self.portal.look_up(code)))
        elif path == "/nop-ho-so":
            self.send_page("Nộp hồ sơ tại cổng quốc gia (mẫu)", form_page(self.portal.filings))
        elif path == "/ho-so-nop":
            number = urllib.parse.parse_qs(query).get("so", [""])[0]
            known = self.portal.filings.known(number)
            self.send_page(f"Hồ sơ {number}", filed_page(known, number, self.portal.told_of(number)))
        elif path == "/so-lieu":
            asked = urllib.parse.parse_qs(query)
            unit, period = (asked.get(name, [""])[0] for name in ("don-vi", "ky"))
            body = figures_page(self.portal.control, unit, period)
            self.send_page(f"Hệ thống kiểm soát thủ tục quốc gia (mẫu) {unit} {period}".strip(), body)
        elif path == "/so-lieu.json":
            asked = urllib.parse.parse_qs(query)
            unit, period = (asked.get(name, [""])[0] for name in ("don-vi", "ky"))
            self.send_back(200, {"phienBan": self.portal.control.known(unit, period)})
        elif path == "/nop":
            self.send_back(200, self.portal.filings.known(urllib.parse.parse_qs(query).get("so", [""])[0]))
        elif path.startswith("/tep/"):
            self._file(path.removeprefix("/tep/"))
        elif path == "/":
            self.send_page("Cổng Dịch vụ công quốc gia (mẫu)", _home(self.portal))
        else:
            self.send_back(404, _answer("404", "Không có trang này"))

    def _file(self, name: str) -> None:
        found = sample_file(name)
        if self.portal.is_away:
            self.send_back(503, _answer("503", "Hệ thống mẫu đang tạm nghỉ"))
        elif not self.portal.has_session(self.headers.get("Authorization", "")):
            self.send_back(401, _answer("401", "Phiên kết nối không còn"))
        elif found is None:
            self.send_back(404, _answer("404", "Không có tệp này"))
        else:
            kind, content = found
            self.send_content(200, kind, content)


def _home(portal: SampleNationalPortal) -> str:
    counts = portal.counts()
    away = portal.is_away
    rows = "".join(_row(*row) for row in portal.rows())
    said = "đang tạm nghỉ: mọi tin gửi đến đều bị từ chối với mã 503" if away else "đang nhận tin"
    return (
        f"<p>Hệ thống {said}. Đã nhận {counts['messages']} tin ({counts['deliveries']} lần gửi),"
        f" {counts['dossiers']} hồ sơ.</p>"
        + switch_button("nghi", "0" if away else "1", "Mở lại" if away else "Tạm nghỉ")
        + '<p><a href="/nop-ho-so">Nộp thử một hồ sơ tại cổng mẫu này</a> ·'
        ' <a href="/so-lieu">Số liệu báo cáo đã nhận</a></p>'
        '<div class="bang"><table><caption>Hồ sơ đã nhận</caption><thead><tr><th>Lúc</th><th>Mã hồ sơ</th>'
        f"<th>Thủ tục</th><th>Trạng thái</th></tr></thead><tbody>{rows}</tbody></table></div>"
        + ("" if rows else "<p>Chưa có hồ sơ nào được đồng bộ.</p>")
    )


def _row(at: str, code: str, procedure: str, status: int) -> str:
    name = html.escape(procedure)
    link = f'<a href="/ho-so?ma={urllib.parse.quote(code)}">{html.escape(code)}</a>'
    cells = (html.escape(at), link, name, f"{status}. {STATUSES[status]}")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _dossier(known: Mapping[str, Any]) -> str:
    if not known:
        return '<p>Không có hồ sơ này.</p><p><a href="/">Về danh sách</a></p>'
    statuses = " → ".join(f"{status}. {STATUSES[status]}" for status in known["trangThai"])
    progress = "".join(
        f"<li>{html.escape(row['ThoiDiemXuLy'])}: {html.escape(row['NoiDungXuLy'])}"
        f" ({html.escape(row['NguoiXuLy'])})</li>"
        for row in known["tienDo"]
    )
    content = html.escape(json.dumps(known["hoSo"], ensure_ascii=False, indent=2))
    return (
        f"<p>{html.escape(statuses)}</p><h2>Tiến độ</h2><ol>{progress}</ol>"
        f'<h2>HoSo</h2><pre>{content}</pre><p><a href="/">Về danh sách</a></p>'
    )


def main() -> None:
    """Serve until ended."""
    given = ask_arguments(__doc__, data=True)
    Path(given.data).parent.mkdir(parents=True, exist_ok=True)
    handler = type("Bound", (Handler,), {"portal": SampleNationalPortal(given.data)})
    serve(handler, given.host, given.port)


if __name__ == "__main__":
    main()
