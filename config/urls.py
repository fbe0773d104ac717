"""Every address of the installation: rooms for people, and the API beside them."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("config.site_urls")),
    path("accounts/", include("accounts.urls")),
    path("journal/", include("journal.urls")),
    path("notices/", include("notices.urls")),
    path("clocks/", include("clocks.urls")),
    path("areas/", include("grids.urls")),
    path("cases/", include("incidents.urls")),
    path("supervision/", include("supervision.urls")),
    path("whistles/", include("whistles.urls")),
    path("escalation/", include("escalation.urls")),
    path("borders/", include("borders.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("emergency/", include("emergency.urls")),
    path("hotline/", include("hotline.urls")),
    path("api/v1/", include("config.api_urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
