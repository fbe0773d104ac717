"""Programs that a run starts: how one is launched, kept on a leash, and ended."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """A command and how it wants to be run.

    `stop` asks it to end cleanly; after `patience` seconds it is killed. `owner` is the account that
    it steps down to (only when started by root). Its output goes to the end of `log`; without a log
    it shares the caller's.
    """

    name: str
    command: Sequence[str]
    stop: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    owner: pwd.struct_passwd | None = None
    log: Path | None = None
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None


def launch(program: Program, *, leashed: bool) -> subprocess.Popen[bytes]:
    """Start `program` as the leader of its own process group.

    On a leash it is asked to stop as soon as its parent is gone, however the parent died (Linux only;
    elsewhere the next start ends what was left). Ctrl-C in the terminal reaches only the parent.
    """
    log = program.log.open("ab") if program.log else None
    owner = program.owner
    try:
        return subprocess.Popen(
            list(program.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT if log else None,
            env=dict(program.env),
            cwd=program.cwd,
            start_new_session=True,
            preexec_fn=_leash(program.stop) if leashed else None,  # noqa: PLW1509 — one thread only
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
    finally:
        if log:
            log.close()


def halt(process: subprocess.Popen[bytes], program: Program) -> bool:
    """End `process` and everything in its group: ask, then kill. Returns whether asking was enough."""
    willing = True
    if process.poll() is None:
        process.send_signal(program.stop)
        try:
            process.wait(program.patience)
        except subprocess.TimeoutExpired:
            willing = False
    sweep_up(process)
    process.wait()
    return willing


def sweep_up(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left in the group that `process` led."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _leash(stop: signal.Signals) -> Callable[[], None] | None:
    """What a child does between fork and exec, so that it ends with its parent."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        if os.getppid() != parent:  # it died before the leash was on
            os._exit(1)

    return tie
