"""The programs that tests drive from outside: installed when we may, named when we may not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "requirements" / "test-apt.txt"


def main() -> int:
    """Install what is missing; return 0 when nothing is."""
    needed = LIST.read_text().split()
    if shutil.which("dpkg-query") is None:
        print(f"Không phải Debian: hãy tự cài các chương trình tương ứng với {' '.join(needed)}")
        print(f"(Not Debian: install what corresponds to {' '.join(needed)} yourself)")
        return 0
    missing = [name for name in needed if not is_installed(name)]
    if not missing:
        return 0
    may = allowed()
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if may is None:
        print(f"Thiếu chương trình cho kiểm thử; hãy chạy: sudo {' '.join(command)}", file=sys.stderr)
        print("(Programs that the tests need are missing; run that command.)", file=sys.stderr)
        return 1
    print(f"Cài chương trình cho kiểm thử: {' '.join(missing)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for line in (["apt-get", "update"], command):
        answer = subprocess.run(
            [*may, *line], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if answer.returncode:
            sys.stderr.write(answer.stdout.decode(errors="replace")[-2000:])
            print(f"Không cài được; hãy tự chạy: {' '.join([*may, *command])}", file=sys.stderr)
            return 1
    return 0


def is_installed(name: str) -> bool:
    """Whether the package is installed."""
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}", name], capture_output=True, text=True, check=False
    )
    return answer.stdout == "installed"


def allowed() -> list[str] | None:
    """What stands before a command of the administrator; None when we are not one."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n", "-E"]
    return None


if __name__ == "__main__":
    sys.exit(main())
