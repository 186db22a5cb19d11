"""Why a scan cannot be added to a paper of a dossier."""

from dinh.kernel.errors import N_, Refused

__all__ = ["AlreadyScanned", "ScanNotChosen", "ScanNotPrintable"]


class ScanNotChosen(Refused):
    message = N_("Chưa chọn bản quét. Hãy chọn tệp PDF hoặc ảnh của giấy tờ này.")


class ScanNotPrintable(Refused):
    message = N_("Bản quét phải là tệp PDF, JPG hoặc PNG để in cùng kết quả. Hãy chọn tệp khác.")


class AlreadyScanned(Refused):
    message = N_("Giấy tờ này đã có bản quét, hoặc không còn trong hồ sơ. Hãy tải lại trang.")
