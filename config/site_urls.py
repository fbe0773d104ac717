"""Addresses of the frame itself. `config/urls.py` includes them at the root."""

from django.conf import settings
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from config.home import home
from config.preferences import me, set_language, set_theme

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("me/", me, name="me"),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path(
        "favicon.ico",
        require_safe(RedirectView.as_view(url=f"/{settings.STATIC_URL.strip('/')}/site/mark.svg")),
        name="favicon",
    ),
]

if settings.DEBUG:
    from config.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
