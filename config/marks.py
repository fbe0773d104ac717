"""Lamps, risk colours and the badge of what is made up: shape, colour and word, never colour alone."""

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# A word, a tone of the style sheet and a shape of its own: circle, triangle, octagon, ring.
LAMPS: dict[str, tuple[Promise, str, SafeString]] = {
    "green": (_("On time"), "tone-green", SafeString('<circle cx="6" cy="6" r="5"/>')),
    "amber": (_("Due soon"), "tone-amber", SafeString('<path d="M6 .6 11.8 11H.2z"/>')),
    "red": (
        _("Overdue"),
        "tone-red",
        SafeString('<path d="M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6z"/>'),
    ),
    "none": (
        _("No clock"),
        "lamp-none",
        SafeString(
            '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        ),
    ),
}
# How many of the four bars are full.
RISKS: dict[str, tuple[Promise, int]] = {
    "blue": (_("Blue"), 1),
    "yellow": (_("Yellow"), 2),
    "orange": (_("Orange"), 3),
    "red": (_("Red"), 4),
}


def lamp_pill(value: object, words: object = "", *, quiet: bool = False) -> SafeString:
    """The pill of a lamp (`green`, `amber`, `red`; anything else: no clock).

    `words` stands in place of the lamp's word, e.g. the time left; the word is then still heard.
    `quiet` hides the word from sight only.
    """
    word, tone, shape = LAMPS.get(str(value), LAMPS["none"])
    said = format_html('<span class="visually-hidden">{} </span>{}', word, words) if words else word
    return format_html(
        '<span class="lamp {}"><svg viewBox="0 0 12 12" width="12" height="12" '
        'fill="currentColor" aria-hidden="true">{}</svg><span class="{}">{}</span></span>',
        tone,
        shape,
        "visually-hidden" if quiet else "lamp-word",
        said,
    )


def risk_badge(colour: object) -> SafeString:
    """The badge of a risk colour, or a dash for anything that is none."""
    key = str(colour)
    if key not in RISKS:
        return SafeString("—")
    word, full = RISKS[key]
    bars = SafeString(
        "".join(
            f'<rect x="{x * 4}" y="{9 - x * 3}" width="3" height="{3 + x * 3}" rx="1"'
            f' opacity="{1 if x < full else 0.3}"/>'
            for x in range(4)
        )
    )
    return format_html(
        '<span class="risk tone-{}"><svg viewBox="0 0 16 12" width="16" height="12" '
        'fill="currentColor" aria-hidden="true">{}</svg>'
        '<span class="visually-hidden">{} </span>{}</span>',
        key,
        bars,
        _("Risk:"),
        word,
    )


def synthetic_badge() -> SafeString:
    """The badge of what was made up for demonstration or for want of a survey."""
    return format_html(
        '<span class="synthetic" title="{}">{}</span>',
        _("Made up by the system for want of real data"),
        _("Synthetic"),
    )
