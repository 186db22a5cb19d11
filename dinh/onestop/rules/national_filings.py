"""Dossiers that people file at the national portal: how its messages are read, and what may stand in the way.

The names of the dossier's fields are those of the portal's HoSo. How filed dossiers are handed to a province
is not published: services, message kinds and ``DuLieuToKhai`` (the answers, by the names of the published
form) are our own, spoken with the sample portal alone (docs/decisions/0230).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dinh.kernel.contacts import is_email, is_identity_number, national_number
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.states import State, StateMachine, Transition, moves
from dinh.kernel.text import clean, fold
from dinh.onestop.rules.national import read_moment
from dinh.onestop.rules.representation import is_tax_code

__all__ = [
    "ANSWER_WITHIN",
    "FILING_MESSAGE",
    "MESSAGE_KINDS",
    "MOST_FILES",
    "PROBLEM_KINDS",
    "REPLIES",
    "Answers",
    "FiledPaper",
    "Filing",
    "Filer",
    "HandChoiceMissing",
    "NotTakenByHand",
    "Problem",
    "ReadFiling",
    "answers_of",
    "check_file_address",
    "read_filing",
    "words_in",
]

# NĐ 45/2020/NĐ-CP: an answer to a dossier sent online within 8 working hours.
ANSWER_WITHIN = dt.timedelta(hours=8)

MOST_FILES = 40
MOST_ANSWERS = 2000
MOST_DEPTH = 4
MOST_LETTERS = 5000

MESSAGE_KINDS: Mapping[str, str] = {
    "filed": N_("Nộp hồ sơ"),
    "supplement": N_("Bổ sung hồ sơ"),
    "withdrawal": N_("Rút hồ sơ"),
    "unreadable": N_("Tin không đọc được"),
}
# Loai of a message: data, the portal's words.
_KINDS: Mapping[str, str] = {"NopMoi": "filed", "BoSung": "supplement", "RutHoSo": "withdrawal"}

# KetQua of what the portal is told, by how a message ended.
REPLIES: Mapping[str, str] = {"taken": "DaNhan", "refused": "TuChoi", "withdrawn": "DaRut"}

FILING_MESSAGE = StateMachine(
    subject=N_("tin từ Cổng quốc gia"),
    initial="waiting",
    states=(
        State("waiting", N_("Chờ đưa vào")),
        State("held", N_("Cần xử lý")),
        State("taken", N_("Đã đưa vào")),
        State("refused", N_("Đã từ chối")),
        State("repeated", N_("Tin lặp lại")),
        State("withdrawn", N_("Người nộp đã rút")),
    ),
    verbs={
        "take": N_("Đưa vào"),
        "hold": N_("Giữ lại để xử lý"),
        "retry": N_("Thử lại"),
        "take_by_hand": N_("Tiếp nhận tay"),
        "refuse": N_("Từ chối"),
        "note_repeat": N_("Ghi nhận tin lặp"),
        "withdraw": N_("Rút"),
    },
    transitions=(
        Transition("waiting", "take", "taken"),
        *moves(("waiting", "held"), "hold", "held"),
        *moves(("waiting", "held"), "refuse", "refused"),
        *moves(("waiting", "held"), "withdraw", "withdrawn"),
        Transition("waiting", "note_repeat", "repeated"),
        Transition("held", "retry", "waiting"),
        Transition("held", "take_by_hand", "waiting"),
    ),
)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Why a message could not be taken in by itself, and what who looks after it does.

    ``by_hand``: a person may take the dossier in nevertheless.
    """

    label: str
    to_do: str
    by_hand: bool = True


PROBLEM_KINDS: Mapping[str, ProblemKind] = {
    "unreadable": ProblemKind(
        N_("Không đọc được nội dung tin"),
        N_("Liên hệ đầu mối Cổng quốc gia để gửi lại, hoặc từ chối và nêu lý do."),
        by_hand=False,
    ),
    "procedure": ProblemKind(
        N_("Không có thủ tục này trong danh mục đang cung cấp"),
        N_("Công bố thủ tục rồi thử lại, hoặc chọn thủ tục đúng để tiếp nhận tay."),
    ),
    "unit": ProblemKind(
        N_("Không có cơ quan này, hoặc cơ quan không giải quyết thủ tục"),
        N_("Chọn đúng bộ phận một cửa để tiếp nhận tay, hoặc từ chối và chỉ nơi nộp đúng."),
    ),
    "answer": ProblemKind(
        N_("Tờ khai chưa đúng theo mẫu đang áp dụng"),
        N_("Tiếp nhận tay rồi yêu cầu bổ sung, hoặc từ chối và nêu rõ chỗ sai."),
    ),
    "paper": ProblemKind(
        N_("Thiếu giấy tờ bắt buộc"),
        N_("Tiếp nhận tay rồi yêu cầu bổ sung giấy tờ còn thiếu."),
    ),
    "file": ProblemKind(
        N_("Có tệp không nhận được"),
        N_("Thử lại nếu lỗi đường truyền; nếu không, tiếp nhận tay rồi yêu cầu nộp lại tệp."),
    ),
    "person": ProblemKind(
        N_("Số định danh và họ tên không khớp"),
        N_("Kiểm tra với người nộp. Tiếp nhận tay thì hồ sơ chưa gắn với tài khoản của ai."),
    ),
    "differs": ProblemKind(
        N_("Cổng gửi lại hồ sơ đã có với nội dung khác"),
        N_("So với hồ sơ đã nhận; liên hệ người nộp, rồi từ chối tin này và nêu lý do."),
        by_hand=False,
    ),
    "state": ProblemKind(
        N_("Hồ sơ không ở trạng thái nhận tin này"),
        N_("Mở hồ sơ để xem, rồi thử lại hoặc từ chối và nêu lý do."),
        by_hand=False,
    ),
    "first": ProblemKind(
        N_("Chưa có hồ sơ để nhận tin này"),
        N_("Chờ tin nộp hồ sơ rồi thử lại, hoặc từ chối và nêu lý do."),
        by_hand=False,
    ),
    "fault": ProblemKind(
        N_("Hệ thống gặp lỗi khi đưa hồ sơ vào"),
        N_("Thử lại; nếu vẫn lỗi, báo quản trị hệ thống."),
        by_hand=False,
    ),
}


class NotTakenByHand(Refused):
    message = N_("Tin này không thể tiếp nhận tay: %(why)s. Hãy thử lại hoặc từ chối.")


class HandChoiceMissing(Refused):
    message = N_("Hãy chọn thủ tục và bộ phận tiếp nhận; bộ phận phải thuộc cơ quan giải quyết thủ tục đó.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way: a key of ``PROBLEM_KINDS``, where, and what it is in words."""

    kind: str
    place: str
    said: Sentence


@dataclass(frozen=True, slots=True)
class Filer:
    """Whose dossier it is, as the portal says. ``is_business``: the number is a tax code."""

    name: str = ""
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    is_business: bool = False


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """One file of the message: which paper, its name and where at the portal it lies."""

    document: str
    title: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What a message says, as far as it can be read. ``note`` is the applicant's word."""

    code: str
    number: str
    sequence: int
    kind: str
    sent_at: dt.datetime | None
    procedure: str = ""
    unit: str = ""
    filer: Filer = Filer()
    answers: Mapping[str, Any] = field(default_factory=dict)
    papers: Sequence[FiledPaper] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadFiling:
    """A message as read, and what is wrong with it."""

    filing: Filing
    problems: tuple[Problem, ...] = ()


class Answers:
    """Answers as a browser would have sent them: texts by dotted name."""

    def __init__(self, texts: Mapping[str, list[str]]) -> None:
        self._texts = texts

    def getlist(self, key: str) -> Sequence[str]:
        return self._texts.get(key, [])

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)


def words_in(value: Any, most: int = 500) -> str:
    """Return a line of text of the message, cleaned of what no database and no screen bears; else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = "".join(letter for letter in str(value)[: most * 2] if unicodedata.category(letter) != "Cs")
    return clean(text.replace("\x00", ""))[:most]


def read_filing(message: Any, *, fallback: str) -> ReadFiling:
    """Return what one message says. ``fallback`` names it when it has no identifier of its own."""
    if not isinstance(message, Mapping):
        return _unreadable(fallback, fallback, 0, N_("tin không phải là một đối tượng JSON"))
    code = words_in(message.get("MaThongDiep"), 100)
    number = words_in(message.get("SoHoSo"), 100)
    sequence = message.get("SoThuTu")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 0 <= sequence < 2**62:
        sequence = 0
    if not code or not number:
        return _unreadable(
            code or fallback, number or fallback, sequence, N_("thiếu MaThongDiep hoặc SoHoSo")
        )
    kind = _KINDS.get(str(message.get("Loai")))
    if kind is None:
        return _unreadable(code, number, sequence, N_("không biết loại tin trong trường Loai"))
    body = message.get("HoSo")
    if not isinstance(body, Mapping):
        return _unreadable(code, number, sequence, N_("thiếu HoSo"))
    problems: list[Problem] = []
    answers = body.get("DuLieuToKhai")
    if answers is not None and not isinstance(answers, Mapping):
        problems.append(Problem("unreadable", "", say(N_("DuLieuToKhai không phải là một đối tượng"))))
        answers = None
    filing = Filing(
        code=code,
        number=number,
        sequence=sequence,
        kind=kind,
        sent_at=_moment(message.get("ThoiDiem")),
        procedure=words_in(body.get("MaTTHC"), 50),
        unit=words_in(body.get("MaDonVi"), 50),
        filer=_filer(body, problems if kind == "filed" else []),
        answers=answers or {},
        papers=_papers(body.get("TaiLieuNop"), problems),
        note=words_in(body.get("GhiChu"), 1000),
    )
    return ReadFiling(filing, tuple(problems))


def _unreadable(code: str, number: str, sequence: int, why: str) -> ReadFiling:
    filing = Filing(code, number, sequence, "unreadable", None)
    return ReadFiling(filing, (Problem("unreadable", "", say(why)),))


def _moment(value: Any) -> dt.datetime | None:
    try:
        return read_moment(words_in(value, 20))
    except ValueError:
        return None


def _filer(body: Mapping[str, Any], problems: list[Problem]) -> Filer:
    """The applicant. A number that cannot be one is a problem; an address that cannot be written to is left
    out: the dossier does not hang on it."""
    number = re.sub(r"[\s.]", "", words_in(body.get("SoGiayToChuHoSo"), 30))
    email = words_in(body.get("Email"), 254)
    filer = Filer(
        name=words_in(body.get("ChuHoSo"), 200),
        identity=number,
        phone=national_number(words_in(body.get("SoDienThoai"), 30)),
        email=email if is_email(email) else "",
        address=words_in(body.get("DiaChi"), 300),
        is_business=str(body.get("LoaiDoiTuong")) == "2",
    )
    if len(filer.name) < 2:
        problems.append(Problem("person", "ChuHoSo", say(N_("thiếu họ tên chủ hồ sơ"))))
    right = is_tax_code(number) if filer.is_business else is_identity_number(number)
    if not right:
        said = N_("mã số thuế không đúng") if filer.is_business else N_("số định danh phải có đúng 12 chữ số")
        problems.append(Problem("person", "SoGiayToChuHoSo", say(said)))
    return filer


def _papers(value: Any, problems: list[Problem]) -> tuple[FiledPaper, ...]:
    rows = value if isinstance(value, list) else []
    if len(rows) > MOST_FILES:
        said = say(N_("có hơn %(most)s tệp; chỉ đọc các tệp đầu"), most=MOST_FILES)
        problems.append(Problem("file", "TaiLieuNop", said))
    found = []
    for row in rows[:MOST_FILES]:
        if not isinstance(row, Mapping) or str(row.get("IsDeleted")).lower() == "true":
            continue
        found.append(
            FiledPaper(
                document=words_in(row.get("MaThanhPhanHoSo"), 100),
                title=words_in(row.get("TenGiayTo"), 300),
                name=words_in(row.get("TenTepDinhKem"), 200),
                address=words_in(row.get("DuongDanTaiTepTin"), 1000),
            )
        )
    return tuple(found)


def check_file_address(address: str, portal: str) -> str:
    """Return the path to ask the portal for; empty for an address that is not below the portal's own.

    Never another host, port, scheme or user, nothing that climbs out: the file is asked for with the
    province's session (server-side request forgery).
    """
    own = urlsplit(portal)
    base = own.path.rstrip("/")
    try:
        given = urlsplit(address)
        port = given.port
    except ValueError:
        return ""
    if given.scheme or given.netloc:
        if (given.scheme, given.hostname, port) != (own.scheme, own.hostname, own.port):
            return ""
        if "@" in given.netloc:
            return ""
    path = given.path
    if not path.startswith(f"{base}/") or path.startswith("//") or "\\" in path:
        return ""
    if any(part in ("..", ".") for part in path.split("/")) or "%2e" in path.lower() or "%2f" in path.lower():
        return ""
    if not re.fullmatch(r"[A-Za-z0-9/._~%-]+", path) or not re.fullmatch(r"[A-Za-z0-9=&._~%-]*", given.query):
        return ""
    return f"{path}?{given.query}" if given.query else path


def answers_of(form: Mapping[str, Any], answers: Mapping[str, Any]) -> tuple[Answers, tuple[str, ...]]:
    """Return the answers as the published form reads them, and names that have no place in it.

    The portal sends text, numbers, "True"/"False", dates as yyyyMMdd, and choices by key or by their words.
    """
    texts: dict[str, list[str]] = {}
    strange: list[str] = []
    _walk(form, answers, "", 0, texts, strange)
    return Answers(texts), tuple(strange)


def _walk(
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    before: str,
    depth: int,
    texts: dict[str, list[str]],
    strange: list[str],
) -> None:
    known = schema.get("properties", {})
    for name, value in values.items():
        if len(texts) + len(strange) >= MOST_ANSWERS:
            return
        path = f"{before}{name}"
        part = known.get(name)
        if part is None or depth > MOST_DEPTH:
            strange.append(words_in(path, 100))
        elif part.get("type") == "object":
            if isinstance(value, Mapping):
                _walk(part, value, f"{path}.", depth + 1, texts, strange)
        elif part.get("type") == "array" and part.get("items", {}).get("type") == "object":
            rows = value if isinstance(value, list) else [value]
            for number, row in enumerate(rows[:MOST_FILES]):
                if isinstance(row, Mapping):
                    _walk(part["items"], row, f"{path}.{number}.", depth + 1, texts, strange)
        elif part.get("type") == "array":
            rows = value if isinstance(value, list) else [value]
            texts[path] = [_as_text(part.get("items", {}), row) for row in rows[:MOST_FILES]]
        else:
            text = _as_text(part, value)
            if text:
                texts[path] = [text]


_TRUE, _FALSE = frozenset({"true", "1", "co"}), frozenset({"false", "0", "khong", ""})


def _as_text(part: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, float):
        value = int(value) if value == value and abs(value) < 1e15 and value == int(value) else str(value)
    if part.get("type") == "boolean":
        return _truth(part, "true" if value is True else "false" if value is False else str(value))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = "".join(letter for letter in str(value)[:MOST_LETTERS] if unicodedata.category(letter) != "Cs")
    if part.get("ui", {}).get("widget") == "date" and re.fullmatch(r"[0-9]{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    for choice in part.get("oneOf", ()):
        if str(choice["const"]) != text and fold(str(choice.get("title", ""))) == fold(text):
            return str(choice["const"])
    return text


def _truth(part: Mapping[str, Any], text: str) -> str:
    """A box that is not ticked is not sent at all; a question of yes and no has both."""
    plain = fold(text).strip()
    if plain in _TRUE:
        return "true"
    if plain in _FALSE:
        return "false" if part.get("ui", {}).get("widget") == "yes_no" else ""
    return text
