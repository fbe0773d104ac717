"""The supervisor: nothing it started outlives it, and what ends by itself is started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.programs import Program
from config.supervise import Supervisor
from tests.runtime.processes import lives, wait_until

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
WITH_CHILD = (
    "import subprocess, sys; child = subprocess.Popen(['sleep', '600']);"
    " open(sys.argv[1], 'w').write(str(child.pid)); child.wait()"
)
A_SUPERVISOR = """
import sys
from config.programs import Program
from config.supervise import AskedToStop, Supervisor
try:
    with Supervisor(print) as supervisor:
        first = supervisor.start(Program("one", ["sleep", "600"]))
        second = supervisor.start(Program("two", ["sleep", "600"]))
        print(first.pid, second.pid, flush=True)
        supervisor.watch()
except AskedToStop:
    print("stopped", flush=True)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(said.append)
    yield supervisor
    supervisor.stop()


def python(script: str, *arguments: str) -> Program:
    return Program("program", [sys.executable, "-c", script, *arguments])


@pytest.fixture
def running(project_folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A supervisor in a process of its own, with the numbers of its two children."""
    process = subprocess.Popen(
        [sys.executable, "-c", A_SUPERVISOR],
        cwd=project_folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    children = [int(number) for number in process.stdout.readline().split()]
    assert all(lives(child) for child in children)
    yield process, children
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_being_asked_to_stop_stops_every_child(
    running: tuple[subprocess.Popen[str], list[int]], number: signal.Signals
) -> None:
    process, children = running
    process.send_signal(number)
    output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert output == "stopped\n"
    assert not any(lives(child) for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is Linux's")
def test_a_killed_supervisor_leaves_nothing_running(
    running: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, children = running
    process.kill()
    wait_until(lambda: not any(lives(child) for child in children))


def test_a_program_that_ends_is_started_again_and_somebody_is_told(
    supervisor: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(supervisor, "clock", lambda: now[0])
    first = supervisor.start(python("raise SystemExit(3)"))
    first.wait()
    supervisor.look_after()
    assert said == ["program ended (status 3); starting it again in 1 s."]

    now[0] += 0.9
    supervisor.look_after()
    assert supervisor.processes() == [first]
    now[0] += 0.2
    supervisor.look_after()
    [second] = supervisor.processes()
    assert second.pid != first.pid


def test_a_program_that_keeps_falling_is_started_less_and_less_often(
    supervisor: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(supervisor, "clock", lambda: now[0])
    supervisor.start(python("raise SystemExit(3)"))
    for _ in range(7):
        supervisor.processes()[0].wait()
        supervisor.look_after()
        now[0] += 31
        supervisor.look_after()
    waits = [int(sentence.rpartition(" in ")[2].removesuffix(" s.")) for sentence in said]
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_children_of_a_program_end_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    program = supervisor.start(python(WITH_CHILD, str(note)))
    wait_until(lambda: note.exists() and note.read_text() != "")
    grandchild = int(note.read_text())
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    supervisor.look_after()
    wait_until(lambda: not lives(grandchild))


def test_a_program_that_does_not_listen_is_killed(supervisor: Supervisor, said: list[str]) -> None:
    process = supervisor.start(Program("deaf", [sys.executable, "-c", STUBBORN], patience=0.3))
    wait_until(lambda: _ignores_sigterm(process.pid))
    supervisor.stop()
    assert said == ["deaf did not end when asked and was killed."]
    assert not lives(process.pid)


def _ignores_sigterm(pid: int) -> bool:
    """Read from the kernel's mask of ignored signals."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return True
    [mask] = [line for line in status.read_text().splitlines() if line.startswith("SigIgn")]
    return bool(int(mask.split()[1], 16) & 1 << (signal.SIGTERM - 1))
