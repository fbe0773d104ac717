"""What ./run does once everything is installed: servers, database, web, workers, beat, and their end."""

import argparse
import errno
import fcntl
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.programs import Program
from config.supervise import AskedToStop, Supervisor

PROJECT = Path(__file__).resolve().parent.parent
LARGEST_LOG = 10 * 2**20  # bytes; a larger one is put aside at the next start


class CannotRun(Exception):
    """A sentence for the person who typed ./run."""


def main(arguments: list[str]) -> int:
    """Run until somebody stops it. Returns the exit status."""
    options = _options(arguments)
    try:
        with only_one(options.var_dir, options.address) as after_a_kill:
            want_port(options.host, options.port, patience=5 if after_a_kill else 0)
            serve(options)
    except (AskedToStop, KeyboardInterrupt):
        say("Everything is stopped.")
        return 0
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


class Options(argparse.Namespace):
    host: str
    port: int
    empty: bool
    var_dir: Path

    @property
    def address(self) -> str:
        shown = "localhost" if self.host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else self.host
        return f"http://{shown}:{self.port}/"

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="./run", description="Start Yiwang and keep it running.")
    parser.add_argument(
        "--host",
        default=os.environ.get("YIWANG_HOST", "127.0.0.1"),
        help="address to listen on; 0.0.0.0 for every network of this machine (%(default)s)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("YIWANG_PORT", "8000"),
        help="port to listen on (%(default)s)",
    )
    parser.add_argument(
        "--empty",
        action="store_true",
        help="leave a new database empty instead of loading the demonstration district",
    )
    options = parser.parse_args(arguments, Options())
    if not 0 < options.port < 65536:
        parser.error(f"a port is a number from 1 to 65535, not {options.port}")
    options.var_dir = Path(os.environ.get("YIWANG_VAR", PROJECT / "var")).resolve()
    return options


# --- before anything starts ------------------------------------------------------------------


@contextmanager
def only_one(var_dir: Path, address: str) -> Iterator[bool]:
    """Hold the lock of this installation. Raises CannotRun where another ./run holds it.

    Gives whether the last one ended without a chance to clean up.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    path = var_dir / "run.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "not known yet"
            raise CannotRun(
                f"Yiwang is running already: {where}\n"
                "Stop that one first, or set YIWANG_VAR to another folder for a second installation."
            ) from None
        after_a_kill = path.stat().st_size > 0
        lock.truncate(0)
        lock.write(f"{address} (process {os.getpid()})\n")
        lock.flush()
        try:
            yield after_a_kill
        finally:
            lock.truncate(0)


def want_port(host: str, port: int, patience: float = 0) -> None:
    """Raise CannotRun, with a sentence, unless this program may listen there.

    Waits `patience` seconds for it: the web process of a killed run needs a moment to end.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(where)
                return
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise CannotRun(_why_not(error, host, port)) from None
            time.sleep(0.2)


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program."
            f" Choose another one, for instance: ./run --port {port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the administrator. Try: ./run --port 8000"
    return f"This machine cannot listen on {host}: {error.strerror or error}."


# --- serving ---------------------------------------------------------------------------------


def serve(options: Options) -> None:
    """Start everything, tell where it is, and look after it until somebody stops it."""
    environment = _environment(options)
    logs = options.var_dir / "log"
    logs.mkdir(exist_ok=True)
    _put_large_logs_aside(logs)
    began = time.monotonic()
    with Supervisor(say) as supervisor:
        start_servers(supervisor, options.var_dir)
        set_up = ["set_up", "--empty"] if options.empty else ["set_up"]
        if supervisor.once(_manage(set_up, environment)) != 0:
            raise CannotRun("The database could not be set up; the lines above say why.")
        web, *others = web_workers_beat(environment, options.bind, logs)
        process = supervisor.start(web)
        for program in others:
            supervisor.start(program)
        accounts = _demonstration_accounts(environment)
        _wait_until_healthy(supervisor, process, web, options)
        say(f"\nYiwang answers at {options.address} ({time.monotonic() - began:.1f} s).")
        if accounts:
            say(f"\n{accounts}")
        say(f"\nLogs: {logs}. Ctrl-C stops everything.")
        try:
            supervisor.watch()
        except AskedToStop:
            say("\nStopping …")
            raise


def start_servers(supervisor: Supervisor, var_dir: Path) -> None:
    """The embedded PostgreSQL and Valkey, unless both are given from outside."""
    from config import embedded

    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    try:
        new = not (var_dir / "postgres" / "PG_VERSION").exists()
        if new:
            say("Making an empty PostgreSQL database …")
        embedded.prepare(var_dir)
        started = [
            (program, supervisor.start(program))
            for program in embedded.programs(var_dir)
            if not os.environ.get(_GIVEN[program.name])
        ]
        embedded.wait_until_up(var_dir, started)
    except embedded.CannotStart as problem:
        raise CannotRun(str(problem)) from None


_GIVEN = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


def web_workers_beat(environment: dict[str, str], bind: str, logs: Path) -> tuple[Program, ...]:
    """The four programs of the application itself, as in production but for their number; the web first."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app=config.celery"]
    commands = {
        "web": [python, "-m", "gunicorn", "--config=deploy/gunicorn.conf.py", f"--bind={bind}"],
        "worker": [*celery, "worker", "--concurrency=2", "--loglevel=WARNING"],
        # It waits for other people's servers, so it has threads and a queue of its own.
        "caller": [
            *celery,
            "worker",
            "--queues=outward",
            "--pool=threads",
            "--concurrency=8",
            "--hostname=caller@%h",
            "--loglevel=WARNING",
        ],
        "beat": [*celery, "beat", f"--schedule={logs.parent / 'beat'}", "--pidfile="],
    }
    return tuple(
        Program(
            name,
            [*command, "config.wsgi:application"] if name == "web" else command,
            log=logs / f"{name}.log",
            env=environment,
            cwd=PROJECT,
        )
        for name, command in commands.items()
    )


def say(words: str) -> None:
    """Tell the person at the terminal, whoever else writes there."""
    try:
        print(words, flush=True)
    except OSError:  # the terminal is gone; going on matters more
        pass


def _environment(options: Options) -> dict[str, str]:
    """What the children see: the caller's environment, and the hosts that `--host` makes reachable."""
    environment = {**os.environ, "YIWANG_VAR": str(options.var_dir), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "YIWANG_HOSTS" not in environment:
        names = {"localhost", "127.0.0.1", "[::1]", *_own_names(options.host)}
        environment["YIWANG_HOSTS"] = ",".join(sorted(names))
    return environment


def _own_names(host: str) -> set[str]:
    """By which names and addresses a browser may call this machine when it listens on `host`."""
    import psutil

    if host not in {"0.0.0.0", "::"}:
        return {f"[{host}]" if ":" in host else host}
    addresses = {
        address.address
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family == socket.AF_INET
    }
    return {platform.node().lower(), *addresses} - {""}


def _manage(command: list[str], environment: dict[str, str]) -> Program:
    return Program(
        command[0],
        [sys.executable, "manage.py", *command],
        stop=signal.SIGINT,
        env={**environment, "YIWANG_LOG_LEVEL": "WARNING"},
        cwd=PROJECT,
    )


def _demonstration_accounts(environment: dict[str, str]) -> str:
    """One account per role, where the demonstration district is loaded; while the web process starts."""
    asked = subprocess.run(
        [sys.executable, "manage.py", "demo", "--accounts"],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "YIWANG_LOG_LEVEL": "ERROR"},
        cwd=PROJECT,
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _wait_until_healthy(
    supervisor: Supervisor, process: subprocess.Popen[bytes], web: Program, options: Options
) -> None:
    """Wait for /healthz; other programs that fall meanwhile are started again."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(
        options.host, options.bind.rpartition(":")[0]
    )
    deadline = time.monotonic() + 120
    while not _healthy(f"http://{host}:{options.port}/healthz"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotRun(f"The web process does not answer; {web.log} says why.")
        supervisor.look_after()
        time.sleep(0.1)


def _healthy(address: str) -> bool:
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with straight.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _put_large_logs_aside(logs: Path) -> None:
    for log in logs.glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
