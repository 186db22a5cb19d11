"""Certificates that somebody brings: whether the name in one is the owner's, and what is refused."""

import re
import unicodedata
from collections.abc import Iterable

from dinh.kernel.errors import N_, Refused

__all__ = [
    "CertificateEnded",
    "CertificateForOther",
    "CertificateNotForSigning",
    "CertificateTaken",
    "CertificateUnreadable",
    "ChainUnknown",
    "KeyForOther",
    "NoToken",
    "NotInToken",
    "ReferenceMissing",
    "WeakKey",
    "says_name",
]


class CertificateUnreadable(Refused):
    message = N_(
        "Không đọc được tệp chứng thư. Hãy chọn tệp .cer, .crt hoặc .pem do nơi cấp gửi, không phải tệp có"
        " khóa bí mật (.p12, .pfx)."
    )


class CertificateNotForSigning(Refused):
    message = N_("Chứng thư này không dùng để ký văn bản được. Hãy dùng chứng thư có mục đích chữ ký số.")


class WeakKey(Refused):
    message = N_(
        "Khóa của chứng thư này không dùng được: cần khóa RSA từ 2048 bit. Hãy đề nghị nơi cấp cấp lại."
    )


class CertificateEnded(Refused):
    message = N_(
        "Chứng thư chỉ có hiệu lực từ %(first)s đến %(last)s, hôm nay không dùng được. Hãy đề nghị nơi cấp"
        " cấp chứng thư mới."
    )


class CertificateForOther(Refused):
    message = N_(
        "Chứng thư cấp cho “%(found)s”, không phải cho “%(owner)s”. Hãy chọn đúng chủ thể hoặc đúng tệp; nếu"
        " tên viết sai, đề nghị nơi cấp cấp lại."
    )


class ChainUnknown(Refused):
    message = N_(
        "Không nối được chứng thư tới gốc nào mà tỉnh tin cậy (nơi cấp: %(issuer)s). Hãy gửi kèm chứng thư"
        " của nơi cấp, hoặc nhờ người vận hành đặt chứng thư gốc vào thư mục tin cậy."
    )


class CertificateTaken(Refused):
    message = N_("Chứng thư này đã được đăng ký cho “%(owner)s”. Mỗi chứng thư chỉ đăng ký một lần.")


class KeyForOther(Refused):
    message = N_(
        "Khóa mang mã này trong thiết bị không phải khóa của chứng thư. Hãy kiểm tra lại mã của khóa."
    )


class NotInToken(Refused):
    message = N_(
        "Thiết bị không có khóa mang mã này. Hãy kiểm tra lại mã, hoặc nhờ người vận hành xem thiết bị."
    )


class ReferenceMissing(Refused):
    message = N_("Hãy ghi mã của khóa trong thiết bị (CKA_ID), 1 đến 100 ký tự chữ không dấu và số.")


class NoToken(Refused):
    message = N_(
        "Máy chủ chưa nối thiết bị PKCS#11 nên chưa đăng ký khóa được. Hãy xem trang Thiết bị PKCS#11."
    )


_NUMBER = re.compile(r"(?<![0-9])([0-9]{12})(?![0-9])")


def says_name(named: Iterable[str], numbers: Iterable[str], *, name: str, identity: str) -> bool:
    """Whether a certificate speaks of its owner: the name the same but for case and spaces, and where both
    sides know an identity number (12 digits, as in ``CCCD:…``), the same number too."""
    if _plain(name) not in {_plain(one) for one in named}:
        return False
    said = {found for text in numbers for found in _NUMBER.findall(text)}
    return not (identity and said) or identity in said


def _plain(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return plain.removesuffix(" (mẫu)")  # data: the mark that the sample authority puts behind every name
