"""Roles, who holds them where, and who may sign what."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dinh.foundation.directory.models.people import Person, Position
from dinh.foundation.directory.models.periods import PERIOD, PeriodQuerySet
from dinh.foundation.directory.models.units import Unit
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7

__all__ = ["HoldingQuerySet", "RightsNotice", "Role", "RoleHolding", "SigningAuthority"]


class Role(models.Model):
    """A named set of stable permission codes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    description = models.TextField(blank=True)
    permissions = ArrayField(models.TextField(), default=list)

    class Meta:
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class HoldingQuerySet(PeriodQuerySet):
    """Filters over role holdings."""


class RoleHolding(models.Model):
    """A position holds a role at a unit, as far as the scope reaches, for a time."""

    class Scope(models.TextChoices):
        OWN = "own", N_("Việc của mình")
        UNIT = "unit", N_("Trong đơn vị")
        SUBTREE = "subtree", N_("Đơn vị và cấp dưới")
        PROVINCE = "province", N_("Toàn tỉnh")

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="holdings")
    scope = models.TextField(choices=Scope)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects: ClassVar[Any] = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # A right that is taken back on the day it was given leaves an empty period.
            models.CheckConstraint(
                name="holding_period", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
            ExclusionConstraint(
                name="holding_once",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} – {self.role_id} – {self.scope}"


class RightsNotice(models.Model):
    """A change of rights, shown to the holder of the position until they confirm it."""

    class Kind(models.TextChoices):
        GRANTED = "granted", N_("Được cấp")
        REVOKED = "revoked", N_("Bị thu hồi")
        CHANGED = "changed", N_("Thay đổi")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    kind = models.TextField(choices=Kind)
    what = models.TextField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["person"], name="notice_unconfirmed", condition=Q(confirmed_at=None))]

    def __str__(self) -> str:
        return self.what


class SigningAuthority(models.Model):
    """Under which mark a position may sign at an agency, on which matters, for which time, on what basis.

    ``collective`` is the line after TM. (ỦY BAN NHÂN DÂN); ``on_behalf_of`` the title after KT., TL.,
    TUQ. or Q.; ``derived_from`` the authority that this one passes on (NĐ 30/2020/NĐ-CP, Art. 13).
    """

    class Mark(models.TextChoices):
        OWN = "", N_("Ký trực tiếp")
        TM = "TM.", N_("Ký thay mặt")
        Q = "Q.", N_("Ký quyền")
        KT = "KT.", N_("Ký thay")
        TL = "TL.", N_("Ký thừa lệnh")
        TUQ = "TUQ.", N_("Ký thừa ủy quyền")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="authorities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="authorities")
    mark = models.TextField(choices=Mark, blank=True)
    collective = models.TextField(blank=True)
    on_behalf_of = models.TextField(blank=True)
    matters = ArrayField(models.TextField())
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)
    derived_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="passed_on")
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "position", "from_on"]
        indexes = [models.Index(fields=["position", "unit"], name="authority_position_unit")]
        constraints = [
            models.CheckConstraint(
                name="authority_period", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="authority_tuq_is_limited",
                condition=~Q(mark="TUQ.") | (Q(until_on__isnull=False) & ~Q(basis="") & ~Q(matters=["*"])),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.on_behalf_of or self.collective}".strip()
