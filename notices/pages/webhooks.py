"""The subscriptions of partner systems and their calls, for the security administrator."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import area_names
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May
from accounts.visible import clients_visible_to
from config.pages import page, slice_of
from journal.wording import label_of
from notices.forms import RenewForm, ReplayForm, SubscriptionForm
from notices.models import Subscription
from notices.webhooks import changing
from notices.webhooks import subscriptions as subscribing
from notices.webhooks.places import cursor_of
from notices.webhooks.topics import verbs_for
from notices.webhooks.visible import calls_of, visible_to, waiting_counts


@require_safe
@only(May.MANAGE_POLICIES)
def subscriptions(request: ActorRequest) -> HttpResponse:
    """All of them, and the partner systems that could have one."""
    found = slice_of(request, visible_to(request.actor), (("id", "desc"),), 50)
    waiting = waiting_counts([row.pk for row in found.items])
    clients = clients_visible_to(request.actor).filter(active=True).order_by("name")
    context = {
        "slice": found,
        "rows": [(row, waiting.get(row.pk, 0)) for row in found.items],
        "area_names": area_names.names_of({row.area_code for row in found.items}),
        "clients": clients[:100],
    }
    return page(request, "notices/webhooks.html#webhook_rows", context)


@require_safe
@only(May.MANAGE_POLICIES)
def subscription(request: ActorRequest, pk: int) -> HttpResponse:
    """One subscription: how it is doing, and its calls, the newest first."""
    shown = get_object_or_404(visible_to(request.actor), pk=pk)
    found = slice_of(request, calls_of(shown), (("id", "desc"),), 50)
    context = {
        "subscription": shown,
        "slice": found,
        "calls": [(call, label_of(call.event.verb), cursor_of(call.event)) for call in found.items],
        "verbs": [label_of(verb) for verb in shown.verbs],
        "waiting": waiting_counts([shown.pk]).get(shown.pk, 0),
        "area_names": area_names.names_of({shown.area_code}),
        "replay": ReplayForm(),
        "renew": RenewForm(),
        "two_secrets": len(shown.secrets_at(timezone.now())) > 1,
    }
    return page(request, "notices/webhook.html#calls", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_POLICIES)
def new(request: ActorRequest, client: int) -> HttpResponse:
    """Subscribe in a partner's name; its secret is on the answer, once."""
    partner = get_object_or_404(clients_visible_to(request.actor), pk=client)
    form = SubscriptionForm(
        request.POST or None,
        heard=verbs_for(partner.allowed_scopes),
        initial={"area_code": partner.area_code},
    )
    if request.method == "POST" and form.is_valid():
        wish = _wish(form)
        made = attempt(
            form,
            lambda: subscribing.subscribe(partner, **wish, by=request.actor, now=timezone.now()),
        )
        if made is not None:
            return page(request, "notices/webhook_secret.html", {"made": made})
    context = {"form": form, "client": partner}
    return page(request, "notices/webhook_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_POLICIES)
def edit(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Call it elsewhere, or of other things."""
    shown = get_object_or_404(visible_to(request.actor), pk=pk)
    form = SubscriptionForm(
        request.POST or None,
        heard=verbs_for(shown.client.allowed_scopes),
        initial={name: getattr(shown, name) for name in ("url", "area_code", "verbs", "version")},
    )
    if request.method == "POST" and form.is_valid():
        facts = {**_wish(form), "version": form.cleaned_data["version"]}
        done = attempt(
            form,
            lambda: changing.change(shown, **facts, by=request.actor, now=timezone.now()),
            stored=lambda: {"url": shown.url, "area_code": shown.area_code, "verbs": shown.verbs},
        )
        if done is not None:
            messages.success(request, _("It is called this way from now on."))
            return redirect("notices:webhook", pk)
    context = {"form": form, "subscription": shown}
    return page(request, "notices/webhook_edit.html", context, status=status_of(form))


def _wish(form: SubscriptionForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("url", "verbs", "area_code")}


@never_cache
@require_POST
@only(May.MANAGE_POLICIES)
def renew_secret(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A new secret, on the answer, once."""
    shown = get_object_or_404(visible_to(request.actor), pk=pk)
    form = RenewForm(request.POST)
    hours = form.cleaned_data["grace_hours"] if form.is_valid() else changing.GRACE_HOURS
    made = attempt_plainly(
        request,
        lambda: changing.renew_secret(
            shown, grace_hours=hours, by=request.actor, now=timezone.now()
        ),
        "",
    )
    if made is None:
        return redirect("notices:webhook", pk)
    return page(request, "notices/webhook_secret.html", {"made": made})


@require_POST
@only(May.MANAGE_POLICIES)
def end(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Call it never again."""
    said = _("It has ended and is called no more.")
    return _done(
        request, pk, lambda it: changing.end(it, by=request.actor, now=timezone.now()), said
    )


@require_POST
@only(May.MANAGE_POLICIES)
def switch(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Pause it, or let it go on."""
    on = request.POST.get("active") == "true"
    act = subscribing.resume if on else subscribing.pause
    said = _("It is called again.") if on else _("It is paused.")
    return _done(request, pk, lambda it: act(it, by=request.actor, now=timezone.now()), said)


@require_POST
@only(May.MANAGE_POLICIES)
def replay(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Everything after a cursor, again."""
    cursor = request.POST.get("cursor", "")
    return _done(
        request,
        pk,
        lambda it: subscribing.replay(it, cursor, by=request.actor, now=timezone.now()),
        _("Everything after that is sent again."),
    )


@require_POST
@only(May.MANAGE_POLICIES)
def skip(request: ActorRequest, pk: int, call: int) -> HttpResponseBase:
    """Leave one event out."""
    return _done(
        request,
        pk,
        lambda it: subscribing.skip(it, call, by=request.actor, now=timezone.now()),
        _("It is left out; what follows goes on."),
    )


def _done(
    request: ActorRequest, pk: int, act: Callable[[Subscription], object], said: str
) -> HttpResponseBase:
    shown = get_object_or_404(visible_to(request.actor), pk=pk)
    attempt_plainly(request, lambda: act(shown) or True, said)
    return redirect("notices:webhook", pk)
