"""What differs between two editions: added, gone, changed, item by item."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.catalogue import items_of
from incidents.catalogue_departments import department_label
from incidents.models import CatalogueItem, CatalogueVersion


@dataclass(frozen=True)
class Change:
    """One field that differs, in words."""

    field: str
    label: Promise
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """An item that is in both editions and says something else."""

    before: CatalogueItem
    after: CatalogueItem
    changes: list[Change]


@dataclass(frozen=True)
class Difference:
    """Items by code."""

    added: list[CatalogueItem]
    gone: list[CatalogueItem]
    changed: list[Changed]
    same: int


def _triple(item: CatalogueItem) -> str:
    parts = (item.intuitiveness, item.disorder, item.harm)
    return "—" if None in parts else "/".join(str(part) for part in parts)


_FIELDS: dict[str, tuple[Promise, Callable[[CatalogueItem], str]]] = {
    "name": (_("Name"), lambda item: item.shown_name),
    "sub_code": (_("Subclass"), lambda item: f"{item.sub_code} {item.shown_sub}"),
    "department_kind": (_("Department"), lambda item: department_label(item.department_kind)),
    "limits": (_("Limits"), lambda item: "\n".join(str(x) for x in item.limits.all())),
    "triple": (_("Risk triple"), _triple),
    "self_handle": (_("Self-handling"), lambda item: "✓" if item.self_handle else "—"),
    "enabled": (_("In use"), lambda item: "✓" if item.enabled else "—"),
    "filing_standards": (_("Filing standard"), lambda item: "\n".join(item.filing_standards)),
    "closing_standards": (_("Closing standard"), lambda item: "\n".join(item.closing_standards)),
}


def compare(before: CatalogueVersion, after: CatalogueVersion) -> Difference:
    """The difference between two editions. Four queries."""
    old = {item.code: item for item in items_of(before)}
    new = {item.code: item for item in items_of(after)}
    changed = [
        Changed(old[code], new[code], changes)
        for code in sorted(old.keys() & new.keys())
        if (changes := _changes(old[code], new[code]))
    ]
    return Difference(
        added=[new[code] for code in sorted(new.keys() - old.keys())],
        gone=[old[code] for code in sorted(old.keys() - new.keys())],
        changed=changed,
        same=len(old.keys() & new.keys()) - len(changed),
    )


def _changes(before: CatalogueItem, after: CatalogueItem) -> list[Change]:
    return [
        Change(field, label, said(before), said(after))
        for field, (label, said) in _FIELDS.items()
        if said(before) != said(after)
    ]
