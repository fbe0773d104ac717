"""Make the environment, then run or test: what ./run and ./test call, with Python alone.

Each step looks at what it did last time and does nothing where nothing changed.
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools import install  # noqa: E402 — the line above makes it findable


def main(arguments: list[str]) -> None:
    what, rest = arguments[0], arguments[1:]
    if what == "run" and {"-h", "--help"} & set(rest):
        python = install.PYTHON if install.PYTHON.exists() else Path(sys.executable)
        _become(python, "config.run", rest)
    with _one_at_a_time():
        install.everything(for_tests=what == "test")
    if what == "run":
        _become(install.PYTHON, "config.run", rest)
    _test(rest)


def _test(arguments: list[str]) -> None:
    """Run the tests where tests/settings.py says: on two cores, each with a database server of its own.

    On one where the server is given: two workers would wait for each other's transactions.
    """
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    cores = [] if chosen or os.environ.get("DATABASE_URL") else ["-n", "2", "--dist", "worksteal"]
    _become(install.PYTHON, "pytest", [*cores, *arguments])


def _become(python: Path, module: str, arguments: list[str]) -> None:
    """Turn this process into another: Ctrl-C and signals reach it without a go-between."""
    sys.stdout.flush()
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.chdir(PROJECT)
    os.execv(python, [str(python), "-m", module, *arguments])


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two set-ups at once would write into one environment; the second waits."""
    (PROJECT / "var").mkdir(exist_ok=True)
    with (PROJECT / "var" / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up to finish …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next start goes on from here.")
    except install.CannotInstall as problem:
        sys.exit(f"\n{problem}")
