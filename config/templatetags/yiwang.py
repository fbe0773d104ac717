"""Tags and filters that every template has without loading them (see settings, `builtins`)."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

register = template.Library()
NOTHING = "—"

# --- icons ---------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _strokes(name: str) -> str:
    """The drawing inside a Tabler icon's file (outline unless the name starts with `filled/`)."""
    folder, _slash, stem = name.rpartition("/")
    if not re.fullmatch(r"[a-z0-9-]+", stem) or folder not in ("", "filled", "outline"):
        raise template.TemplateSyntaxError(f"no icon can be named {name!r}")
    file = Path(settings.ICONS_DIR) / (folder or "outline") / f"{stem}.svg"
    try:
        drawn = file.read_text("utf-8")
    except FileNotFoundError:
        raise template.TemplateSyntaxError(f"there is no icon {name!r}") from None
    inner = re.sub(r"\s+", " ", drawn[drawn.index(">", drawn.index("<svg")) + 1 :])
    return (
        inner.replace("</svg>", "")
        .replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        .strip()
    )


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """`{% icon "bell" %}`: an inline SVG, hidden from screen readers unless it has a `label`."""
    filled = name.startswith("filled/")
    paint = (
        'fill="currentColor"'
        if filled
        else (
            'fill="none" stroke="currentColor" stroke-width="1.75" '
            'stroke-linecap="round" stroke-linejoin="round"'
        )
    )
    voice = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="24" height="24" {} {}>{}</svg>',
        classes,
        SafeString(paint),
        voice,
        SafeString(_strokes(name)),
    )


# --- status --------------------------------------------------------------------------------------

LAMPS = {
    "green": (_("On time"), "tone-green"),
    "amber": (_("Due soon"), "tone-amber"),
    "red": (_("Overdue"), "tone-red"),
    "none": (_("No clock"), "lamp-none"),
}
# A shape of its own for each lamp, so that nobody needs the colour: circle, triangle, square, ring.
_SHAPES = {
    "green": '<circle cx="6" cy="6" r="5"/>',
    "amber": '<path d="M6 .6 11.8 11H.2z"/>',
    "red": '<path d="M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6z"/>',
    "none": '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>',
}


@register.simple_tag(name="lamp")
def lamp_tag(value: object, words: object = "", quiet: bool = False) -> SafeString:
    """The pill of a lamp (`green`, `amber`, `red`, anything else: no clock): shape, colour, word.

    `words` replaces the word, e.g. by the time left. `quiet` hides it from sight only.
    """
    key = str(value) if str(value) in LAMPS else "none"
    word, css = LAMPS[key]
    return format_html(
        '<span class="lamp {}"><svg viewBox="0 0 12 12" width="12" height="12" fill="currentColor" '
        'aria-hidden="true">{}</svg><span class="{}">{}</span></span>',
        css,
        SafeString(_SHAPES[key]),
        "visually-hidden" if quiet else "lamp-word",
        format_html('<span class="visually-hidden">{}: </span>{}', word, words) if words else word,
    )


@register.filter(name="lamp")
def lamp_filter(value: object) -> SafeString:
    return lamp_tag(value)


RISKS = {
    "blue": _("Blue"),
    "yellow": _("Yellow"),
    "orange": _("Orange"),
    "red": _("Red"),
}
_BARS = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}


@register.simple_tag(name="risk")
def risk_tag(colour: object) -> SafeString:
    """The badge of a risk colour: one to four bars and the colour's name."""
    key = str(colour)
    if key not in RISKS:
        return SafeString(NOTHING)
    bars = "".join(
        f'<rect x="{x * 4}" y="{9 - x * 3}" width="3" height="{3 + x * 3}" rx="1"'
        f' opacity="{1 if x < _BARS[key] else 0.3}"/>'
        for x in range(4)
    )
    return format_html(
        '<span class="risk tone-{}"><svg viewBox="0 0 16 12" width="16" height="12" '
        'fill="currentColor" aria-hidden="true">{}</svg>'
        '<span class="visually-hidden">{} </span>{}</span>',
        key,
        SafeString(bars),
        _("Risk:"),
        RISKS[key],
    )


@register.filter(name="risk")
def risk_filter(colour: object) -> SafeString:
    return risk_tag(colour)


@register.simple_tag
def synthetic() -> SafeString:
    """The badge of what was made up for demonstration or for want of a survey."""
    return format_html(
        '<span class="synthetic" title="{}">{}</span>',
        _("Made up by the system for want of real data"),
        _("Synthetic"),
    )


# --- time ----------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        zone = ZoneInfo(settings.TIME_ZONE)
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return NOTHING


@register.filter(name="local_time")
def local_time_filter(value: object) -> str:
    """`YYYY-MM-DD HH:MM` in Asia/Shanghai, as plain text; a dash where there is no time."""
    return _shown(value)


@register.simple_tag(name="local_time")
def local_time_tag(value: object) -> SafeString:
    """The same inside a `<time>` element."""
    if not isinstance(value, date):
        return SafeString(NOTHING)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _shown(value))


def _amount(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def allowance_words(value: Decimal, kind: str) -> str:
    """An allowance as a person says it: `2 working hours`, `5 个工作日（法定）`."""
    several = 1 if value == 1 else 2
    words = {
        "minute_cont": ngettext(
            "%(n)s minute, day and night", "%(n)s minutes, day and night", several
        ),
        "hour_cont": ngettext("%(n)s hour, day and night", "%(n)s hours, day and night", several),
        "work_hour": ngettext("%(n)s working hour", "%(n)s working hours", several),
        "work_day": ngettext("%(n)s working day", "%(n)s working days", several),
        "natural_day": ngettext("%(n)s calendar day", "%(n)s calendar days", several),
        "legal_workday": ngettext(
            "%(n)s statutory working day", "%(n)s statutory working days", several
        ),
        "legal_day": ngettext("%(n)s statutory day", "%(n)s statutory days", several),
        "legal_month": ngettext("%(n)s statutory month", "%(n)s statutory months", several),
    }
    return words.get(kind, "%(n)s " + kind) % {"n": _amount(value)}


@register.filter(name="allowance")
def allowance_filter(value: Any) -> str:
    """`{{ item.allowance|allowance }}` for anything with `value` and `kind`."""
    if value is None or value == "":
        return NOTHING
    return allowance_words(Decimal(value.value), str(value.kind))


@register.simple_tag(name="allowance")
def allowance_tag(value: Any, kind: object = None) -> str:
    """`{% allowance limit.value limit.kind %}` or `{% allowance limit %}`."""
    if kind is None:
        return allowance_filter(value)
    if value is None or value == "":
        return NOTHING
    return allowance_words(Decimal(value), str(kind))


# --- addresses -----------------------------------------------------------------------------------


def _parameters(context: template.Context) -> QueryDict:
    request: HttpRequest | None = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


def replaced(parameters: QueryDict, changes: dict[str, Any]) -> str:
    """The query string with `changes` made: None or an empty string takes a key out."""
    for key, value in changes.items():
        if value is None or value == "":
            parameters.pop(key, None)
        elif isinstance(value, list | tuple):
            parameters.setlist(key, [str(each) for each in value])
        else:
            parameters[key] = str(value)
    written = parameters.urlencode()
    return f"?{written}" if written else "?"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """`{% query sort="due" cursor=None %}`: this page's query string with some keys replaced."""
    return replaced(_parameters(context), changes)


@register.simple_tag(takes_context=True)
def paging(
    context: template.Context, items: Any, target: str = "", name: str = "cursor"
) -> SafeString:
    """The pager below a keyset list: `items` is a `config.paging.Slice`.

    With `target` (a CSS selector) htmx swaps only that part; without, links load the page.
    """
    parameters = _parameters(context)
    links = {
        side: replaced(parameters.copy(), {name: cursor}) if cursor else ""
        for side, cursor in (
            ("previous", getattr(items, "previous_cursor", None)),
            ("next", getattr(items, "next_cursor", None)),
        )
    }
    first = replaced(parameters.copy(), {name: None}) if parameters.get(name) else ""
    return render_to_string("components/pager.html", {**links, "first": first, "target": target})


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: template.Context,
    key: str,
    label: object,
    target: str = "",
    name: str = "ordering",
    classes: str = "",
) -> dict[str, Any]:
    """`{% sort_header "due_at" _("Due") %}`: a `<th>` whose link sorts by `key`, then reverses."""
    parameters = _parameters(context)
    now = parameters.get(name, "")
    following = f"-{key}" if now == key else key
    return {
        "label": label,
        "direction": {key: "ascending", f"-{key}": "descending"}.get(now, "none"),
        "href": replaced(parameters, {name: following, "cursor": None}),
        "target": target,
        "classes": classes,
    }


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: template.Context,
    filterset: Any,
    target: str = "",
    first: str = "",
    count: object = None,
) -> dict[str, Any]:
    """A django-filter form as a bar: works by GET, with htmx into `target`, and shows chips.

    `first` names the fields always in sight (comma separated; default: the first three); the others
    open on demand. `count`, where given, is announced when it changes.
    """
    form = filterset.form
    names = [name.strip() for name in first.split(",") if name.strip()] or list(form.fields)[:3]
    bound = [form[name] for name in form.fields if name != "ordering"]
    parameters = _parameters(context)
    chips = [chip for field in bound for chip in _chips(field, parameters)]
    return {
        "seen": [field for field in bound if field.name in names],
        "more": [field for field in bound if field.name not in names],
        "more_set": sum(field.name not in names for field in bound if _is_set(field)),
        "chips": chips,
        "target": target,
        "count": count,
        "path": getattr(context.get("request"), "path", ""),
        "ordering": parameters.get("ordering", ""),
        "bar": f"filter-{form.__class__.__name__.lower()}",
    }


def _is_set(field: Any) -> bool:
    return field.data not in (None, "", False, [], [""])


def _chips(field: Any, parameters: QueryDict) -> list[dict[str, str]]:
    """One removable chip per chosen value of a filter field."""
    if not _is_set(field) or field.html_name not in parameters:
        return []
    choices = dict(_flat(getattr(field.field, "choices", ())))
    given = parameters.getlist(field.html_name)
    chips = []
    for value in given:
        left = [other for other in given if other != value]
        words = str(choices.get(value, value))
        if field.is_check:
            words = ""
        chips.append(
            {
                "label": str(field.label),
                "words": words,
                "href": replaced(
                    parameters.copy(), {field.html_name: left or None, "cursor": None}
                ),
            }
        )
    return chips


def _flat(choices: Any) -> list[tuple[str, object]]:
    flat: list[tuple[str, object]] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            flat.extend(_flat(label))
        else:
            flat.append((str(value), label))
    return flat
