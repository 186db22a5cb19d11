"""What the sample systems outside the province share: small HTTP processes that say they are samples.

Each is a process of its own beside the province, so that it can really be away; it keeps its callers to the
protocol and shows on a page what came.
"""

import argparse
import html
import json
import urllib.parse
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["PASSWORD", "USER", "SampleHandler", "ask_arguments", "serve", "switch_button"]

USER, PASSWORD = "tinh-mau", "mat-khau-mau"
LARGEST = 4 * 1024 * 1024

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} – hệ thống mẫu</title>
<style>body{{font:16px/1.6 sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:#222}}
.mau{{background:#7a1f2b;color:#fff;padding:.75rem 1rem;font-weight:600}}
.bang{{overflow-x:auto}}table{{border-collapse:collapse;width:100%}}
td,th{{border-bottom:1px solid #ccc;padding:.4rem .6rem;text-align:left;vertical-align:top}}
select,input{{font:inherit;max-width:100%;box-sizing:border-box}}
button{{font:inherit;padding:.5rem 1rem}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>
<p class="mau">HỆ THỐNG MẪU – {note}. Dữ liệu ở đây không có giá trị.</p>
<main><h1>{title}</h1>{body}</main></html>"""


class SampleHandler(BaseHTTPRequestHandler):
    """HTTP in front of a sample system; ``note`` says on each page what it is not, ``always`` are headers of
    every answer with a content.
    """

    note: str
    always: Mapping[str, str] = {}
    timeout = 30

    def read_content(self) -> bytes | None:
        """Return what was sent, or None when it is too large."""
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length <= LARGEST else None

    def read_form(self, content: bytes) -> dict[str, str]:
        """Return the fields of a form of its own page."""
        form = urllib.parse.parse_qs(content.decode("utf-8", "replace"))
        return {name: values[0] for name, values in form.items()}

    def send_back(self, status: int, body: Mapping[str, Any]) -> None:
        """Answer with JSON."""
        self.send_text(status, "application/json; charset=utf-8", json.dumps(body, ensure_ascii=False))

    def send_page(self, title: str, body: str) -> None:
        """Answer with a page that says it is one of a sample."""
        page = _PAGE.format(title=html.escape(title), body=body, note=self.note)
        self.send_text(200, "text/html; charset=utf-8", page)

    def send_to(self, address: str = "/", **headers: str) -> None:
        """Lead to another page, the first one when none is named."""
        self.send_response(303)
        self.send_header("Location", address)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_text(self, status: int, kind: str, text: str) -> None:
        """Answer with a text."""
        self.send_content(status, kind, text.encode())

    def send_content(self, status: int, kind: str, content: bytes) -> None:
        """Answer with a content as it is."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in self.always.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nobody reads a line a request."""


def switch_button(name: str, value: str, label: str) -> str:
    """Return the button of a page that posts one value to ``/cong-tac``."""
    button = f'<button name="{html.escape(name)}" value="{html.escape(value)}">{html.escape(label)}</button>'
    return f'<form method="post" action="/cong-tac">{button}</form>'


def ask_arguments(about: str | None, *, data: bool) -> argparse.Namespace:
    """Return host and port of the command line; with ``data`` also where the sample keeps what came."""
    asked = argparse.ArgumentParser(description=about)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, required=True)
    if data:
        asked.add_argument("--data", required=True)
    return asked.parse_args()


def serve(handler: type[SampleHandler], host: str, port: int) -> None:
    """Serve until ended."""
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    server.serve_forever()
