"""Every address of the installation: rooms for people, and the API beside them."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path

# Where each room's pages are mounted.
ROOMS = {
    "accounts": "accounts/",
    "journal": "journal/",
    "notices": "notices/",
    "clocks": "clocks/",
    "grids": "areas/",
    "incidents": "cases/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("config.site_urls")),
]
urlpatterns += [
    path(prefix, include(f"{room}.urls"))
    for room, prefix in ROOMS.items()
    if find_spec(f"{room}.urls")  # a room under construction has none yet
]
if find_spec("config.api_urls"):
    urlpatterns += [path("api/v1/", include("config.api_urls"))]
if settings.DEBUG:
    urlpatterns += static(settings.STATIC_URL)

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
