"""The tests' settings, with a pause in the middle of drawing."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as INSTALLED

INSTALLED_APPS = [*INSTALLED, "tests.onestop.slowly.apps.SlowlyConfig"]
