"""``manage.py work``: the worker process."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dinh.foundation.actions.public import Worker


class Command(BaseCommand):
    help = "Runs jobs, periodic jobs and the outbox's delivery until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at once")
        parser.add_argument("--relay-threads", type=int, default=4, help="deliveries at once on each channel")
        parser.add_argument("--grace", type=int, default=25, help="seconds to end running jobs at a stop")

    def handle(self, *args: Any, **options: Any) -> None:
        Worker(
            concurrency=options["concurrency"],
            relay_threads=options["relay_threads"],
            grace=dt.timedelta(seconds=options["grace"]),
        ).run()
