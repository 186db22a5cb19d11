"""Why a file is not taken: one sentence each, naming the file, what is wrong and what to do."""

from typing import Any

from dinh.kernel.errors import N_, Refused

__all__ = [
    "BrokenFile",
    "ContentMissing",
    "EmptyFile",
    "FileRefused",
    "FileTooLarge",
    "HasMacros",
    "HasScripts",
    "ImageTooLarge",
    "InfectedFile",
    "NameDisagrees",
    "OldOffice",
    "PasswordProtected",
    "PhonePhoto",
    "ScannerAway",
    "StoreUnavailable",
    "TooComplex",
    "TypeNotAllowed",
    "UploadTooLarge",
]


class FileRefused(Refused):
    """A file is not taken. ``params["name"]`` is its cleaned name."""

    message = N_("Không nhận được tệp “%(name)s”. Hãy chọn tệp khác rồi tải lên.")

    def __init__(self, *, name: str, field: str | None = None, **params: Any) -> None:
        super().__init__(field=field, name=name, **params)


class EmptyFile(FileRefused):
    message = N_("Tệp “%(name)s” không có nội dung (0 byte). Hãy mở tệp để kiểm tra rồi tải lại.")


class FileTooLarge(FileRefused):
    """Params: ``size`` and ``limit``, both as words ("25,3 MB")."""

    message = N_(
        "Tệp “%(name)s” quá lớn: %(size)s, mỗi tệp chỉ được tối đa %(limit)s. "
        "Hãy quét lại ở độ phân giải thấp hơn hoặc tách thành nhiều tệp rồi tải lên."
    )


class UploadTooLarge(FileRefused):
    """The files sent together are too large. Params: ``limit`` as words."""

    message = N_(
        "Chưa nhận được tệp “%(name)s” vì các tệp gửi cùng lúc vượt quá %(limit)s. "
        "Hãy gửi ít tệp hơn trong mỗi lần tải lên."
    )


class TypeNotAllowed(FileRefused):
    """Params: ``found`` says what it is, ``allowed`` what may be sent."""

    message = N_(
        "Tệp “%(name)s” là %(found)s, không dùng được ở đây. Hãy gửi tệp thuộc các loại: %(allowed)s."
    )


class PhonePhoto(FileRefused):
    """Params: ``allowed``."""

    message = N_(
        "Ảnh “%(name)s” ở định dạng HEIC của điện thoại, nhiều máy không mở được. Hãy gửi ảnh JPEG: "
        "trên iPhone, vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất” rồi chụp lại."
    )


class OldOffice(FileRefused):
    """Params: ``allowed``."""

    message = N_(
        "Tệp “%(name)s” là tệp Office định dạng cũ. Hãy mở tệp, chọn “Lưu thành” rồi lưu dạng DOCX, XLSX "
        "hoặc PDF và tải lên."
    )


class NameDisagrees(FileRefused):
    """The extension promises another type. Params: ``extension``, ``found``."""

    message = N_(
        "Tệp “%(name)s” có đuôi “.%(extension)s” nhưng nội dung là %(found)s. "
        "Hãy mở tệp để kiểm tra, lưu lại đúng định dạng rồi tải lên."
    )


class PasswordProtected(FileRefused):
    message = N_("Tệp “%(name)s” có mật khẩu nên cán bộ không mở được. Hãy bỏ mật khẩu của tệp rồi tải lên.")


class HasScripts(FileRefused):
    message = N_(
        "Tệp “%(name)s” có mã lệnh chạy kèm bên trong nên không được nhận. "
        "Hãy mở tệp, chọn In, rồi lưu thành tệp PDF mới và tải lên tệp đó."
    )


class HasMacros(FileRefused):
    message = N_(
        "Tệp “%(name)s” có macro hoặc liên kết tự mở nên không được nhận. "
        "Hãy lưu lại thành DOCX hoặc XLSX không có macro, hoặc thành PDF, rồi tải lên."
    )


class BrokenFile(FileRefused):
    """Params: ``found``."""

    message = N_(
        "Tệp “%(name)s” (%(found)s) bị hỏng hoặc chưa tải đủ nên không mở được. "
        "Hãy mở tệp trên máy để kiểm tra, quét hoặc lưu lại rồi tải lên."
    )


class ImageTooLarge(FileRefused):
    """Params: ``width``, ``height``, ``limit`` in millions of pixels."""

    message = N_(
        "Ảnh “%(name)s” có kích thước %(width)s × %(height)s điểm, lớn hơn mức %(limit)s triệu điểm. "
        "Hãy chụp hoặc quét lại với kích thước nhỏ hơn."
    )


class TooComplex(FileRefused):
    message = N_(
        "Không kiểm tra được tệp “%(name)s” vì tệp quá phức tạp khi mở ra. "
        "Hãy in tệp thành PDF mới, hoặc tách thành các tệp nhỏ hơn, rồi tải lên."
    )


class InfectedFile(FileRefused):
    """Params: ``found`` is the scanner's name of what it saw."""

    message = N_(
        "Tệp “%(name)s” chứa mã độc (%(found)s) nên đã bị loại bỏ. "
        "Hãy quét mã độc trên máy của Ông/Bà, tạo lại tệp từ bản gốc rồi tải lên."
    )


class ScannerAway(FileRefused):
    message = N_(
        "Chưa kiểm tra được mã độc cho tệp “%(name)s” vì bộ quét đang tạm ngừng. Hãy thử lại sau ít phút."
    )


class StoreUnavailable(FileRefused):
    message = N_(
        "Chưa lưu được tệp “%(name)s” vì kho tệp đang đầy hoặc không kết nối được. "
        "Hãy thử lại sau ít phút; nếu vẫn không được, hãy báo cho quản trị hệ thống."
    )


class ContentMissing(FileRefused):
    message = N_(
        "Không đọc được nội dung tệp “%(name)s” trong kho tệp. Hãy báo cho quản trị hệ thống để khôi phục."
    )
