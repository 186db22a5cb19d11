"""OpenStack Swift on loopback: a real S3 service (its s3api), one proxy, one device, started for the tests.

Needs the package ``swift`` and, from the system, liberasurecode and memcached (requirements/test-apt.txt).
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.waiting import free_port

__all__ = ["KEY", "SECRET", "run_swift"]

KEY, SECRET = "mau:mau", "chi-de-thu"

_PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {proxy}
swift_dir = {home}
workers = 1
user = {user}
log_address = {home}/none
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
check_bucket_owner = false
location = us-east-1
min_segment_size = 1048576
[filter:tempauth]
use = egg:swift#tempauth
user_mau_mau = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
devices = {home}/devices
mount_check = false
workers = 0
user = {user}
log_address = {home}/none
disable_fallocate = true
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
[object-replicator]
[container-replicator]
[account-replicator]
"""


@contextlib.contextmanager
def run_swift(home: Path) -> Iterator[str]:
    """Run the service in ``home`` and yield its address, http://127.0.0.1:port."""
    ports = {name: free_port() for name in ("proxy", "account", "container", "object", "memcached")}
    device = home / "devices" / "d1"
    device.mkdir(parents=True)
    values = {"home": home, "user": _user(), "secret": SECRET, **ports}
    (home / "swift.conf").write_text("[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n")
    (home / "proxy-server.conf").write_text(_PROXY.format(**values))
    for kind in ("account", "container", "object"):
        (home / f"{kind}-server.conf").write_text(_SERVER.format(kind=kind, port=ports[kind], **values))
        _make_ring(home, kind, ports[kind])
    running = [_start(["memcached", "-l", "127.0.0.1", "-p", str(ports["memcached"]), "-u", _user()], home)]
    for kind in ("account", "container", "object", "proxy"):
        program = Path(sys.executable).parent / f"swift-{kind}-server"
        running.append(_start([str(program), str(home / f"{kind}-server.conf")], home))
    try:
        for port in ports.values():
            _wait(port, home)
        yield f"http://127.0.0.1:{ports['proxy']}"
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _make_ring(home: Path, kind: str, port: int) -> None:
    builder = [str(Path(sys.executable).parent / "swift-ring-builder"), str(home / f"{kind}.builder")]
    steps = (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"])
    for step in steps:
        subprocess.run([*builder, *step], check=False, capture_output=True, cwd=home)
    if not (home / f"{kind}.ring.gz").exists():
        raise RuntimeError(f"the ring of {kind} was not made")


def _start(command: list[str], home: Path) -> subprocess.Popen[bytes]:
    log = (home / f"{Path(command[0]).name}.log").open("wb")
    environment = {**os.environ, "SWIFT_DIR": str(home), "EVENTLET_NO_GREENDNS": "yes"}
    return subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env=environment)


def _wait(port: int, home: Path) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    logs = "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in home.glob("*.log"))
    raise RuntimeError(f"the S3 service did not start\n{logs}")


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
