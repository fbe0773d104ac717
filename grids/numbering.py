"""Codes of grids: the code of where they lie and a serial of three digits. A code is never given twice."""

from typing import Final

from django.utils.translation import gettext as _

from config.refusal import Refused
from grids.models import CODE_LENGTHS, Area, Level

_SERIAL_DIGITS: Final = 3
_NO_COMMUNITY: Final = "000"


def grid_prefix(parent: Area) -> str:
    """The first 12 digits of the codes of grids under `parent`, a community or (for a park or a street
    without a committee) a subdistrict. Raises Refused for any other level.
    """
    if parent.level == Level.COMMUNITY:
        return parent.code
    if parent.level == Level.SUBDISTRICT:
        return parent.code + _NO_COMMUNITY
    raise Refused(
        "grid_needs_community",
        _("A grid lies in a community or directly in a subdistrict; %(name)s is neither.")
        % {"name": parent.shown_name},
        field="parent",
    )


def next_codes(parent: Area, count: int) -> list[str]:
    """`count` codes under `parent` that no grid has or ever had. The caller holds the district's lock.

    Raises Refused where the 999 serials are used up.
    """
    prefix = grid_prefix(parent)
    taken = Area.objects.filter(code__gt=prefix, code__lt=f"{prefix}:", level=Level.GRID)
    last = taken.order_by("-code").values_list("code", flat=True).first()
    first = int(last[-_SERIAL_DIGITS:]) + 1 if last else 1
    if first + count - 1 >= 10**_SERIAL_DIGITS:
        raise Refused(
            "serials_used_up",
            _("The 999 grid codes under %(name)s are used up, and no code is given twice.")
            % {"name": parent.shown_name},
            409,
        )
    assert len(prefix) + _SERIAL_DIGITS == CODE_LENGTHS[Level.GRID]
    return [f"{prefix}{serial:0{_SERIAL_DIGITS}d}" for serial in range(first, first + count)]


def grid_names(code: str) -> tuple[str, str]:
    """What a grid is called that nobody has named: (Chinese, English). Data, and so not translated."""
    serial = int(code[-_SERIAL_DIGITS:])
    if code[9:12] == _NO_COMMUNITY:
        return f"第{serial:02d}专属网格", f"Special grid {serial:02d}"
    return f"第{serial:02d}网格", f"Grid {serial:02d}"
