"""./run as somebody at a terminal meets it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config import embedded
from config.embedded import socket_dir
from config.run import CannotRun, only_one, want_port
from tests.runtime.processes import free_port, lives, wait_until


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def environment(var_dir: Path) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return {**inherited, "YIWANG_VAR": str(var_dir), "YIWANG_HOSTS": ""}


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(project_folder: Path, home: Path) -> Iterator[Start]:
    """Starts what ./run starts, in a folder of its own; whatever is left at the end is killed."""
    started = []

    def begin(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run", *arguments],
            cwd=project_folder,
            env=environment(home) | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.wait()
            wait_until(lambda: not any(lives(member.pid) for member in family), seconds=30)  # noqa: B023


def test_a_second_run_says_where_the_first_one_is(tmp_path: Path) -> None:
    first, second = (f"http://localhost:{port}/" for port in (8000, 9000))
    refused = pytest.raises(CannotRun, match=f"running already: {first}")
    with only_one(tmp_path, first), refused, only_one(tmp_path, second):
        pass
    with only_one(tmp_path, second):
        pass  # the first has ended


def test_a_taken_port_is_a_sentence_and_starts_nothing(
    start: Start, home: Path, taken_port: int
) -> None:
    process = start("--port", str(taken_port))
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == (
        f"Port {taken_port} is taken by another program."
        f" Choose another one, for instance: ./run --port {taken_port + 1}\n"
    )
    assert not (home / "postgres").exists()


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotRun, match=r"cannot listen on 192\.0\.2\.1"):
        want_port("192.0.2.1", 8000)


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_an_impossible_port_is_refused(start: Start, port: str) -> None:
    process = start("--port", port)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "port" in said
    assert "Traceback" not in said


def wait_for_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Yiwang answers at"):
            return "".join(said)
    pytest.fail("it never answered:\n" + "".join(said))


@pytest.mark.slow
def test_everything_starts_and_ends_as_one(start: Start) -> None:
    port = str(free_port())
    first = start("--empty", "--port", port)
    wait_for_address(first)
    family = psutil.Process(first.pid).children(recursive=True)
    programs = " ".join(" ".join(member.cmdline()) for member in family)
    for part in ("postgres", "valkey-server", "gunicorn", "worker", "beat"):
        assert part in programs

    second = start("--port", str(free_port()))
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"running already: http://localhost:{port}/" in said

    # Killed without a chance to clean up: its children end by themselves.
    first.kill()
    first.communicate()
    wait_until(lambda: not any(lives(member.pid) for member in family), seconds=30)

    # The second start finds everything done, and ends cleanly when asked.
    again = start("--empty", "--port", port)
    assert wait_for_address(again).startswith("\nYiwang answers at")
    family = psutil.Process(again.pid).children(recursive=True)
    again.send_signal(signal.SIGTERM)
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    assert said.endswith("Everything is stopped.\n")
    assert not any(lives(member.pid) for member in family)


@pytest.mark.slow
def test_given_servers_are_used_and_none_is_started(start: Start, home: Path) -> None:
    folder = socket_dir(settings.VAR_DIR)
    run = start(
        "--empty",
        "--port",
        str(free_port()),
        DATABASE_URL=f"postgres://postgres@/{folder}/yiwang",
        REDIS_URL=f"unix://{folder}/valkey.sock?db=15",
        CELERY_BROKER_URL=f"redis+socket://{folder}/valkey.sock?virtual_host=15",
    )
    wait_for_address(run)
    assert not (home / "postgres").exists()
    assert not (home / "valkey").exists()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode == 0
    assert embedded.answering(settings.VAR_DIR)
