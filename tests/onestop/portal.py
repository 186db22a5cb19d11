"""The sample national portal as a process of its own, which a test can really end."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.onestop.site import process
from tests.waiting import free_port, wait_until

ACCOUNT = {"user": "tinh-mau", "password": "mat-khau-mau"}


class Portal:
    """The sample at one address; it keeps what it has taken while it is away."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = folder

    def configure(self, settings: Any) -> None:
        settings.NATIONAL_ADDRESS = self.address
        settings.NATIONAL_USER = ACCOUNT["user"]
        settings.NATIONAL_PASSWORD = ACCOUNT["password"]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DINH_NATIONAL": self.address,
            "DINH_NATIONAL_USER": ACCOUNT["user"],
            "DINH_NATIONAL_PASSWORD": ACCOUNT["password"],
        }

    @contextmanager
    def open(self) -> Iterator["Portal"]:
        line = ["-m", "dinh.website.sample.national_portal", "--port", str(self.port)]
        line += ["--data", str(self.folder / "national.jsonl")]
        with process(*line, environment={}, log=self.folder / "portal.log"):
            wait_until(self.answers)
            yield self

    def answers(self) -> bool:
        try:
            return bool(self.counts())
        except OSError:
            return False

    def counts(self) -> dict[str, int]:
        return dict(self._get("/dem"))

    def known(self, code: str) -> dict[str, Any]:
        return dict(self._get("/tra-cuu?" + urllib.parse.urlencode({"ma": code})))

    def filed(self, **typed: str) -> str:
        """File a sample dossier as a visitor does; return its number at the portal. ``loi`` is its flaw."""
        form = {
            "thu-tuc": "1.004873",
            "ho-ten": "Lê Thị Mẫu",
            "so-dinh-danh": "099190888001",
            "dien-thoai": "0900000777",
            "email": "mau@example.vn",
        }
        return self._post(
            "/nop-ho-so", {**form, **{name.replace("_", "-"): text for name, text in typed.items()}}
        )

    def supplemented(self, number: str) -> None:
        self._post("/bo-sung", {"so": number})

    def taken_back(self, number: str) -> None:
        self._post("/rut", {"so": number})

    def filing(self, number: str) -> dict[str, Any]:
        """What the portal knows of a dossier filed there: messages, fetched ones, answers."""
        return dict(self._get("/nop?" + urllib.parse.urlencode({"so": number})))

    def figures(self, unit: str, period: str) -> list[dict[str, Any]]:
        """The versions of an agency's figures that the sample control system has taken."""
        return list(
            self._get("/so-lieu.json?" + urllib.parse.urlencode({"don-vi": unit, "ky": period}))["phienBan"]
        )

    def refuse_figures(self, *, yes: bool) -> None:
        body = urllib.parse.urlencode({"tu-choi": "1" if yes else "0"}).encode()
        urllib.request.urlopen(self.address + "/so-lieu/cong-tac", data=body, timeout=60).close()

    def _post(self, path: str, form: dict[str, str]) -> str:
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(self.address + path, data=body, timeout=60) as answer:
            return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.url).query)["so"][0]

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return json.load(answer)
