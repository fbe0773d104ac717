"""Posts: who holds which, granting one, ending one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import area_names
from accounts.authority import grants, require_over
from accounts.edits import LOCAL
from accounts.filters import PostFilter
from accounts.forms import EndPostForm, PostForm
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, status_of
from accounts.posts import end_post, grant_post, state_of
from accounts.visible import ADMINISTERING, people_visible_to, posts_visible_to
from config.pages import page, slice_of


@require_safe
@only(*ADMINISTERING)
def posts(request: ActorRequest) -> HttpResponse:
    """All posts over the administrator's areas, the latest first."""
    rows = posts_visible_to(request.actor).select_related("user", "organisation")
    chosen = PostFilter(request.GET, rows)
    found = slice_of(request, chosen.qs, (("pk", "desc"),))
    today = timezone.now().astimezone(LOCAL).date()
    context = {
        "filter": chosen,
        "slice": found,
        "rows": [(post, state_of(post, today)) for post in found.items],
        "area_names": area_names.names_of({post.area_code for post in found.items}),
    }
    return page(request, "accounts/posts.html#post_rows", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(*ADMINISTERING)
def post_new(request: ActorRequest, pk: int) -> HttpResponse:
    """Grant a person a post."""
    holder = get_object_or_404(people_visible_to(request.actor), pk=pk)
    today = timezone.now().astimezone(LOCAL).date()
    initial = {"valid_from": today, "organisation": holder.organisation}
    form = PostForm(request.POST or None, by=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: grant_post(holder, form.facts(), by=request.actor, now=timezone.now())
        )
        if made is not None:
            messages.success(
                request,
                _("%(name)s is now %(role)s.")
                % {"name": holder.name, "role": made.get_role_display()},
            )
            return redirect("accounts:person", pk)
    context = {"form": form, "person": holder}
    return page(request, "accounts/post_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(*ADMINISTERING)
def post_end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a post now, or set its last day."""
    rows = posts_visible_to(request.actor).select_related("user", "organisation")
    held = get_object_or_404(rows, pk=pk)
    require_over(request.actor, grants(held.role), held.area_code)
    form = EndPostForm(request.POST or None, initial={"last_day": held.valid_to})
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form,
            lambda: end_post(
                held,
                last_day=form.cleaned_data["last_day"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if ended is not None:
            messages.success(request, _("The post of %(name)s was changed.") % {"name": held.user})
            return redirect("accounts:person", held.user_id)
    context = {"form": form, "post": held}
    return page(request, "accounts/post_end.html", context, status=status_of(form))
