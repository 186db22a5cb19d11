"""The whole way over HTTP: filled in, filed, accepted, drafted, signed, numbered and sealed, handed over.

Each team is a commune of its own: a citizen, the clerk of its desk, its officer, its leader and its records
clerk, who take one dossier after the other from the first page to the last, each opening the page and
pressing the button there, as browsers do. A worker runs beside and draws the papers that this asks for.

``python -m bench.whole prepare N`` runs inside the province and prints the teams; ``python -m bench.whole
look`` says what became of their dossiers.
"""

import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.http import Measured
from bench.province import Province

__all__ = ["walk_whole_way"]

PROCEDURE = "1.004873"
ANSWERS = {
    "nguoi_yeu_cau": {
        "ho_ten": "Nguyễn Thị Đo",
        "ngay_sinh": "02/03/1990",
        "so_dinh_danh": "099190000001",
        "dia_chi": "Thôn 3",
    },
    "noi_dung": {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"},
}
PAPER = "giay_to_tuy_than"
_STEP = re.compile(r"/lam-viec/buoc/([0-9a-f-]{36})/")
_DOSSIER = re.compile(r"/ho-so-cua-toi/([0-9a-f-]{36})/")


class Unexpected(Exception):
    """An answer that the way does not go on from."""


def walk_whole_way(province: Province, port: int, *, teams: int, seconds: float) -> dict[str, Any]:
    """Let so many teams work side by side for so long; return dossiers, times and what became of them.

    A dossier that was begun in time is brought to its end and counts; the clock runs until the last ends.
    """
    prepared = json.loads(province.ask("bench.whole", "prepare", str(teams)))
    photo = _photo()
    for team in prepared[:1]:
        _Team(port, team, photo).walk()  # warms up every page
    lock, took, faults, requests = threading.Lock(), list[float](), list[str](), [0]
    began = time.perf_counter()

    def work(given: Mapping[str, Any]) -> None:
        team = _Team(port, given, photo)
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            try:
                team.walk()
            except (Unexpected, OSError) as fault:
                with lock:
                    faults.append(str(fault))
                continue
            with lock:
                took.append((time.perf_counter() - start) * 1000)
        with lock:
            requests[0] += team.requests

    threads = [threading.Thread(target=work, args=(team,)) for team in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Measured(len(took), len(faults), time.perf_counter() - began, took)
    papers_after = _until_drawn(province, began)
    return {
        "teams": teams,
        "dossiers": whole.good,
        "faults": faults[:5],
        "failed": whole.bad,
        "a minute": whole.rate * 60,
        "requests a second": requests[0] / whole.seconds,
        "p50": whole.percentile(0.5),
        "p95": whole.percentile(0.95),
        "a minute with papers": whole.good / papers_after * 60,
        **json.loads(province.ask("bench.whole", "look")),
    }


def _until_drawn(province: Province, began: float) -> float:
    """Wait until every paper asked for is drawn and sealed; return the seconds since ``began``."""
    while json.loads(province.ask("bench.whole", "look"))["papers waiting"]:
        if time.perf_counter() - began > 900:
            break
        time.sleep(1)
    return time.perf_counter() - began


def _photo() -> bytes:
    import io

    from PIL import Image

    content = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(content, "JPEG")
    return content.getvalue()


class _Team:
    """The people of one commune and what they do with a dossier."""

    def __init__(self, port: int, team: Mapping[str, Any], photo: bytes) -> None:
        self.seats = {who: _Seat(port, session) for who, session in team["sessions"].items()}
        self.agency = team["agency"]
        self.photo = photo

    @property
    def requests(self) -> int:
        return sum(seat.requests for seat in self.seats.values())

    def walk(self) -> None:
        """Bring one dossier from the first page to the last."""
        dossier = self._file()
        page = f"/lam-viec/ho-so/{dossier}/"
        clerk = self.seats["clerk"]
        clerk.get(page)
        clerk.post(f"{page}tiep-nhan/", {})
        officer = self.seats["officer"]
        step = _found(_STEP, officer.get(page), page)
        officer.post(f"/lam-viec/buoc/{step}/nhan/", {})
        drafted = _Fields(officer.get(page)).found
        officer.post(f"/lam-viec/buoc/{step}/du-thao/", drafted)
        officer.get(page)
        officer.post(f"/lam-viec/buoc/{step}/xu-ly/", {"outcome": "trinh_ky"})
        for who, verb in (("leader", "ky"), ("records", "phat-hanh")):
            step = _found(_STEP, self.seats[who].get(page), page)
            self.seats[who].post(f"/lam-viec/buoc/{step}/{verb}/", {})
        clerk.get(f"{page}phi/")
        clerk.post(f"{page}thu-phi/", {})
        step = _found(_STEP, clerk.get(page), page)
        clerk.post(f"/lam-viec/buoc/{step}/tra-ket-qua/", {"shown": "receipt"})

    def _file(self) -> str:
        """Fill in page by page, add a photo, read it over, send; return the dossier's key."""
        citizen = self.seats["citizen"]
        begun = f"/thu-tuc/{PROCEDURE}/nop/"
        citizen.get(begun)
        draft = citizen.post(begun, {"agency": self.agency})
        citizen.get(draft)
        for key, answers in ANSWERS.items():
            citizen.get(f"{draft}khai/{key}/")
            citizen.post(f"{draft}khai/{key}/", answers)
        citizen.get(f"{draft}giay-to/")
        citizen.upload(f"{draft}giay-to/", PAPER, self.photo)
        citizen.get(f"{draft}kiem-tra/")
        sent = citizen.post(f"{draft}nop/", {})
        return _found(_DOSSIER, sent, draft)


def _found(pattern: re.Pattern[str], text: str, where: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise Unexpected(f"{where}: {pattern.pattern}")
    return match[1]


class _Seat:
    """One person's browser: a kept connection and their cookies."""

    def __init__(self, port: int, session: str) -> None:
        self.token = secrets.token_hex(16)
        self.headers = {
            "Host": f"127.0.0.1:{port}",
            "Cookie": f"sessionid={session}; csrftoken={self.token}",
            "X-CSRFToken": self.token,
        }
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)
        self.requests = 0

    def get(self, path: str) -> str:
        """Return the page."""
        answer, content = self._ask("GET", path, None, {})
        if answer.status != 200:
            raise Unexpected(f"GET {path}: {answer.status}")
        return content.decode()

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """Press a button; return where it leads."""
        body = urlencode(fields).encode()
        return self._posted(path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, content: bytes) -> str:
        """Send a form with one file."""
        line = secrets.token_hex(16)
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="CCCD.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{line}--\r\n".encode()
        return self._posted(path, body, f"multipart/form-data; boundary={line}")

    def _posted(self, path: str, body: bytes, kind: str) -> str:
        answer, content = self._ask("POST", path, body, {"Content-Type": kind})
        if answer.status != 302:
            shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode(errors="replace")))
            raise Unexpected(f"POST {path}: {answer.status} {shown[:600]}")
        return urlsplit(answer.headers["Location"]).path

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        self.requests += 1
        self.line.request(method, path, body, {**self.headers, **headers})
        answer = self.line.getresponse()
        return answer, answer.read()


class _Fields(HTMLParser):
    """What stands in the fields of the draft on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take an input's value; a text area's comes with its text."""
        given = dict(attrs)
        name = given.get("name") or ""
        if tag in ("input", "textarea") and name.startswith("field-"):
            self.found[name] = given.get("value") or ""
            self._inside = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._inside:
            self.found[self._inside] += data


# Inside the province


def _prepare(count: int) -> list[dict[str, Any]]:
    from django.utils import timezone

    from dinh.onestop.public import agencies_to_choose, get_procedure
    from dinh.onestop.queries.samples import Places
    from dinh.sso.models import Account

    now, places = timezone.now(), Places()
    citizens = iter(Account.objects.filter(kind="citizen").select_related("person").order_by("username"))
    found: list[dict[str, Any]] = []
    for agency_id, *_names in agencies_to_choose(get_procedure(PROCEDURE)):
        if len(found) == count:
            break
        sessions = _sessions(agency_id, places, now)
        if sessions is not None:
            sessions["citizen"] = _session(next(citizens), None, now)
            found.append({"agency": str(agency_id), "sessions": sessions})
    return found


_STEPS = {"clerk": "tiep_nhan", "officer": "xac_minh", "leader": "ky", "records": "phat_hanh"}


def _sessions(agency_id: Any, places: Any, now: Any) -> dict[str, str] | None:
    """Sessions of who does each step at that agency; None when a post is vacant."""
    from dinh.foundation.directory.public import get_unit, people_with_role
    from dinh.sso.models import Account

    place = places.of(PROCEDURE, get_unit(agency_id).code)
    found = {}
    for who, key in _STEPS.items():
        step = place.definition.step(key)
        unit_id = place.unit_of(step, {})
        # Those of the unit itself: a district's leader has the role there, too, but not the authority.
        held = [one for one in people_with_role(unit_id, step.role, on=now.date()) if one.unit_id == unit_id]
        account = Account.objects.filter(person_id=held[0].person_id).first() if held else None
        if account is None:
            return None
        found[who] = _session(account, held[0].position_id, now)
    return found


def _session(account: Any, position_id: Any, now: Any) -> str:
    from dinh.sso.public import open_session

    return open_session(account, position_id=position_id, method="password", now=now)[0]


def _look() -> dict[str, int]:
    """The dossiers filed online that ended, their signed results, and the papers that are not drawn yet."""
    from dinh.onestop.models import Dossier, Draft, Paper, Result

    filed = Dossier.objects.filter(pk__in=Draft.objects.exclude(sent_as=None).values("sent_as"))
    return {
        "filed": filed.count(),
        "handed over": filed.filter(state="returned").count(),
        "sealed results": Result.objects.filter(dossier__in=filed, state="issued").count(),
        "papers": Paper.objects.filter(dossier__in=filed).count(),
        "papers waiting": Paper.objects.filter(dossier__in=filed).exclude(state="ready").count(),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_prepare(int(sys.argv[2])) if sys.argv[1] == "prepare" else _look()))
