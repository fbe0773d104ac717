"""The language follows the person: chosen once, it is there on the next machine."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User

CHOSEN = "language_chosen"


def remember(request: HttpRequest) -> None:
    """Keep what a visitor chose before signing in: it becomes the account's language at sign-in."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and not request.user.is_authenticated:
        request.session[CHOSEN] = chosen


def follow(user: User, response: HttpResponse) -> None:
    """Answer the pages after a sign-in in the person's language."""
    if user.language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
