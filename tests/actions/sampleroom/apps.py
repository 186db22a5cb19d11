"""The tests' room in a worker process; there the worker can be made deaf to everything but the bell."""

import os

from django.apps import AppConfig

ONLY_BELLS = "SAMPLEROOM_ONLY_BELLS"


class SampleroomConfig(AppConfig):
    name = "tests.actions.sampleroom"

    def ready(self) -> None:
        """With SAMPLEROOM_ONLY_BELLS nothing but a notification of the database makes the worker look."""
        if ONLY_BELLS not in os.environ:
            return
        from procrastinate.contrib.django import app

        from dinh.foundation.actions.actions import relay, worker

        relay._LOOK_SECONDS = worker._LOOK_SECONDS = 24 * 3600.0
        app.periodic_registry.periodic_tasks.clear()
