"""Hints on what a person will be able to read: asked before sending, never a reason to refuse."""

from collections.abc import Iterable

from dinh.kernel.errors import N_

__all__ = ["Hint", "hints_in_words"]

Hint = tuple[str, dict[str, str]]

_SENTENCES = {
    "blank": N_("Tệp “%(name)s” gần như trắng, không thấy nội dung. Hãy kiểm tra rồi chụp hoặc quét lại."),
    "dark": N_("Tệp “%(name)s” quá tối để đọc. Hãy chụp lại ở chỗ sáng hơn rồi tải lên."),
    "blurred": N_("Ảnh “%(name)s” có vẻ mờ. Hãy mở xem lại; nếu không đọc rõ chữ, hãy chụp lại rồi tải lên."),
    "small": N_("Ảnh “%(name)s” quá nhỏ, chữ có thể không đọc được. Hãy chụp lại gần hơn hoặc gửi ảnh gốc."),
}
_PAGE_SENTENCES = {
    "blank": N_("Trang %(page)s của tệp “%(name)s” gần như trắng. Hãy xem có quét nhầm mặt giấy không."),
    "small": N_(
        "Trang %(page)s của tệp “%(name)s” quét quá nhỏ, chữ có thể không đọc được."
        " Hãy quét lại ở 200 dpi trở lên."
    ),
    "dark": N_("Trang %(page)s của tệp “%(name)s” quá tối để đọc. Hãy quét lại trang này rồi tải lên."),
}


def hints_in_words(name: str, codes: Iterable[str]) -> list[Hint]:
    """Return each hint as a sentence of the catalogue and what fills it; codes are "blank" or "blank:3"."""
    hints: list[Hint] = []
    for code in codes:
        what, _, page = code.partition(":")
        if page:
            hints.append((_PAGE_SENTENCES[what], {"name": name, "page": page}))
        else:
            hints.append((_SENTENCES[what], {"name": name}))
    return hints
