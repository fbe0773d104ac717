"""Opening a file that somebody uploaded, believing nothing about it.

An .xlsx is a zip of XML. Before a parser sees it: is it one at all, how much will it unpack to, does it
carry macros, does its XML bring entities of its own. Each refusal is a sentence.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.refusal import Refused

MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 30 * 2**20
MOST_PARTS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("ascii", "utf-16-le", "utf-16-be")
)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")


def refuse_unless_workbook(content: bytes) -> None:
    """Raise Refused with what is the matter, unless the content may be given to a parser."""
    if len(content) > MOST_BYTES:
        raise _refused(
            "workbook_too_large",
            _("The file is larger than %(n)d MB. Split it, or delete what is not needed.")
            % {"n": MOST_BYTES // 2**20},
        )
    if content.startswith(_OLE):
        raise _ole(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
            _check_xml(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _not_excel() from error


def merged_ranges(content: bytes, part: str) -> list[str]:
    """The merged ranges of one sheet (`A1:C1`), which a streaming reader does not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [found.decode() for found in _MERGED.findall(archive.read(part))]


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise _not_excel()
    if any(part.flag_bits & 1 for part in parts):
        raise _protected()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(
            "workbook_macros",
            _("The workbook contains macros. Save it as “Excel workbook (.xlsx)” without them."),
        )
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise _refused(
            "workbook_bomb",
            _(
                "Unpacked, this file would be far too large (%(n)d MB). Copy what you need into the template."
            )
            % {"n": unpacked // 2**20},
        )


def _check_xml(archive: zipfile.ZipFile) -> None:
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels", ".vml")) and _has_doctype(archive, part):
            raise _refused(
                "workbook_entities",
                _("The file contains definitions that Excel never writes. It was not read."),
            )


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    before = b""
    for piece in _pieces(archive, part):
        window = before + piece
        if any(word in window for word in _DOCTYPE):
            return True
        before = window[-32:]
    return False


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(2**16):
            yield piece


def _ole(content: bytes) -> Refused:
    if _ENCRYPTED in content:
        return _protected()
    return _refused(
        "workbook_old",
        _("This is a workbook of the old kind (.xls). Save it as “Excel workbook (.xlsx)”."),
    )


def _protected() -> Refused:
    return _refused(
        "workbook_protected",
        _("The workbook is protected by a password. Save it without one and upload it again."),
    )


def _not_excel() -> Refused:
    return _refused(
        "workbook_not_excel",
        _("This is not an Excel workbook (.xlsx), or it is damaged. Nothing was read."),
    )


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="file")
