"""Tables of sign-in, by subject."""

from dinh.sso.models.accounts import (
    Account,
    AccountManager,
    KeptForm,
    PasswordLink,
    Session,
    SessionQuerySet,
    SignInRecord,
    Throttle,
)
from dinh.sso.models.identities import LinkedIdentity, ProviderTrip

__all__ = [
    "Account",
    "AccountManager",
    "KeptForm",
    "LinkedIdentity",
    "PasswordLink",
    "ProviderTrip",
    "Session",
    "SessionQuerySet",
    "SignInRecord",
    "Throttle",
]
