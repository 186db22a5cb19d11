"""`python -m dinh.website.launch up | stop | reset | run COMMAND`: what the Makefile calls."""

import errno
import sys

from dinh.website.launch.trouble import Trouble, disk_full
from dinh.website.launch.up import reset, run, stop, up


def main(words: list[str]) -> int:
    """Do what the first word says; return the exit code."""
    try:
        match words:
            case ["up"]:
                up()
            case ["stop"]:
                stop()
            case ["reset"]:
                reset()
            case ["run", *line] if line:
                return run(line)
            case _:
                print(__doc__)
                return 2
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        return _report(disk_full())
    except Trouble as trouble:
        return _report(trouble)
    except KeyboardInterrupt:
        return 130
    return 0


def _report(trouble: Trouble) -> int:
    print(f"\n{trouble.vietnamese}\n({trouble.english})", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
