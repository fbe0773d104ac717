"""Dispatching several cases at once: look at what would happen to each, then do it, case by case."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.middleware import ActorRequest
from accounts.models import Organisation
from accounts.roles import May
from config.pages import page
from incidents.dispatch import dispatch_many
from incidents.models import Incident
from incidents.querysets import visible_to
from incidents.responsibility import suggest

MOST = 100


@dataclass(frozen=True)
class Line:
    """One case of the bulk: which unit the rules choose and why, and what came of it."""

    case: Incident
    unit: Organisation | None
    why: str
    done: bool = False
    refused: str = ""


@login_required
@require_POST
def bulk_dispatch(request: ActorRequest) -> HttpResponse:
    """`go=ask` shows each case's unit; `go=do` dispatches those that have one, and says how each went."""
    request.actor.require(May.DISPATCH)
    wanted = [_numbered(value) for value in request.POST.getlist("number")[:MOST]]
    if not wanted:
        return redirect("incidents:inbox")
    asked = request.POST.get("go") != "do"
    results: dict[str, str | None] = {} if asked else _dispatched(request, wanted)
    lines = [_line(case, results) for case in _cases(request, wanted)]
    return page(request, "incidents/bulk_dispatch.html", {"lines": lines, "asked": asked})


def _numbered(value: str) -> tuple[str, int | None]:
    number, _colon, version = value.partition(":")
    return number, int(version) if version.isdecimal() else None


def _cases(request: ActorRequest, wanted: list[tuple[str, int | None]]) -> list[Incident]:
    numbers = [number for number, _version in wanted]
    seen = visible_to(request.actor).select_related("item").filter(number__in=numbers)
    return sorted(seen, key=lambda case: numbers.index(case.number))


def _dispatched(
    request: ActorRequest, wanted: list[tuple[str, int | None]]
) -> dict[str, str | None]:
    """What came of each number: None where it was dispatched, else the sentence of the refusal."""
    outcomes = dispatch_many(cases=wanted, by=request.actor, now=timezone.now())
    return {o.number: str(o.refused) if o.refused else None for o in outcomes}


def _line(case: Incident, results: dict[str, str | None]) -> Line:
    today = timezone.localdate()
    choice = suggest(case, today)
    refused = results.get(case.number, "")
    return Line(
        case,
        choice.organisation if choice else None,
        str(choice.reason) if choice else "",
        done=case.number in results and refused is None,
        refused=refused or "",
    )
