"""The first page after signing in: each role lands on its own work."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from config.layout import FIELD_ROLES, Acting, address_of
from config.pages import page

# First match wins, so a person with several posts lands where most is waiting for them.
LANDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("incidents:inbox", ("clerk", "dispatcher")),
    ("hotline:desk", ("hotline_operator",)),
    ("hotline:visits", ("return_visitor",)),
    ("incidents:todo", ("department", "contractor", "unit_leader")),
    ("incidents:field_home", FIELD_ROLES),
    ("incidents:map", ("commander", "supervisor", "community")),
    ("whistles:suggestions", ("personnel_officer",)),
    ("accounts:people", ("system_admin",)),
    ("accounts:clients", ("security_admin",)),
    ("journal:audit", ("audit_admin",)),
)


def landing_of(roles: Iterable[str]) -> str | None:
    """The address of the work that these roles have, or None where none of them has a page."""
    held = list(roles)
    for name, wanted in LANDINGS:
        if any(role in wanted for role in held):
            address = address_of(name)
            if address:
                return address
    return None


def _roles(actor: Acting) -> tuple[list[str], list[str]]:
    """All roles, and those of the post the person chose to act under."""
    acting = getattr(actor, "acting", None)
    every = [str(post.role) for post in actor.posts]
    chosen = [str(post.role) for post in actor.posts if getattr(post, "id", None) == acting]
    return every, chosen


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send the person to their work; without any post, say kindly whom to ask."""
    every, chosen = _roles(request.actor)  # type: ignore[attr-defined]
    address = landing_of(chosen) or landing_of(every)
    if address:
        return redirect(address)
    return page(request, "no_work.html", {"has_posts": bool(every)})


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """The mark, for whoever asks for it without having read a page."""
    return redirect(static("site/mark.svg"))
