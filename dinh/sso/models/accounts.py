"""Accounts, sessions, sign-in records, throttles, password links and kept forms."""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by name as people type it."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """What a person signs in with. ``username`` is stored in lower case, so it is unique whatever
    the case in which it is typed. Rights come from positions, never from the account.
    """

    class Kind(models.TextChoices):
        CITIZEN = "citizen", N_("Người dân")
        OFFICIAL = "official", N_("Cán bộ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=150, unique=True)
    kind = models.TextField(choices=Kind)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    password_changed_at = models.DateTimeField(null=True)
    # What the person said their number is; nobody has checked it.
    claimed_identity_number = models.TextField(blank=True)
    last_login = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["kind", "person"]
    audit_hidden = frozenset({"password", "claimed_identity_number"})

    objects = AccountManager()

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="account_lower_case"),
        ]

    def __str__(self) -> str:
        return self.username


class SessionQuerySet(models.QuerySet["Session"]):
    def present(self, now: dt.datetime) -> Self:
        """Sessions that still work at ``now``."""
        return self.filter(account__isnull=False, ended_at=None, expires_at__gt=now)


class Session(models.Model):
    """One browser. The cookie's key is not stored, only its SHA-256, so that a copy of the database
    signs nobody in. A visitor's row (no account) holds only data; it exists when something was put in.
    An ended row stays for a while, so that the person can be told why.
    """

    class Ended(models.TextChoices):
        SIGNED_OUT = "signed_out", N_("Tự đăng xuất")
        ELSEWHERE = "elsewhere", N_("Kết thúc từ thiết bị khác")
        ADMINISTRATOR = "administrator", N_("Quản trị viên kết thúc")
        PASSWORD = "password", N_("Đổi mật khẩu")
        REPLACED = "replaced", N_("Đăng nhập lại")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField(blank=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sessions")
    position = models.ForeignKey("directory.Position", on_delete=models.SET_NULL, null=True, related_name="+")
    method = models.TextField(blank=True)
    # How sure an identity provider is of the person, as it writes it ("LoA2"); empty for a password.
    assurance = models.TextField(blank=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    signed_in_at = models.DateTimeField(null=True)
    authenticated_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(choices=Ended, blank=True)

    audit_hidden = frozenset({"key_hash", "data"})

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]
        indexes = [
            models.Index(fields=["account", "-last_seen_at"], name="session_of_account"),
            models.Index(fields=["expires_at"], name="session_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.address or ''} {self.user_agent[:60]}".strip()


class SignInRecord(models.Model):
    """One attempt to sign in. Append-only. The name that was typed is kept only when it is an
    account's: people type passwords into the wrong box.
    """

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", N_("Thành công")
        WRONG = "wrong", N_("Sai tên hoặc mật khẩu")
        INACTIVE = "inactive", N_("Tài khoản bị khóa")
        REFUSED = "refused", N_("Nơi xác thực trả lời không dùng được")

    at = models.DateTimeField(db_default=Now())
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="sign_ins", db_constraint=False
    )
    outcome = models.TextField(choices=Outcome)
    method = models.TextField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="sign_in_of_account")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.outcome} {self.address or ''}".strip()


class Throttle(models.Model):
    """How often guesses failed under one key (a hash of the account's name, the address or both)."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.FloatField(default=0)
    counted_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["counted_at"], name="throttle_age")]


class PasswordLink(models.Model):
    """A link sent to who forgot the password. The token is not stored, only its SHA-256; it opens once."""

    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="password_link_expiry")]


class KeptForm(models.Model):
    """What a person typed when the session ended under it, encrypted under the browser's key.

    It is shown again in the form after signing in as the same account; it never runs by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    browser_hash = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    content = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["browser_hash", "path"], name="kept_form_once_a_page")]
        indexes = [models.Index(fields=["expires_at"], name="kept_form_expiry")]
