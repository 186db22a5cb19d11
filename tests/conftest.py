"""One throw-away PostgreSQL for the whole run, unless DATABASE_URL names a server."""

import os
import secrets
import shutil
from contextlib import ExitStack

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as examples

from dinh.website.launch.address import database_settings
from dinh.website.launch.postgres import temporary_server

pytest_plugins = ["tests.guards.english", "tests.guards.verbs", "tests.prepared", "tests.samples"]

# How long an example takes says how busy the machine is, not whether the rule holds.
examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("house")

ROLE = "dinh"
_running = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before anything connects; xdist's workers inherit its address."""
    if os.environ.get("DINH_TEST_DATA_OWNER") == str(os.getpid()):
        _running.callback(shutil.rmtree, os.environ["DINH_TEST_DATA_DIR"], ignore_errors=True)
    if os.environ.get("DATABASE_URL"):
        return
    secret = secrets.token_urlsafe(16)
    server = _running.enter_context(temporary_server(password=secret))
    server.ensure_database(ROLE, role=ROLE, password=secret, can_create=True)
    os.environ["DATABASE_URL"] = server.address(ROLE, user=ROLE, password=secret)
    # Settings were loaded before this file; no connection has been made from them yet.
    settings.DATABASES["default"].update(database_settings(os.environ["DATABASE_URL"]))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that skips itself proves nothing, so it fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    _running.close()


@pytest.fixture
def _django_db_helper(worked_in: None, _django_db_helper: None) -> None:
    """pytest-django's own, which begins a test's transaction: after the test's database was chosen."""
