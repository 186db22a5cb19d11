"""The project's settings with the tests' room, for worker processes that tests start and kill."""

from dinh.website.settings import *  # noqa: F403
from dinh.website.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.actions.sampleroom"]
