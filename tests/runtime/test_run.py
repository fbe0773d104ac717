"""./run as somebody at a terminal meets it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import psutil
import pytest

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


def start(project: Path, var_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.run", *arguments],
        cwd=project,
        env=environment(var_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_second_run_says_where_the_first_one_is(tmp_path: Path) -> None:
    first, second = (f"http://localhost:{port}/" for port in (8000, 9000))
    refused = pytest.raises(CannotRun, match=f"running already: {first}")
    with only_one(tmp_path, first), refused, only_one(tmp_path, second):
        pass
    with only_one(tmp_path, second):
        pass  # the first has ended


def test_a_taken_port_is_a_sentence_and_starts_nothing(
    project_folder: Path, tmp_path: Path, taken_port: int
) -> None:
    process = start(project_folder, tmp_path, "--port", str(taken_port))
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == (
        f"Port {taken_port} is taken by another program."
        f" Choose another one, for instance: ./run --port {taken_port + 1}\n"
    )
    assert not (tmp_path / "postgres").exists()


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotRun, match=r"cannot listen on 192\.0\.2\.1"):
        want_port("192.0.2.1", 8000)


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_an_impossible_port_is_refused(project_folder: Path, tmp_path: Path, port: str) -> None:
    process = start(project_folder, tmp_path, "--port", port)
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
def test_everything_starts_and_ends_as_one(project_folder: Path, tmp_path: Path) -> None:
    port = str(free_port())
    first = start(project_folder, tmp_path, "--empty", "--port", port)
    wait_for_address(first)
    family = psutil.Process(first.pid).children(recursive=True)
    programs = " ".join(" ".join(member.cmdline()) for member in family)
    for part in ("postgres", "valkey-server", "gunicorn", "worker", "beat"):
        assert part in programs

    second = start(project_folder, tmp_path, "--port", str(free_port()))
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"running already: http://localhost:{port}/" in said

    # Killed without a chance to clean up: its children end by themselves.
    first.kill()
    first.communicate()
    wait_until(lambda: not any(lives(member.pid) for member in family), seconds=30)

    # The second start is quick, and ends cleanly when asked.
    began = monotonic()
    again = start(project_folder, tmp_path, "--empty", "--port", port)
    wait_for_address(again)
    assert monotonic() - began < 10
    family = psutil.Process(again.pid).children(recursive=True)
    again.send_signal(signal.SIGTERM)
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    assert said.endswith("Everything is stopped.\n")
    assert not any(lives(member.pid) for member in family)
