"""Names for area codes. The register of areas lies above this room and answers here once it has started.

Without one (a fresh installation) codes are shown as they are, and every well-formed code is accepted.
"""

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from config.refusal import Refused


class Register(Protocol):
    def names(self, codes: Collection[str]) -> dict[str, str]:
        """The names of those codes that are known, in the reader's language."""
        ...

    def search(self, text: str, within: Sequence[str], limit: int) -> list[tuple[str, str]]:
        """(code, name) of areas in force under one of the prefixes, matching a piece of code or name."""
        ...


_register: Register | None = None


def answered_by(register: Register) -> None:
    """Register who knows the areas (the room of grids, from its `ready()`)."""
    global _register
    _register = register


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Code → name for the codes that are known. One query at most."""
    return {code: name for code, name in _known(codes).items() if name != code}


def _known(codes: Collection[str]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    return _register.names(wanted) if _register and wanted else {}


def search(text: str, within: Sequence[str], limit: int = 20) -> list[tuple[str, str]]:
    """Areas whose code or name has `text` in it, under one of the prefixes `within`."""
    return _register.search(text, within, limit) if _register else []


def unknown(codes: Collection[str]) -> set[str]:
    """Those codes that the register of areas does not have; none where there is no register."""
    wanted = {code for code in codes if code}
    return wanted - set(_known(wanted)) if _register else set()


def is_well_formed(code: str) -> bool:
    """Empty (everywhere), or 2, 4, 6, 9, 12 or 15 digits: province, city, district, subdistrict, community, grid."""
    return re.fullmatch(r"(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})?", code, re.ASCII) is not None


def check(code: str) -> None:
    """Raise Refused where `code` is no area's code."""
    if not is_well_formed(code):
        raise Refused(
            "area_malformed",
            _("“%(code)s” is no area code: use 4, 6, 9, 12 or 15 digits.") % {"code": code},
            field="area_code",
        )
    if unknown([code]):
        raise Refused(
            "area_unknown",
            _("There is no area with the code %(code)s.") % {"code": code},
            field="area_code",
        )
