"""From a bare machine to an installed environment, with nothing but the system's Python.

Written in words that an old Python understands, so that it can say that it is too old. It makes
`.venv`, installs the lock into it when the lock has changed since the last time, and needs no network
when it has not.
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(ROOT, "var", "log", "install.log")
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
NEEDED_MB = {"run": 1500, "dev": 2500}

# What pip says, and what it means for the person. The first match counts.
MEANINGS = (
    (
        r"No space left on device|Errno 28",
        "Ổ đĩa đã đầy khi đang cài đặt; hãy giải phóng ít nhất 2 GB rồi chạy lại.",
        "The disk is full; free at least 2 GB and run it again.",
    ),
    (
        r"do not match the hashes|DO NOT MATCH THE HASHES",
        "Gói tải về không khớp mã kiểm của dự án nên không được cài; hãy kiểm tra đường mạng rồi chạy lại.",
        "A downloaded package does not match its hash and was not installed; check the network, run again.",
    ),
    (
        r"Temporary failure in name resolution|NewConnectionError|ConnectionError|ConnectTimeout"
        r"|Read timed out|ProxyError|Network is unreachable|Connection refused|SSLError|Max retries exceeded"
        r"|from versions: none",
        "Không nối được tới kho gói Python; hãy kiểm tra mạng (hoặc HTTPS_PROXY) rồi chạy lại.",
        "The Python package index cannot be reached; check the network (or HTTPS_PROXY) and run again.",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "Máy hoặc Python này không có sẵn gói cần dùng; hãy dùng Linux x86_64/arm64, Python 3.11 đến 3.13.",
        "A package has no build for this machine or Python; use Linux x86_64/arm64, Python 3.11 to 3.13.",
    ),
    (
        r"Permission denied|Errno 13",
        "Không có quyền ghi vào thư mục dự án; hãy chạy bằng người dùng sở hữu thư mục này.",
        "The project's folder cannot be written; run it as the user who owns the folder.",
    ),
)


def fail(vietnamese, english):
    sys.stdout.flush()
    sys.stderr.write(f"\n{vietnamese}\n({english})\n")
    sys.exit(1)


def check_python():
    """Go on under a newer Python when this one is too old and a newer one is here."""
    if sys.version_info[:2] >= OLDEST:
        return
    for name in NEWER:
        program = shutil.which(name)
        if program:
            os.execv(program, [program, *sys.argv])
    mine = ".".join(str(part) for part in sys.version_info[:3])
    fail(
        f"Python {mine} quá cũ: Đình cần Python 3.11 trở lên; trên Debian 12 hãy chạy:"
        " apt install python3 python3-venv.",
        f"Python {mine} is too old: 3.11 or later is needed; on Debian 12 run:"
        " apt install python3 python3-venv.",
    )


def check_venv_module():
    try:
        import ensurepip
        import venv
    except ImportError:
        sudo = "" if os.geteuid() == 0 else "sudo "
        command = "{}apt install python{}.{}-venv".format(sudo, *sys.version_info[:2])
        fail(
            f"Python thiếu phần venv; hãy chạy: {command}, rồi chạy lại.",
            f"Python lacks its venv module; run: {command}, and start again.",
        )
    return ensurepip, venv


def check_disk(kind):
    free = shutil.disk_usage(ROOT).free // 2**20
    needed = NEEDED_MB[kind]
    if free < needed:
        fail(
            f"Ổ đĩa chỉ còn {free} MB trống mà cài đặt cần {needed} MB; hãy giải phóng chỗ rồi chạy lại.",
            f"Only {free} MB are free on the disk and installing needs {needed} MB; free some, run again.",
        )


def locks(kind):
    names = ["run.txt"] if kind == "run" else ["run.txt", "dev.txt"]
    return [os.path.join(ROOT, "requirements", name) for name in names]


def fingerprint(kind):
    """What the environment is made from: the locks and the Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in locks(kind):
        with open(path, "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def mark(kind):
    return os.path.join(VENV, f"installed-{kind}")


def is_installed(kind):
    """Whether the environment holds the locks as they are now and its Python still runs."""
    if not os.path.exists(mark(kind)) or not os.path.exists(PYTHON):
        return False
    with open(mark(kind)) as written:
        return written.read() == fingerprint(kind)


def explain(report):
    for pattern, vietnamese, english in MEANINGS:
        if re.search(pattern, report):
            fail(vietnamese, english)
    fail(
        "Cài đặt không thành công; lý do nằm ở cuối tệp var/log/install.log.",
        "Installing failed; the end of var/log/install.log says why.",
    )


def make_environment():
    """Make `.venv` anew unless it belongs to this Python."""
    if os.path.exists(PYTHON):
        answer = subprocess.run(
            [PYTHON, "-c", "import sys, pip; print(sys.version)"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if answer.returncode == 0 and answer.stdout.decode().strip() == sys.version.strip():
            return
    answer = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if answer.returncode:
        explain(answer.stdout.decode(errors="replace"))


def install(kind):
    total = sum(1 for path in locks(kind) for line in open(path) if re.match(r"\S+==", line))
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input"]
    if kind == "run":
        # Nothing is compiled on a machine that only runs the province.
        command.append("--only-binary=:all:")
    command += ["--disable-pip-version-check", "--progress-bar=off", "--no-warn-script-location"]
    for path in locks(kind):
        command += ["-r", path]
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    report = []
    pip = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        with open(LOG, "wb") as log:
            for raw in pip.stdout:
                log.write(raw)
                line = raw.decode(errors="replace").rstrip()
                report.append(line)
                show(line, total)
    except OSError as problem:
        pip.kill()
        explain(str(problem))
    if pip.wait():
        explain("\n".join(report[-60:]))


seen = set()


def show(line, total):
    """Turn pip's lines into a count: rewritten on a terminal, every tenth line elsewhere."""
    found = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
    if found:
        seen.add(found.group(1))
        text = f"  gói {min(len(seen), total)}/{total}: {found.group(1)}"
        if sys.stdout.isatty():
            sys.stdout.write("\r\x1b[K" + text)
        elif len(seen) % 10 == 0:
            print(text)
    elif line.startswith("Installing collected packages"):
        sys.stdout.write("\r\x1b[K" if sys.stdout.isatty() else "")
        print(f"  đang cài {total} gói")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    kind = "dev" if parser.parse_args().dev else "run"
    check_python()
    os.chdir(ROOT)
    # Two starts at once in one folder: the second waits, then finds the work done.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if is_installed(kind):
        return
    check_venv_module()
    check_disk(kind)
    began = time.time()
    print("Cài đặt môi trường Python vào .venv (chỉ lần đầu, cần mạng)")
    sys.stdout.flush()
    try:
        make_environment()
        install(kind)
        with open(mark(kind), "w") as written:
            written.write(fingerprint(kind))
    except OSError as problem:
        explain(str(problem))
    print(f"  xong sau {time.time() - began:.0f} giây")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
