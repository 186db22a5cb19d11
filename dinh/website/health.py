"""Is the province well? One list of checks for machines, for administrators and for the launcher."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from dinh.foundation.actions.public import last_proof, read_pulse
from dinh.foundation.files.public import store_fault
from dinh.kernel.errors import N_
from dinh.website.advice import UNHELD, unheld_count
from dinh.website.domains import domain_fault

__all__ = ["Check", "Finding", "examine", "free_disk_mb"]

WORKER_SILENT = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``advice`` is a Vietnamese sentence with its values in ``params``."""

    is_well: bool
    advice: str = ""
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check. Without a ``vital`` part no page can be served, and traffic should go elsewhere; without a
    ``lesser`` one something waits; ``advice`` is for people and says nothing of whether the site works.
    """

    code: str
    label: str
    weight: Literal["vital", "lesser", "advice"]
    look: Callable[[], Finding]


WELL = Finding(True)


def examine() -> list[tuple[Check, Finding]]:
    """Run every check; none raises."""
    return [(check, check.look()) for check in CHECKS]


def free_disk_mb() -> int:
    """Megabytes left where the province's data lies."""
    return shutil.disk_usage(settings.DATA_DIR).free // 2**20


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        return Finding(
            False,
            N_("Không kết nối được cơ sở dữ liệu (%(reason)s). Hãy kiểm tra máy chủ PostgreSQL."),
            (("reason", str(problem).strip().partition("\n")[0]),),
        )
    return WELL


def _migrations() -> Finding:
    try:
        missing = _missing_migrations()
    except DatabaseError:
        return Finding(False, N_("Chưa xem được vì cơ sở dữ liệu không trả lời."))
    if missing:
        return Finding(
            False,
            N_("Cấu trúc dữ liệu cũ hơn chương trình, còn thiếu %(count)s bước. Hãy chạy lại make up."),
            (("count", str(missing)),),
        )
    return WELL


def _missing_migrations() -> int:
    """Count them; once there are none, this process asks no more, since its code does not change."""
    if _none_missing.cache_info().currsize:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        _none_missing()
    return missing


@cache
def _none_missing() -> None:
    return None


def _worker() -> Finding:
    try:
        seen_at = read_pulse().seen_at
    except DatabaseError:
        return Finding(False, N_("Chưa xem được vì cơ sở dữ liệu không trả lời."))
    if seen_at is None:
        return Finding(False, N_("Không có tiến trình chạy nền nào. Hãy khởi động manage.py work."))
    silence = timezone.now() - seen_at
    if silence > WORKER_SILENT:
        return Finding(
            False,
            N_("Tiến trình chạy nền im lặng đã %(seconds)s giây. Hãy xem var/log/worker.log."),
            (("seconds", str(int(silence.total_seconds()))),),
        )
    return WELL


def _disk() -> Finding:
    try:
        free = free_disk_mb()
    except OSError as problem:
        return Finding(False, N_("Không đọc được ổ đĩa: %(reason)s."), (("reason", str(problem)),))
    if free < settings.DISK_RESERVE_MB:
        return Finding(
            False,
            N_("Ổ đĩa chỉ còn %(free)s MB trống. Hãy giải phóng chỗ trước khi hệ thống ngừng nhận hồ sơ."),
            (("free", str(free)),),
        )
    return WELL


def _files() -> Finding:
    reason = store_fault()
    if reason:
        return Finding(
            False, N_("Kho tệp không trả lời (%(reason)s). Hãy kiểm tra kho tệp."), (("reason", reason),)
        )
    return WELL


def _domain() -> Finding:
    """A sample province has no name of its own; a real one bears the names that the law gives."""
    fault = None if settings.IS_SAMPLE else domain_fault(settings.PUBLIC_ADDRESS, settings.ALLOWED_HOSTS)
    if fault is None:
        return WELL
    return Finding(False, fault.message, tuple((name, str(value)) for name, value in fault.params.items()))


def _audit() -> Finding:
    """Whether the last proof of the audit log found it as it was sealed."""
    try:
        proof = last_proof()
    except DatabaseError:
        return Finding(False, N_("Chưa xem được vì cơ sở dữ liệu không trả lời."))
    if proof is not None and proof["state"] == "broken":
        return Finding(
            False,
            N_("Nhật ký đã bị thay đổi sau khi niêm phong. Hãy giữ nguyên máy chủ, bản sao lưu và xem trang"
               " Nhật ký, mục Niêm phong và kiểm tra."),
        )  # fmt: skip
    return WELL


def _permissions() -> Finding:
    """A release may bring permissions that none of the province's roles has."""
    count = unheld_count()
    if count is None:
        return Finding(False, N_("Chưa xem được vì cơ sở dữ liệu không trả lời."))
    return Finding(False, UNHELD, (("count", str(count)),)) if count else WELL


CHECKS = (
    Check("database", N_("Cơ sở dữ liệu"), "vital", _database),
    Check("migrations", N_("Cấu trúc dữ liệu"), "vital", _migrations),
    Check("files", N_("Kho tệp"), "vital", _files),
    Check("worker", N_("Tiến trình chạy nền"), "lesser", _worker),
    Check("disk", N_("Ổ đĩa"), "lesser", _disk),
    Check("audit", N_("Niêm phong nhật ký"), "lesser", _audit),
    Check("permissions", N_("Quyền của các vai trò"), "advice", _permissions),
    Check("domain", N_("Tên miền của cổng"), "advice", _domain),
)
