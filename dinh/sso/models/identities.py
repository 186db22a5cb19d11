"""Identities of a provider that sign in to accounts, and trips of browsers to the provider and back."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.sso.models.accounts import Account


class LinkedIdentity(models.Model):
    """An account at an identity provider whose owner signs in to one of ours.

    ``key`` is what the provider calls the person for good (the national portal's TechID). An ended link
    stays: where the person took it apart themselves, an identity number does not put it together again.
    """

    class How(models.TextChoices):
        NUMBER = "number", N_("Nhận ra theo số định danh")
        OWN = "own", N_("Tự liên kết")
        OPENED = "opened", N_("Mở tài khoản qua Cổng")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identities")
    provider = models.TextField()
    key = models.TextField()
    full_name = models.TextField(blank=True)
    level = models.TextField(blank=True)
    how = models.TextField(choices=How)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"key"})

    class Meta:
        ordering = ["-linked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "key"], name="identity_of_one_account", condition=models.Q(ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["provider", "account"],
                name="account_of_one_identity",
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.full_name}".strip()


class ProviderTrip(models.Model):
    """One trip of a browser to the provider and back. It comes back once.

    ``content`` is encrypted under the browser's key: first what the answer is checked against (nonce, code
    verifier), then, while the person is asked to confirm, who the provider says they are.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", N_("Đăng nhập")
        LINK = "link", N_("Liên kết")
        CONFIRM = "confirm", N_("Xác nhận lại")

    class Stage(models.TextChoices):
        SENT = "sent", N_("Đang ở nơi xác thực")
        BACK = "back", N_("Đã trở về")
        ASKED = "asked", N_("Chờ xác nhận")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    purpose = models.TextField(choices=Purpose)
    stage = models.TextField(choices=Stage, default=Stage.SENT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    content = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="provider_trip_expiry")]
