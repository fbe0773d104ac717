"""Reading areas: who sees which, and the lookups that every room needs."""

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import get_language

from accounts.actor import Actor, HeldPost
from accounts.roles import RULES, May, Scope
from grids.models import CODE_LENGTHS, Area, AreaQuerySet, Level

AREA_LENGTHS = tuple(sorted(CODE_LENGTHS.values()))


def visible_to(actor: Actor) -> AreaQuerySet:
    """The areas an actor sees: the subtree of each post's area, and the way up from it (names only matter
    there: a page must be able to say where its areas lie). Security and audit administrators see none.
    """
    if actor.is_system:
        return Area.objects.all()
    prefixes = seen_prefixes(actor)
    if not prefixes:
        return Area.objects.none()
    if "" in prefixes:
        return Area.objects.all()
    ways_up = {code for prefix in prefixes for code in codes_above(prefix)}
    subtrees = (Q(code__gte=prefix, code__lt=f"{prefix}:") for prefix in prefixes)
    return Area.objects.filter(reduce(or_, subtrees) | Q(code__in=ways_up))


def seen_prefixes(actor: Actor) -> tuple[str, ...]:
    """The area codes whose subtrees an actor sees, none of them inside another; ('',) is the whole country."""
    if actor.is_system:
        return ("",)
    codes = sorted({post.area_code for post in actor.posts if _sees_areas(post)})
    return tuple(c for c in codes if not any(c != o and c.startswith(o) for o in codes))


def _sees_areas(post: HeldPost) -> bool:
    rule = RULES[post.role]
    return rule.scope is not Scope.NOTHING or May.MANAGE_AREAS in rule.may


def codes_above(code: str) -> tuple[str, ...]:
    """The codes of everything that `code` lies in, the city first; community digits 000 are nobody."""
    above = [code[:length] for length in AREA_LENGTHS if length < len(code)]
    return tuple(
        c for c in above if not (len(c) == CODE_LENGTHS[Level.COMMUNITY] and c[9:] == "000")
    )


def parent_code(code: str) -> str | None:
    """The code of the area that `code` lies in directly, or None for a city."""
    above = codes_above(code)
    return above[-1] if above else None


def subtree(prefix: str) -> AreaQuerySet:
    """The area `prefix` and everything below it, without boundaries, in code order."""
    return Area.objects.subtree(prefix).listed().order_by("code")


def ancestors(code: str) -> list[Area]:
    """The areas that `code` lies in, the city first; those that are not known are left out. One query."""
    return list(Area.objects.listed().filter(code__in=codes_above(code)).order_by("code"))


def area_name(code: str) -> str:
    """The area's name in the reader's language; the code itself where no such area is known, '' for ''."""
    return area_names([code]).get(code, code)


def area_names(codes: Collection[str]) -> dict[str, str]:
    """Names in the reader's language by code, in one query. Unknown codes are absent."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    foreign = not (get_language() or "zh").startswith("zh")
    rows = Area.objects.filter(code__in=wanted).values_list("code", "name", "name_en")
    return {code: (name_en if foreign and name_en else name) for code, name, name_en in rows}


def full_name(code: str) -> str:
    """Where an area lies, from district to itself, in the reader's language: for addresses and titles."""
    chain = [c for c in (*codes_above(code), code) if len(c) >= CODE_LENGTHS[Level.DISTRICT]]
    names = area_names(chain)
    return " ".join(names.get(c, c if c == code else "") for c in chain).strip()
