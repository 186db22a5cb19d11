"""Figures for Prometheus: requests, counted by every web process; the rest read when asked."""

import os
from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from dinh.foundation.actions.public import read_pulse
from dinh.website.health import free_disk_mb

__all__ = ["count_request", "exposition"]

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.08, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)

_requests = Counter("dinh_http_requests", "Requests answered", ["route", "method", "status"])
_seconds = Histogram("dinh_http_request_seconds", "Time to answer", ["route"], buckets=BUCKETS)


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Add one answered request. ``route`` is the route's pattern, so that no address becomes a label."""
    _requests.labels(route, method, status).inc()
    _seconds.labels(route).observe(seconds)


def exposition() -> bytes:
    """All figures in Prometheus' text format, summed over the web processes of this machine."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(_Pulse())
    return generate_latest(registry)


class _Pulse(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("dinh_disk_free_megabytes", "Room left for the data", value=free_disk_mb())
        try:
            pulse = read_pulse()
        except DatabaseError:
            yield GaugeMetricFamily("dinh_database_up", "Whether the database answers", value=0)
            return
        yield GaugeMetricFamily("dinh_database_up", "Whether the database answers", value=1)
        if pulse.seen_at is not None:
            silence = (timezone.now() - pulse.seen_at).total_seconds()
            yield GaugeMetricFamily("dinh_worker_silent_seconds", "Since a worker's last sign", value=silence)
        yield GaugeMetricFamily("dinh_workers", "Workers alive", value=pulse.workers)
        yield GaugeMetricFamily(
            "dinh_audit_entries_unsealed", "Audit entries not yet sealed", value=pulse.entries_unsealed
        )
        for name, wait in (("job", pulse.oldest_job_waits), ("outbox_message", pulse.oldest_message_waits)):
            seconds = wait.total_seconds() if wait else 0
            yield GaugeMetricFamily(f"dinh_oldest_{name}_seconds", "How long it has been due", value=seconds)
        yield _by_state("dinh_jobs", "Jobs not yet done, by state", pulse.jobs)
        yield _by_state("dinh_outbox_messages", "Messages not delivered, by state", pulse.messages)


def _by_state(name: str, text: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family
