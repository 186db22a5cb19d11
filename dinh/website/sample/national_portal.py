"""A sample national public service portal: it says that it is one, and shows what arrived.

A process of its own beside the province, so that it can really be away: ``python -m
dinh.website.sample.national_portal --port 8020 --data var/national-sample.sqlite``. It takes the services of
``onestop/adapters/national.py`` and keeps what came in an SQLite file. It holds its callers to what the real
one is said to ask: a session, known field names, a status from 1 to 10 that may follow the one before, no
second creation. A message that comes again changes nothing; one that comes late does not overwrite a newer.
"""

import argparse
import html
import json
import secrets
import sqlite3
import threading
import urllib.parse
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["SampleNationalPortal", "main"]

USER, PASSWORD = "tinh-mau", "mat-khau-mau"
LARGEST = 4 * 1024 * 1024

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

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL, service TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1,
    at TEXT NOT NULL DEFAULT (datetime('now', '+7 hours')), content TEXT NOT NULL, answer TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS dossiers (
    receipt TEXT PRIMARY KEY, code TEXT NOT NULL, number INTEGER NOT NULL, status INTEGER NOT NULL,
    content TEXT NOT NULL, at TEXT NOT NULL DEFAULT (datetime('now', '+7 hours'))
);
CREATE TABLE IF NOT EXISTS history (
    id INTEGER PRIMARY KEY, receipt TEXT NOT NULL, status INTEGER NOT NULL, message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY, code TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY);
"""


class Fault(Exception):
    """Why a message is not taken."""


class SampleNationalPortal:
    """What the sample knows, in one SQLite file."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._data = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._data.executescript(SCHEMA)
        self._sessions: set[str] = set()

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
            known = self._data.execute("SELECT answer FROM messages WHERE id = ?", [message]).fetchone()
            if known:
                self._data.execute("UPDATE messages SET times = times + 1 WHERE id = ?", [message])
                return dict(json.loads(known[0]))
            self._data.execute("BEGIN")
            try:
                answer = _answer("0", self._apply(asked, message))
            except Fault as fault:
                self._data.execute("ROLLBACK")
                return _answer("2", str(fault))
            self._data.execute(
                "INSERT INTO messages (id, number, service, content, answer) VALUES (?, ?, ?, ?, ?)",
                [message, asked["soThuTu"], asked["service"], _json(asked["data"]), _json(answer)],
            )
            self._data.execute("COMMIT")
        return answer

    def _apply(self, asked: Mapping[str, Any], message: str) -> str:
        if (
            not message
            or not isinstance(asked.get("soThuTu"), int)
            or not isinstance(asked.get("data"), list)
        ):
            raise Fault("Thiếu maThongDiep, soThuTu hoặc data")
        if asked.get("service") == "DongBoHoSoMC":
            creates = asked.get("isUpdating") == "False"
            return "; ".join(
                self._take_dossier(one, asked["soThuTu"], message, creates) for one in asked["data"]
            )
        if asked.get("service") == "CapNhatTienDoHoSoMC":
            for row in asked["data"]:
                _check(row, TIEN_DO)
                self._data.execute(
                    "INSERT INTO progress (code, content) VALUES (?, ?)", [row["MaHoSo"], _json(row)]
                )
            return "Đã nhận tiến độ"
        raise Fault("Không có dịch vụ này")

    def _take_dossier(self, one: Any, number: int, message: str, creates: bool) -> str:
        _check(one, HO_SO)
        status = _status(one["TrangThaiHoSo"])
        known = self._data.execute(
            "SELECT number, status FROM dossiers WHERE receipt = ?", [one["SoBienNhan"]]
        ).fetchone()
        if creates and known:
            raise Fault("Hồ sơ đã có")
        if known and known[0] >= number:
            return "Đã có bản mới hơn"
        if known and known[1] in ENDS and status != known[1]:
            raise Fault(f"Trạng thái {known[1]} là cuối cùng")
        self._data.execute(
            "INSERT INTO dossiers (receipt, code, number, status, content) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (receipt) DO UPDATE SET code = excluded.code, number = excluded.number,"
            " status = excluded.status, content = excluded.content, at = datetime('now', '+7 hours')",
            [one["SoBienNhan"], one["MaHoSo"], number, status, _json(one)],
        )
        self._data.execute(
            "INSERT INTO history (receipt, status, message) VALUES (?, ?, ?)",
            [one["SoBienNhan"], status, message],
        )
        return "Đã nhận"

    def look_up(self, code: str) -> dict[str, Any]:
        """What it knows of one dossier, by its code or its request code (TraCuuHoSo)."""
        with self._lock:
            row = self._data.execute(
                "SELECT receipt, content FROM dossiers WHERE code = ? OR receipt = ?", [code, code]
            ).fetchone()
            if row is None:
                return {}
            statuses = self._data.execute(
                "SELECT status FROM history WHERE receipt = ? ORDER BY id", [row[0]]
            ).fetchall()
            content = json.loads(row[1])
            progress = self._data.execute(
                "SELECT content FROM progress WHERE code = ? ORDER BY id", [content["MaHoSo"]]
            ).fetchall()
        return {
            "hoSo": content,
            "trangThai": [status for (status,) in statuses],
            "tienDo": [json.loads(text) for (text,) in progress],
        }

    def counts(self) -> dict[str, int]:
        """How many messages came, how often, and how many dossiers there are."""
        with self._lock:
            messages, times = self._data.execute(
                "SELECT count(*), coalesce(sum(times), 0) FROM messages"
            ).fetchone()
            (dossiers,) = self._data.execute("SELECT count(*) FROM dossiers").fetchone()
        return {"messages": messages, "deliveries": times, "dossiers": dossiers}

    def rows(self) -> list[tuple[str, str, str, int]]:
        with self._lock:
            return self._data.execute(
                "SELECT at, code, content, status FROM dossiers ORDER BY at DESC, receipt LIMIT 200"
            ).fetchall()

    # the switch with which a day's absence is shown

    @property
    def is_away(self) -> bool:
        with self._lock:
            return self._data.execute("SELECT 1 FROM switches WHERE name = 'away'").fetchone() is not None

    def switch(self, *, away: bool) -> None:
        with self._lock:
            if away:
                self._data.execute("INSERT OR IGNORE INTO switches VALUES ('away')")
            else:
                self._data.execute("DELETE FROM switches WHERE name = 'away'")


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


PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} – hệ thống mẫu</title>
<style>body{{font:16px/1.6 sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:#222}}
.mau{{background:#7a1f2b;color:#fff;padding:.75rem 1rem;font-weight:600}}
.bang{{overflow-x:auto}}table{{border-collapse:collapse;width:100%}}
td,th{{border-bottom:1px solid #ccc;padding:.4rem .6rem;text-align:left;vertical-align:top}}
button{{font:inherit;padding:.5rem 1rem}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>
<p class="mau">HỆ THỐNG MẪU – không phải Cổng Dịch vụ công quốc gia. Dữ liệu ở đây không có giá trị.</p>
<main><h1>{title}</h1>{body}</main></html>"""


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of the sample."""

    portal: SampleNationalPortal
    server_version = "SampleNationalPortal"
    timeout = 30

    def do_POST(self) -> None:
        """The services, and the switch of the page."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._send(413, _answer("413", "Quá lớn"))
            return
        content = self.rfile.read(length)
        if self.path == "/cong-tac":
            form = urllib.parse.parse_qs(content.decode("utf-8", "replace"))
            self.portal.switch(away=form.get("nghi") == ["1"])
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.portal.is_away:
            self._send(503, _answer("503", "Hệ thống mẫu đang tạm nghỉ"))
            return
        self._send(200, self._serve(content))

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
        return _answer("2", "Không có địa chỉ này")

    def do_GET(self) -> None:
        """The pages: what arrived, one dossier, and the counts as JSON."""
        path, _, query = self.path.partition("?")
        code = urllib.parse.parse_qs(query).get("ma", [""])[0]
        if path == "/dem":
            self._send(200, self.portal.counts())
        elif path == "/tra-cuu":
            self._send(200, self.portal.look_up(code))
        elif path == "/ho-so":
            self._page(f"Hồ sơ {code}", _dossier(self.portal.look_up(code)))
        elif path == "/":
            self._page("Cổng Dịch vụ công quốc gia (mẫu)", _home(self.portal))
        else:
            self._send(404, _answer("404", "Không có trang này"))

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        self._write(status, "application/json; charset=utf-8", _json(body))

    def _page(self, title: str, body: str) -> None:
        self._write(200, "text/html; charset=utf-8", PAGE.format(title=html.escape(title), body=body))

    def _write(self, status: int, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nobody reads a line a request."""


def _home(portal: SampleNationalPortal) -> str:
    counts = portal.counts()
    away = portal.is_away
    rows = "".join(_row(*row) for row in portal.rows())
    said = "đang tạm nghỉ: mọi tin gửi đến đều bị từ chối với mã 503" if away else "đang nhận tin"
    return (
        f"<p>Hệ thống {said}. Đã nhận {counts['messages']} tin ({counts['deliveries']} lần gửi),"
        f" {counts['dossiers']} hồ sơ.</p>"
        f'<form method="post" action="/cong-tac"><button name="nghi" value="{0 if away else 1}">'
        f"{'Mở lại' if away else 'Tạm nghỉ'}</button></form>"
        '<div class="bang"><table><caption>Hồ sơ đã nhận</caption><thead><tr><th>Lúc</th><th>Mã hồ sơ</th>'
        f"<th>Thủ tục</th><th>Trạng thái</th></tr></thead><tbody>{rows}</tbody></table></div>"
        + ("" if rows else "<p>Chưa có hồ sơ nào được đồng bộ.</p>")
    )


def _row(at: str, code: str, content: str, status: int) -> str:
    name = html.escape(json.loads(content)["TenTTHC"])
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
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--data", required=True)
    given = asked.parse_args()
    Path(given.data).parent.mkdir(parents=True, exist_ok=True)
    handler = type("Bound", (Handler,), {"portal": SampleNationalPortal(given.data)})
    server = ThreadingHTTPServer((given.host, given.port), handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
