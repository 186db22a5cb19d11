"""What people type on the screens of sign-in, checked field by field before anything is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dinh.kernel.errors import N_, Refused
from dinh.sso.actions.accounts import Registration, check_new_password, own_words
from dinh.sso.rules.sign_in import clean_contact, clean_full_name, clean_identity_number

__all__ = ["NewPasswordForm", "RegistrationForm"]

_SHOWN_AGAIN = ("full_name", "contact", "identity_number")


class DifferentPasswords(Refused):
    message = N_("Hai lần nhập mật khẩu không giống nhau. Hãy nhập lại lần thứ hai.")


@dataclass(slots=True)
class RegistrationForm:
    """A citizen's registration. ``errors`` holds what is wrong by field, all at once."""

    values: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_SHOWN_AGAIN, ""))
    errors: dict[str, Refused] = field(default_factory=dict)
    registration: Registration | None = None

    @classmethod
    def read(cls, typed: Mapping[str, str], *, this_year: int) -> "RegistrationForm":
        form = cls(values={name: typed.get(name, "").strip()[:300] for name in _SHOWN_AGAIN})
        values, password = form.values, typed.get("password", "")
        form._check(lambda: clean_full_name(values["full_name"]))
        form._check(lambda: clean_contact(values["contact"]))
        form._check(lambda: clean_identity_number(values["identity_number"], this_year=this_year))
        about = own_words(values["full_name"], values["contact"], values["identity_number"])
        form._check(lambda: check_new_password(password, about=about))
        form._check(lambda: _check_same(password, typed.get("password_again", "")))
        if not form.errors:
            form.registration = Registration(**values, password=password)
        return form

    def _check(self, check: Callable[[], object]) -> None:
        _collect(self.errors, check)


@dataclass(slots=True)
class NewPasswordForm:
    """The new password twice, and the present one unless it is forgotten."""

    current: str = ""
    new: str = ""
    errors: dict[str, Refused] = field(default_factory=dict)

    @classmethod
    def read(cls, typed: Mapping[str, str], *, about: list[str]) -> "NewPasswordForm":
        form = cls(current=typed.get("current_password", ""), new=typed.get("password", ""))
        _collect(form.errors, lambda: check_new_password(form.new, about=about))
        _collect(form.errors, lambda: _check_same(form.new, typed.get("password_again", "")))
        return form


def _check_same(first: str, second: str) -> None:
    if first != second:
        raise DifferentPasswords(field="password_again")


def _collect(errors: dict[str, Refused], check: Callable[[], object]) -> None:
    try:
        check()
    except Refused as error:
        errors[error.field or ""] = error
