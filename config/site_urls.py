"""Addresses of the frame itself. `config/urls.py` includes them at the root."""

from django.conf import settings
from django.urls import URLPattern, path

from config.home import favicon, home
from config.preferences import me, set_language, set_theme

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("me/", me, name="me"),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path("favicon.ico", favicon, name="favicon"),
]

if settings.DEBUG:
    from config.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
