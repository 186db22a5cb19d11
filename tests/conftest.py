"""One throw-away PostgreSQL for the whole run, unless DATABASE_URL names a server."""

import os
import secrets
import shutil
from contextlib import ExitStack

import pytest
from django.conf import settings

from dinh.website.launch.address import database_settings
from dinh.website.launch.postgres import temporary_server

pytest_plugins = ["tests.guards.english", "tests.guards.verbs"]

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
