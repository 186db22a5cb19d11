"""The list of common passwords (Django's, 20,000 of them), with those common in Viet Nam."""

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

__all__ = ["common_passwords"]

_VIETNAMESE = frozenset(
    {
        "matkhau", "mật khẩu", "mat khau", "khongbiet", "anhyeuem", "emyeuanh", "iloveyou", "vietnam",
        "việt nam", "hanoi", "saigon", "dangnhap", "taikhoan", "quantri", "congan", "dichvucong",
        "chinhphu", "ubndtinh", "motcua", "hanhchinh", "abcd", "qwer", "asdf", "admin", "pass", "password",
        "p@ssw0rd", "p@ssword", "passw0rd", "welcome", "xinchao", "conyeume", "bomeyeu", "giadinh",
    }
)  # fmt: skip


@cache
def common_passwords() -> frozenset[str]:
    """Every common password, lower case."""
    return frozenset(CommonPasswordValidator().passwords) | _VIETNAMESE
