"""The project's addresses, and the style guide that only debugging mounts."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import urls
from config.styleguide import styleguide

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as a defect would")


urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("broken/", broken),
    path("", include("config.urls")),
]
