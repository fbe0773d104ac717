"""The ground of every benchmark: an installation of its own under `var/bench`, with the demonstration's areas,
people and catalogue, and no cases."""

import io
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def prepared() -> Iterator[None]:
    """Servers up, Django set up, database migrated and peopled; servers down again at the end."""
    var = Path(os.environ.setdefault("YIWANG_VAR", str(ROOT / "var" / "bench")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("YIWANG_DEMO_PASSWORD", "Bench-only-2026")
    from config import embedded

    embedded.start(var)
    try:
        import django

        django.setup()
        _people()
        yield
    finally:
        from django.db import connections

        connections.close_all()
        embedded.stop(var)


def _people() -> None:
    from django.core.management import call_command

    from incidents.demo.district import is_empty

    call_command("set_up", empty=True, stdout=io.StringIO())
    if is_empty():
        call_command("demo", cases=0, stdout=io.StringIO())


def machine() -> str:
    """The machine in a line: processor, cores, memory, Python."""
    model = _first(["sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2"])
    memory = _first(
        ["sh", "-c", "awk '/MemTotal/ {printf \"%.0f GiB\", $2 / 1048576}' /proc/meminfo"]
    )
    return f"{model}, {os.cpu_count()} cores, {memory}, Python {platform.python_version()}"


def _first(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"
