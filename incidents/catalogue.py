"""Reading the catalogue: the edition in force, and how long handling may take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from config.refusal import Refused
from incidents.catalogue_words import risk_of, spoken
from incidents.choices import Urgency
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion, ItemLimit

__all__ = [
    "active_version",
    "branches_named",
    "code_names",
    "edition_coded",
    "handling_limit",
    "item_coded",
    "items_in_force",
    "limits_to_choose",
    "may_manage",
    "no_items",
    "outline",
    "risk_of",
    "versions",
]


_BRANCH = ("class_code", "class_name", "class_name_en", "sub_code", "sub_name", "sub_name_en")


@dataclass(frozen=True)
class Subclass:
    """A subclass in the reader's language, with the number of its items."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Class:
    """A class with its subclasses."""

    code: str
    name: str
    subclasses: list[Subclass] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(branch.count for branch in self.subclasses)


class NoCatalogue(Refused):
    """No edition of the catalogue is in force yet."""

    def __init__(self) -> None:
        super().__init__(
            "no_catalogue",
            _("No catalogue is in force. An administrator must import and activate one."),
            409,
        )


class LimitNeedsPerson(Refused):
    """The item has no limit that could be read; a person must set one."""

    def __init__(self) -> None:
        super().__init__(
            "limit_needs_person",
            _(
                "The standard's limit for this matter could not be read. "
                "An administrator must set it before cases can be filed under it."
            ),
            409,
            field="item",
        )


def may_manage(actor: Actor) -> bool:
    """Whether the actor administers catalogue and rules."""
    return actor.may(May.MANAGE_CATALOGUE) is not None


def active_version() -> CatalogueVersion | None:
    """The edition in force, or None before the first one is activated."""
    return CatalogueVersion.objects.filter(status=CatalogueStatus.ACTIVE).first()


def version_in_force() -> CatalogueVersion:
    """The edition in force. Raises NoCatalogue."""
    version = active_version()
    if version is None:
        raise NoCatalogue
    return version


def versions(actor: Actor) -> QuerySet[CatalogueVersion]:
    """The editions this actor may read: administrators all of them, others what was ever in force."""
    rows = CatalogueVersion.objects.all()
    return rows if may_manage(actor) else rows.exclude(status=CatalogueStatus.DRAFT)


def edition_coded(actor: Actor, code: str = "") -> CatalogueVersion | None:
    """The edition with this code that the actor may read; without a code the one in force."""
    if not code:
        return active_version()
    return versions(actor).filter(code=code).first()


def outline(version: CatalogueVersion, *, disabled_too: bool = False) -> list[Class]:
    """Classes and subclasses with the number of their items. One query."""
    rows = CatalogueItem.objects.filter(version=version)
    counted = (
        (rows if disabled_too else rows.filter(enabled=True))
        .values(*_BRANCH)
        .annotate(count=Count("id"))
        .order_by("class_code", "sub_code")
    )
    classes: dict[str, Class] = {}
    for row in counted:
        branch = Subclass(
            row["sub_code"], spoken(row["sub_name"], row["sub_name_en"]), row["count"]
        )
        above = classes.setdefault(
            row["class_code"],
            Class(row["class_code"], spoken(row["class_name"], row["class_name_en"])),
        )
        above.subclasses.append(branch)
    return list(classes.values())


def branches_named(text: str, limit: int = 8) -> list[tuple[str, str]]:
    """(code, name) of classes and subclasses of the edition in force, by a piece of the name or the code."""
    version = active_version()
    wanted = text.split(" ", maxsplit=1)[0].lower()
    if version is None or not wanted:
        return []
    classes = outline(version)
    branches = [(above.code, above.name) for above in classes]
    branches += [(sub.code, sub.name) for above in classes for sub in above.subclasses]
    return [
        (code, name)
        for code, name in branches
        if code.lower().startswith(wanted) or wanted in name.lower()
    ][:limit]


def items_in_force(version: CatalogueVersion | None = None) -> QuerySet[CatalogueItem]:
    """The enabled items of the edition in force (or of `version`), with their limits."""
    edition = version or version_in_force()
    return _with_limits(CatalogueItem.objects.filter(version=edition, enabled=True))


def items_of(version: CatalogueVersion) -> QuerySet[CatalogueItem]:
    """All items of an edition, the disabled ones too, with their limits."""
    return _with_limits(CatalogueItem.objects.filter(version=version))


def no_items() -> QuerySet[CatalogueItem]:
    """An empty set, for describing the API."""
    return CatalogueItem.objects.none()


def _with_limits(items: QuerySet[CatalogueItem]) -> QuerySet[CatalogueItem]:
    return items.select_related("version").prefetch_related(
        Prefetch("limits", ItemLimit.objects.order_by("order", "id"))
    )


def item_coded(code: str, version: CatalogueVersion | None = None) -> CatalogueItem:
    """The item with this code in the edition in force (or in `version`). Raises Refused `unknown_item`."""
    edition = version or version_in_force()
    item = items_of(edition).filter(code=code).first()
    if item is None:
        raise unknown_item(code)
    return item


def code_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of items, subclasses and classes by code, in the reader's language; the edition in force before drafts.

    One query."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    rows = (
        CatalogueItem.objects.filter(
            Q(code__in=wanted) | Q(sub_code__in=wanted) | Q(class_code__in=wanted)
        )
        .exclude(version__status=CatalogueStatus.RETIRED)
        .order_by("version__status", "code")
    )
    names: dict[str, str] = {}
    for item in rows:
        names.setdefault(item.class_code, item.shown_class)
        names.setdefault(item.sub_code, item.shown_sub)
        names.setdefault(item.code, item.shown_name)
    return {code: name for code, name in names.items() if code in wanted}


def unknown_item(code: str) -> Refused:
    """The refusal for a code that the catalogue does not have."""
    return Refused(
        "unknown_item",
        _("The catalogue has no item with the code “%(code)s”.") % {"code": code[:40]},
        422,
        field="item",
    )


def limits_to_choose(item: CatalogueItem) -> list[ItemLimit]:
    """The limits a clerk may file under, in the standard's order: those that have a value."""
    return [limit for limit in item.limits.all() if limit.value is not None]


def handling_limit(item: CatalogueItem, urgency: str, limit_id: int | None = None) -> ItemLimit:
    """How long handling of `item` may take.

    With `limit_id` that one: a standard with several limits by condition lets the clerk choose. Without it
    the first of the asked urgency in the standard's order; where the standard has none of it, an urgent case
    gets the shortest limit and a normal one the first. Raises LimitNeedsPerson where nothing can be read,
    Refused `foreign_limit` for a limit of another item.
    """
    limits = limits_to_choose(item)
    if limit_id is not None:
        return _chosen(item, limits, limit_id)
    if not limits:
        raise LimitNeedsPerson
    fitting = [limit for limit in limits if limit.urgency == urgency]
    if fitting:
        return fitting[0]
    return min(limits, key=nominal_hours) if urgency == Urgency.URGENT else limits[0]


def _chosen(item: CatalogueItem, limits: Sequence[ItemLimit], limit_id: int) -> ItemLimit:
    for limit in limits:
        if limit.pk == limit_id:
            return limit
    if any(limit.pk == limit_id for limit in item.limits.all()):
        raise LimitNeedsPerson
    raise Refused(
        "foreign_limit", _("The chosen limit does not belong to this item."), 422, field="limit"
    )


# Only to put limits of different kinds in order; deadlines are counted on the calendar (`clocks`).
_NOMINAL_HOURS = {
    "minute_cont": 1 / 60,
    "hour_cont": 1.0,
    "work_hour": 3.0,
    "work_day": 24.0,
    "natural_day": 24.0,
    "legal_workday": 34.0,
    "legal_day": 24.0,
    "legal_month": 730.0,
}


def nominal_hours(limit: ItemLimit) -> float:
    """Roughly how many hours on the wall the limit lasts. For ordering only, never for a deadline."""
    return float(limit.value or 0) * _NOMINAL_HOURS[limit.kind]
