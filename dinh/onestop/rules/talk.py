"""What may be written beside a dossier."""

from dinh.kernel.errors import N_, Refused

__all__ = [
    "MOST_LETTERS",
    "MOST_UNANSWERED",
    "NoAccount",
    "NothingWritten",
    "TooLong",
    "TooManyUnanswered",
    "check_text",
]

MOST_LETTERS = 2000
# So many in a row without an answer; who has more to say adds it at the desk or by phone.
MOST_UNANSWERED = 10


class NothingWritten(Refused):
    message = N_("Chưa có nội dung. Hãy viết điều cần nói rồi gửi.")


class TooLong(Refused):
    message = N_("Nội dung dài quá %(most)s ký tự. Hãy viết ngắn lại.")


class TooManyUnanswered(Refused):
    message = N_(
        "Ông/Bà đã gửi %(most)d tin chưa được trả lời. Hãy chờ cán bộ trả lời, hoặc liên hệ Bộ phận một cửa."
    )


class NoAccount(Refused):
    message = N_(
        "Người nộp hồ sơ này không có tài khoản trên Cổng nên không nhận được tin. Hãy liên hệ theo số điện"
        " thoại hoặc thư điện tử trên hồ sơ."
    )


def check_text(text: str, *, field: str) -> str:
    """Return the text without blanks around it. Raises ``NothingWritten``, ``TooLong`` at ``field``."""
    text = text.strip()
    if not text:
        raise NothingWritten(field=field)
    if len(text) > MOST_LETTERS:
        raise TooLong(field=field, most="2.000")
    return text
