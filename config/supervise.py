"""Keep programs running: start them, start again what ends by itself, end all of them together."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Self

from config.programs import Program, halt, launch, sweep_up

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a program that ended is started again
STEADY = 60.0  # seconds after which an earlier end no longer counts


class AskedToStop(BaseException):
    """Somebody pressed Ctrl-C, or asked this process to end."""


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    falls: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Programs that live as long as this process does. Use it as a context; one thread only.

    `say` tells a person what happened to them.
    """

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _children: list[_Child] = field(default_factory=list)
    _ending: bool = False

    def __enter__(self) -> Self:
        signal.signal(signal.SIGINT, self._asked)
        signal.signal(signal.SIGTERM, self._asked)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants to go on
            signal.signal(signal.SIGHUP, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start `program` and keep it running from now on."""
        process = launch(program, leashed=True)
        self._children.append(_Child(program, process, self.clock()))
        return process

    def once(self, program: Program) -> int:
        """Run `program` to its end while the others are looked after; returns its exit status."""
        process = launch(program, leashed=True)
        try:
            while process.poll() is None:
                self.look_after()
                time.sleep(0.05)
            return process.returncode
        finally:
            halt(process, program)

    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The latest process of each program, in the order of their start."""
        return [child.process for child in self._children]

    def watch(self) -> None:
        """Look after all of them until somebody asks to stop (AskedToStop)."""
        while True:
            self.look_after()
            time.sleep(0.2)

    def look_after(self) -> None:
        """Notice who ended, and start again whose time has come: at once, later after each further fall."""
        now = self.clock()
        for child in self._children:
            if child.again_at is None and child.process.poll() is not None:
                self._mourn(child, now)
            elif child.again_at is not None and child.again_at <= now:
                child.process = launch(child.program, leashed=True)
                child.started, child.again_at = now, None

    def _mourn(self, child: _Child, now: float) -> None:
        sweep_up(child.process)
        child.falls = 1 if now - child.started > STEADY else child.falls + 1
        wait = min(SHORTEST_WAIT * 2 ** (child.falls - 1), LONGEST_WAIT)
        child.again_at = now + wait
        where = f" Its log: {child.program.log}" if child.program.log else ""
        self.say(
            f"{child.program.name} ended ({_reason(child.process.returncode)});"
            f" starting it again in {wait:.0f} s.{where}"
        )

    def stop(self) -> None:
        """End all, the last started first; whoever does not end when asked is killed."""
        self._ending = True
        for child in reversed(self._children):
            if not halt(child.process, child.program):
                self.say(f"{child.program.name} did not end when asked and was killed.")
        self._children.clear()

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        if self._ending:  # a second Ctrl-C: no more patience
            for child in self._children:
                sweep_up(child.process)
            return
        self._ending = True
        raise AskedToStop(signal.Signals(number).name)


def _reason(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
