"""What a map needs to know of the installation, as attributes of its element (see static/grids/map.js)."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def map_source() -> SafeString:
    """`<div {% map_source %}>`: where boundaries and tiles come from, and the words of the legend."""
    attributes = {
        "data-geojson": reverse("api_areas_geojson"),
        "data-synthetic": _("Synthetic boundary"),
        "data-tiles": settings.MAP_TILES,
        "data-credit": settings.MAP_TILES_CREDIT,
    }
    given = ((name, value) for name, value in attributes.items() if value)
    return format_html_join(" ", '{}="{}"', given)
