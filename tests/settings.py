"""Settings of a test run: those of the house, with data of their own."""

import os
import tempfile
from pathlib import Path

# xdist's workers inherit the folder of the run; the one that made it removes it (tests/conftest.py).
if "DINH_TEST_DATA_DIR" not in os.environ:
    os.environ["DINH_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="dinh-test-data-")
    os.environ["DINH_TEST_DATA_OWNER"] = str(os.getpid())
os.environ["DINH_DATA_DIR"] = os.environ["DINH_TEST_DATA_DIR"]
os.environ.setdefault("DINH_LOG_LEVEL", "WARNING")

from dinh.website.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
(Path(os.environ["DINH_DATA_DIR"]) / "static").mkdir(parents=True, exist_ok=True)
