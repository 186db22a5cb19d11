"""Tables of the directory. Rows here are closed with a date, never deleted."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from dinh.foundation.directory.rules.organisation import KINDS, LEVELS
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.text import clean, name_sort_key, search_text, search_tokens, sort_key

__all__ = [
    "Absence",
    "Appointment",
    "ImportBatch",
    "ImportRow",
    "LevelScheme",
    "Person",
    "PlannedChange",
    "Position",
    "PositionPlacement",
    "Role",
    "RoleHolding",
    "RightsNotice",
    "SigningAuthority",
    "Unit",
    "UnitClosure",
    "UnitName",
    "UnitPlacement",
    "UnitSuccession",
]


# The half-open range of days [from, until) of a row; an empty end is open.
_PERIOD = Func("from_on", "until_on", function="DATERANGE", output_field=DateRangeField())


def _in_period(on: dt.date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gt": on})
    )


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), violation_error_code="period"
    )


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows with a half-open period of days."""

    def on(self, day: dt.date) -> Self:
        return self.filter(_in_period(day))


class UnitQuerySet(models.QuerySet["Unit"]):
    """Filters over units."""

    def open_on(self, day: dt.date) -> Self:
        return self.filter(Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day)))

    def agencies(self) -> Self:
        return self.filter(is_agency=True)

    def under(self, ancestor_id: Any) -> Self:
        """The unit and everything below it."""
        below = UnitClosure.objects.filter(ancestor_id=ancestor_id).values("descendant_id")
        return self.filter(pk__in=below)

    def matching(self, words: str) -> Self:
        return self.filter(_matching(words))


def _matching(words: str) -> Q:
    condition = Q()
    for word in search_tokens(words)[:8]:
        condition &= Q(search_text__contains=word)
    return condition


class Unit(models.Model):
    """A unit of the administration as it stands today; its past is in names, placements, successions.

    ``parent`` is the unit above today. A closed unit stands under its ``heir``, who keeps its records;
    ``agency`` is the nearest unit at or above it that is an agency. Both are kept by the actions.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    old_code = models.TextField(blank=True)
    name = models.TextField()
    short_name = models.TextField(blank=True)
    abbreviation = models.TextField(blank=True)
    kind = models.TextField(choices=[(kind.code, kind.label) for kind in KINDS.values()])
    level = models.TextField(choices=list(LEVELS.items()))
    is_agency = models.BooleanField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    agency = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="divisions")
    heir = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    display_order = models.IntegerField(default=100)
    sort_key = models.TextField(editable=False, db_collation="C")
    search_text = models.TextField(editable=False)
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["display_order", "sort_key", "id"]
        indexes = [
            models.Index(fields=["parent", "display_order", "sort_key"], name="unit_siblings"),
            models.Index(fields=["old_code"], name="unit_old_code", condition=~Q(old_code="")),
            models.Index(fields=["level", "is_agency"], name="unit_level"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="unit_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_valid_period",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="unit_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compute()
        super().save(*args, **kwargs)

    def compute(self) -> None:
        """Fill the columns computed from the name and the codes; bulk writes call it themselves."""
        self.name = clean(self.name)
        self.sort_key = sort_key(self.name)
        words = (self.name, self.short_name, self.abbreviation, self.code, self.old_code)
        self.search_text = search_text(" ".join(words))

    def is_open_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until > day)


class UnitClosure(models.Model):
    """Every pair of a unit and one above it (depth 0: itself) in the tree of ``Unit.parent``."""

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="below", db_index=False)
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="above")
    depth = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], include=["depth"], name="closure_pair")
        ]


class UnitPlacement(models.Model):
    """Under which unit a unit stood from a day until another."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "from_on"]
        constraints = [
            _ends_after_start("placement_period"),
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (_PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class UnitName(models.Model):
    """What a unit was called from a day until another; old papers keep the name of their day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.TextField()
    short_name = models.TextField(blank=True)
    abbreviation = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "from_on"]
        constraints = [
            _ends_after_start("unit_name_period"),
            ExclusionConstraint(
                name="unit_name_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (_PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class UnitSuccession(models.Model):
    """A link from a unit to one that took over from it: merged, split off, divided, closed."""

    class Kind(models.TextChoices):
        MERGED = "merged", N_("Sáp nhập")
        SPLIT = "split", "Chia"
        SEPARATED = "separated", N_("Tách")
        CLOSED = "closed", N_("Giải thể")

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inheritances")
    kind = models.TextField(choices=Kind)
    on = models.DateField()
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once")
        ]


class LevelScheme(models.Model):
    """Which levels of government stand from a day on. No row: those of the legal profile."""

    levels = ArrayField(models.TextField())
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["from_on"]
        constraints = [
            _ends_after_start("levels_period"),
            ExclusionConstraint(
                name="levels_one_at_a_time", expressions=[(_PERIOD, RangeOperators.OVERLAPS)]
            ),
        ]


class PersonQuerySet(models.QuerySet["Person"]):
    """Filters over people."""

    def matching(self, words: str) -> Self:
        return self.filter(_matching(words))


class Person(models.Model):
    """A person: an official, a citizen, or both. ``staff_code`` is an official's number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff_code = models.TextField(null=True, unique=True)
    full_name = models.TextField()
    sort_key = models.TextField(editable=False, db_collation="C")
    search_text = models.TextField(editable=False)
    birth_date = models.DateField(null=True)
    identity_number = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    address = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    audit_hidden = frozenset({"birth_date", "identity_number", "phone", "email", "address", "search_text"})

    objects: ClassVar[Any] = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_order"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="person_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number"], name="person_identity_number", condition=~Q(identity_number="")
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compute()
        super().save(*args, **kwargs)

    def compute(self) -> None:
        """Fill the columns computed from the name; bulk writes call it themselves."""
        self.full_name = clean(self.full_name)
        self.sort_key = name_sort_key(self.full_name)
        self.search_text = search_text(f"{self.full_name} {self.staff_code or ''} {self.email}")


class Position(models.Model):
    """A post in a unit. It holds the rights; people hold it for a time.

    ``rank`` orders posts within a unit (1: the head). ``is_single``: one holder at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.TextField()
    rank = models.IntegerField(default=50)
    is_head = models.BooleanField(default=False)
    is_single = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["unit", "rank", "code"]
        indexes = [models.Index(fields=["unit", "rank", "code"], name="position_unit_rank")]
        constraints = [
            models.CheckConstraint(
                name="position_valid_period",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    def is_open_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until > day)


class PositionPlacement(models.Model):
    """In which unit a position stood from a day until another; it moves when units merge or split."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="placements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["position", "from_on"]
        constraints = [
            _ends_after_start("position_placement_period"),
            ExclusionConstraint(
                name="position_placement_one_at_a_time",
                expressions=[("position", RangeOperators.EQUAL), (_PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class AppointmentQuerySet(PeriodQuerySet):
    """Filters over appointments."""

    def in_force(self, day: dt.date) -> Self:
        """Appointments in force that day at a position and a unit that still stand."""
        return self.on(day).filter(
            Q(position__valid_until=None) | Q(position__valid_until__gt=day), position__valid_from__lte=day
        )


class Appointment(models.Model):
    """A person holds a position from a day until another. ``is_single`` is the position's, copied."""

    class Kind(models.TextChoices):
        MAIN = "main", N_("Chính thức")
        CONCURRENT = "concurrent", N_("Kiêm nhiệm")
        ACTING = "acting", N_("Giao quyền")
        IN_CHARGE = "in_charge", N_("Giao phụ trách")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    kind = models.TextField(choices=Kind, default=Kind.MAIN)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)
    is_single = models.BooleanField(default=False)

    objects: ClassVar[Any] = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            _ends_after_start("appointment_period"),
            ExclusionConstraint(
                name="appointment_one_holder",
                expressions=[("position", RangeOperators.EQUAL), (_PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(is_single=True),
            ),
            ExclusionConstraint(
                name="appointment_once_a_person",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} – {self.position_id}"


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
                    (_PERIOD, RangeOperators.OVERLAPS),
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


class PlannedChange(models.Model):
    """A change of the tree that takes effect on a day to come; carried out on that day by a job."""

    class State(models.TextChoices):
        PLANNED = "planned", N_("Chờ đến ngày")
        DONE = "done", N_("Đã thực hiện")
        FAILED = "failed", N_("Không thực hiện được")
        CANCELLED = "cancelled", N_("Đã hủy")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    verb = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="planned_changes")
    arguments = models.JSONField(default=dict)
    on = models.DateField()
    basis = models.TextField(blank=True)
    state = models.TextField(choices=State, default=State.PLANNED)
    failure = models.TextField(blank=True)
    planned_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["on"], name="planned_due", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"{self.verb} {self.unit_id} {self.on}"


class ImportBatch(models.Model):
    """An uploaded list, read and checked; nothing of it is in the directory before it is confirmed."""

    class Kind(models.TextChoices):
        UNITS = "units", N_("Đơn vị")
        POSITIONS = "positions", N_("Chức vụ")
        PEOPLE = "people", N_("Cán bộ")

    class State(models.TextChoices):
        READING = "reading", N_("Đang kiểm tra")
        PREVIEW = "preview", N_("Chờ xác nhận")
        RUNNING = "running", N_("Đang ghi")
        DONE = "done", N_("Đã ghi")
        DROPPED = "dropped", N_("Đã bỏ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=Kind)
    state = models.TextField(choices=State, default=State.READING)
    file_name = models.TextField()
    sha256 = models.TextField()
    made_by_account = models.TextField(blank=True)
    made_by_position = models.UUIDField(null=True)
    made_by_person = models.UUIDField(null=True)
    made_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One line of an uploaded list: what it says, what would happen, why not."""

    class Outcome(models.TextChoices):
        CREATE = "create", N_("Thêm mới")
        CHANGE = "change", N_("Thay đổi")
        SAME = "same", N_("Không đổi")
        REFUSED = "refused", N_("Từ chối")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    values = models.JSONField()
    outcome = models.TextField(choices=Outcome)
    reasons = ArrayField(models.TextField(), default=list)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_number")]


class Absence(models.Model):
    """The holder of a position is away for some days; another position does their work meanwhile.

    ``person`` is who was away, as the paper trail: the position may have other holders later. An absence
    that ended early, or was marked by mistake, has ``ended_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="standing_in")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.TextField(blank=True)
    marked_by = models.TextField()
    marked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        indexes = [
            models.Index(
                fields=["substitute", "until_on"], name="absence_substitute", condition=Q(ended_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(name="absence_period", condition=Q(until_on__gt=F("from_on"))),
            models.CheckConstraint(name="absence_of_another", condition=~Q(position=F("substitute"))),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[("position", RangeOperators.EQUAL), (_PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.from_on}"
