"""The catalogue for everybody signed in: browse, search as you type, one item with its limits and standards."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only, somebody
from accounts.pages.saving import attempt_plainly
from accounts.roles import May
from config.pages import page, slice_of
from incidents.catalogue import edition_coded, items_of, may_manage, outline, versions
from incidents.catalogue_departments import department_label
from incidents.catalogue_editions import set_enabled
from incidents.catalogue_filters import ItemFilter
from incidents.catalogue_standards import closing_lines, filing_lines
from incidents.choices import PhotoKind, Urgency
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion, ItemLimit

ROWS = 50


@require_safe
@somebody
def catalogue(request: ActorRequest) -> HttpResponse:
    """Classes, subclasses and items of the edition in force, or of the one named by `edition`."""
    version = _edition(request)
    if version is None:
        context: dict[str, Any] = {"version": None, "may_manage": may_manage(request.actor)}
        return page(request, "incidents/catalogue/browse.html#items", context)
    all_items = may_manage(request.actor)
    rows = items_of(version) if all_items else items_of(version).filter(enabled=True)
    chosen = ItemFilter(request.GET, rows, version=version, disabled_too=all_items)
    found = slice_of(request, chosen.qs, chosen.ordering, ROWS)
    classes = outline(version, disabled_too=all_items)
    branch = request.GET.get("branch", "")
    context = {
        "version": version,
        "in_force": version.status == CatalogueStatus.ACTIVE,
        "filter": chosen,
        "slice": found,
        "groups": _groups(found.items, chosen.form.cleaned_data.get("q", "")),
        "classes": classes,
        "total": sum(branch.count for branch in classes),
        "branch": branch,
        "open_class": next(
            (c for c in classes if branch in (c.code, *(s.code for s in c.subclasses))), None
        ),
        "may_manage": all_items,
    }
    return page(request, "incidents/catalogue/browse.html#items", context)


@require_safe
@somebody
def catalogue_item(request: ActorRequest, code: str) -> HttpResponse:
    """One item: limits by condition, risk, standards, evidence, and who handles it."""
    version = _edition(request)
    item = _item(request, version, code)
    limits = list(item.limits.all())
    context = {
        "item": item,
        "version": item.version,
        "in_force": item.version.status == CatalogueStatus.ACTIVE,
        "limits": limits,
        "department": department_label(item.department_kind),
        "triple": _triple(item),
        "filing": filing_lines(item),
        "closing": closing_lines(item),
        "ours": all(line.ours for line in [*filing_lines(item), *closing_lines(item)]),
        "evidence": [
            str(PhotoKind(kind).label) for kind in item.evidence if kind in PhotoKind.values
        ],
        "conditions": any(limit.condition for limit in limits),
        "may_manage": may_manage(request.actor),
        "others": versions(request.actor).filter(items__code=code).exclude(pk=item.version_id),
    }
    return page(request, "incidents/catalogue/item.html", context)


@require_POST
@only(May.MANAGE_CATALOGUE)
def catalogue_item_switch(request: ActorRequest, code: str) -> HttpResponse:
    """Switch an item on or off."""
    version = edition_coded(request.actor, request.POST.get("edition", ""))
    item = _item(request, version, code)
    enabled = request.POST.get("enabled") == "true"
    attempt_plainly(
        request,
        lambda: set_enabled(item, enabled=enabled, by=request.actor, now=timezone.now()),
        _("“%(item)s” is in use.") % {"item": item.shown_name}
        if enabled
        else _("“%(item)s” is out of use: no new case can be filed under it.")
        % {"item": item.shown_name},
    )
    answer = redirect("incidents:catalogue_item", code)
    if item.version.status != CatalogueStatus.ACTIVE:
        answer["Location"] += f"?edition={item.version.code}"
    return answer


def _edition(request: ActorRequest) -> CatalogueVersion | None:
    """The edition asked for. 404 for one that this person may not read; None before the first is in force."""
    code = request.GET.get("edition", "")
    version = edition_coded(request.actor, code)
    if code and version is None:
        raise Http404
    return version


def _item(request: ActorRequest, version: CatalogueVersion | None, code: str) -> CatalogueItem:
    item = items_of(version).filter(code=code).first() if version else None
    if item is None or not (item.enabled or may_manage(request.actor)):
        raise Http404
    return item


@dataclass(frozen=True)
class Row:
    """An item in the list, with the limits that matter most; `more` is how many others it has, by condition."""

    item: CatalogueItem
    normal: ItemLimit | None
    urgent: ItemLimit | None
    more: int
    waits: bool
    department: str


def _row(item: CatalogueItem) -> Row:
    limits = list(item.limits.all())
    normal = next((limit for limit in limits if limit.urgency == Urgency.NORMAL), None)
    urgent = next((limit for limit in limits if limit.urgency == Urgency.URGENT), None)
    return Row(
        item,
        normal,
        urgent,
        more=len(limits) - sum(limit is not None for limit in (normal, urgent)),
        waits=any(limit.needs_person for limit in limits),
        department=department_label(item.department_kind),
    )


def _groups(items: list[CatalogueItem], searched: str) -> list[tuple[str, list[Row]]]:
    """(heading, rows): by subclass while browsing, in one list of the best first while searching."""
    rows = [_row(item) for item in items]
    if searched.strip():
        return [("", rows)] if rows else []
    groups: dict[str, tuple[str, list[Row]]] = {}
    for row in rows:
        heading = f"{row.item.shown_class} · {row.item.shown_sub}"
        groups.setdefault(row.item.sub_code, (heading, []))[1].append(row)
    return list(groups.values())


def _triple(item: CatalogueItem) -> list[tuple[str, str, int]]:
    """(dimension, what it asks, 1 to 3); nothing where the edition gives no triple."""
    if item.risk is None:
        return []
    return [
        (_("Intuitiveness"), _("How directly a passer-by sees it"), item.intuitiveness or 0),
        (_("Disorder"), _("How unpredictable and recurrent it is"), item.disorder or 0),
        (_("Harm"), _("To life, property and stability"), item.harm or 0),
    ]
