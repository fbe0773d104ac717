"""The no-lead register: list, new, one matter with its steps, and ruling from the list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pickers import written
from accounts.roles import May
from borders.adjudicating import rule_plainly
from borders.doors import MATTERS
from borders.exporting import matters_sheet
from borders.filters import MatterFilter
from borders.models import Matter
from borders.querysets import SEES, matters_for_list, matters_visible_to
from borders.raising import raise_form, raise_matter, said_by_case
from borders.reading import MatterReading, matter_rows
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from incidents.catalogue import branches_named
from incidents.item_search import search
from incidents.querysets import visible_to as cases_visible_to
from steps.forms import FactsRefused
from steps.pages import StepPage, version_seen

NEWEST: Ordering = (("raised_at", "desc"), ("id", "desc"))
STEP_PAGE = StepPage(MATTERS, "borders:matter", "borders:matter_step", "borders/matter_step.html")


@login_required
@only(*SEES)
@require_GET
def matters(request: ActorRequest) -> HttpResponse:
    """Every matter in scope, filtered, the newest first. `?export=xlsx` gives the rows as shown."""
    seen = matters_for_list(matters_visible_to(request.actor))
    chosen = MatterFilter(request.GET, queryset=seen, request=request)
    if request.GET.get("export") == "xlsx" and chosen.is_valid():
        return matters_sheet(chosen.qs, by=request.actor, now=timezone.now())
    found = slice_of(request, chosen.qs, NEWEST)
    context = {
        "filter": chosen,
        "slice": found,
        "rows": matter_rows(found.items, request.actor, timezone.now()),
        "may_raise": bool(request.actor.posts_with(May.RAISE_UNOWNED)),
    }
    return page(request, "borders/matters.html#matter_rows", context)


@login_required
@only(May.RAISE_UNOWNED)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Raise a matter; `?case=` takes over what the case says already."""
    if request.method == "GET":
        return _shown(request, raise_form(request.actor, None, **_from_case(request)))
    try:
        made = raise_matter(by=request.actor, now=timezone.now(), facts=request.POST)
    except FactsRefused as refused:
        return _shown(request, refused.form, refused.status)
    except Refused as refused:
        form = raise_form(request.actor, request.POST)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _shown(request, form, refused.status)
    messages.success(request, _("Raised: %(n)s") % {"n": made.number})
    return redirect("borders:matter", made.number)


def _shown(request: ActorRequest, form: Any, status: int = 200) -> HttpResponse:
    return page(request, "borders/matter_new.html", {"form": form}, status=status)


def _from_case(request: ActorRequest) -> dict[str, Any]:
    number = request.GET.get("case", "")
    seen = cases_visible_to(request.actor).select_related("item")
    case = seen.filter(number=number).first() if number else None
    return said_by_case(case) if case else {}


@login_required
@require_GET
def matter(request: ActorRequest, number: str) -> HttpResponse:
    """What nobody owns, the units' opinions, the ruling, and what its rule has carried since."""
    found = STEP_PAGE.found(request, number)
    reading = MatterReading(found, request.actor, timezone.now())
    return page(request, "borders/matter.html", {"matter": found, "reading": reading})


@login_required
@require_http_methods(["GET", "POST"])
def matter_step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it."""
    return STEP_PAGE.answer(request, number, code)


@login_required
@require_POST
def rule_at_once(request: ActorRequest, number: str) -> HttpResponse:
    """Rule as the units themselves say, from the list."""
    try:
        done = rule_plainly(
            number=number, by=request.actor, now=timezone.now(), version=version_seen(request)
        )
    except Matter.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        if refused.status == 403:
            raise
        messages.error(request, str(refused))
        return redirect("borders:matter", number)
    assert done.lead is not None, "a ruling names a lead"
    said = _("%(unit)s leads “%(title)s”; it is rule %(rule)s.")
    facts = {"unit": done.lead.shown_name, "title": done.title, "rule": done.rule_id}
    messages.success(request, said % facts)
    return redirect("borders:matters")


@login_required
@only(*SEES)
@require_GET
def item_options(request: ActorRequest) -> HttpResponse:
    """Suggestions for the picker: classes and subclasses by name or code, then items however they are typed."""
    typed = str(next(iter(request.GET.values()), "")).strip()[:120]
    found = [(entry.code, entry.shown_name) for entry in search(typed.split(" ")[0], limit=12)]
    options = ((written(code, name),) for code, name in [*branches_named(typed), *found])
    return HttpResponse(format_html_join("", '<option value="{}"></option>', options))
