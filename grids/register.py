"""Names of areas for the rooms below this one (accounts), which cannot ask for them by import."""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from grids.models import Area
from grids.queries import area_names


class AreaRegister:
    """See `accounts.area_names.Register`."""

    def names(self, codes: Collection[str]) -> dict[str, str]:
        """Names in the reader's language. Before the first area is known, every code is its own name:
        otherwise nobody could be given a post in an installation that is still empty.
        """
        found = area_names(codes)
        if not found and codes and not Area.objects.exists():
            return {code: code for code in codes}
        return found

    def search(self, text: str, within: Sequence[str], limit: int) -> list[tuple[str, str]]:
        """(code, name) of areas in force under one of the prefixes, by a piece of code or name."""
        rows = Area.objects.active().filter(matching(text)).listed()
        if "" not in within:
            subtrees = [Q(code__gte=code, code__lt=f"{code}:") for code in within]
            rows = rows.filter(reduce(or_, subtrees, Q(pk__in=[])))
        return [(area.code, area.shown_name) for area in rows.order_by("code")[:limit]]


def matching(text: str) -> Q:
    """Areas whose code begins with `text`, or whose name in either language contains it."""
    text = text.strip()
    if text.isdigit():
        return Q(code__startswith=text)
    return Q(name__icontains=text) | Q(name_en__icontains=text)
