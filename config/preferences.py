"""Language, theme and the page about oneself. Both switches are plain forms and work signed out."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from config.layout import THEMES
from config.pages import page

YEAR = 365 * 24 * 3600  # seconds


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To where the person was; never to another host."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and on the account of whoever is signed in."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        return response
    _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    if request.user.is_authenticated and request.user.language != code:
        request.user.language = code
        request.user.save(update_fields=["language"])
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep `auto`, `light` or `dark` in a cookie, so that the next page starts that way."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _remember(response, "theme", chosen)
    return response


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: my posts, under which I act, language, theme, password, signing out."""
    actor = request.actor  # type: ignore[attr-defined]
    return page(request, "me.html", {"posts": actor.posts, "acting": actor.acting})
