"""Tags and filters that every template has without loading them (see settings, `builtins`)."""

import logging
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.filtering import CURSOR, ORDERING, bar, replaced
from config.icons import NoSuchIcon, icon_svg
from config.marks import lamp_pill, risk_badge, synthetic_badge
from config.wording import NOTHING, allowance_words, shown_time

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """`{% icon "bell" %}`, `{% icon "filled/star" "icon-sm" label=_("Starred") %}`.

    A wrong name draws a dot and an error in the log: no page fails for want of an ornament.
    """
    try:
        return icon_svg(name, classes, label)
    except NoSuchIcon:
        log.exception("a template asks for the icon %r", name)
        return icon_svg("point", classes, label)


@register.simple_tag(name="lamp")
def lamp_tag(value: object, words: object = "", quiet: bool = False) -> SafeString:
    """`{% lamp clock.lamp %}`, `{% lamp clock.lamp words=left %}`, `{% lamp lamp quiet=True %}`."""
    return lamp_pill(value, words, quiet=quiet)


@register.filter(name="lamp")
def lamp_filter(value: object) -> SafeString:
    return lamp_pill(value)


@register.simple_tag(name="risk")
def risk_tag(colour: object) -> SafeString:
    """`{% risk case.risk_colour %}`."""
    return risk_badge(colour)


@register.filter(name="risk")
def risk_filter(colour: object) -> SafeString:
    return risk_badge(colour)


@register.simple_tag
def synthetic() -> SafeString:
    """`{% synthetic %}` beside whatever was not measured but made."""
    return synthetic_badge()


@register.simple_tag(name="local_time")
def local_time_tag(value: object) -> SafeString:
    """`{% local_time case.reported_at %}`: Asia/Shanghai, inside a `<time>` element."""
    if not isinstance(value, date):
        return SafeString(NOTHING)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown_time(value))


@register.filter(name="local_time")
def local_time_filter(value: object) -> str:
    """The same as plain text."""
    return shown_time(value)


@register.simple_tag(name="allowance")
def allowance_tag(value: Any, kind: object = None) -> str:
    """`{% allowance limit.value limit.kind %}` or `{% allowance limit %}`."""
    if kind is None:
        return allowance_filter(value)
    return NOTHING if value in (None, "") else allowance_words(Decimal(value), str(kind))


@register.filter(name="allowance")
def allowance_filter(value: Any) -> str:
    """`{{ item.limit|allowance }}` for anything with `value` and `kind`."""
    return NOTHING if value in (None, "") else allowance_tag(value.value, value.kind)


def _parameters(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """`{% query lamp="red" cursor=None %}`: this page's query string with some keys replaced."""
    return replaced(_parameters(context), changes)


@register.simple_tag(takes_context=True)
def paging(
    context: template.Context, items: Any, target: str = "", name: str = CURSOR
) -> SafeString:
    """`{% paging slice target="#rows" %}`: the pager below a `config.paging.Slice`.

    With `target` (a CSS selector) htmx swaps only that part; without, links load the page.
    """
    parameters = _parameters(context)
    drawn = {
        side: replaced(parameters, {name: cursor}) if cursor else ""
        for side, cursor in (("previous", items.previous_cursor), ("next", items.next_cursor))
    }
    first = replaced(parameters, {name: None}) if parameters.get(name) else ""
    return render_to_string("components/pager.html", {**drawn, "first": first, "target": target})


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: template.Context,
    key: str,
    label: object,
    target: str = "",
    name: str = ORDERING,
    classes: str = "",
) -> dict[str, Any]:
    """`{% sort_header "due_at" label %}`: a `<th>` whose link sorts by `key`, then reverses."""
    parameters = _parameters(context)
    now = parameters.get(name, "")
    following = f"-{key}" if now == key else key
    return {
        "label": label,
        "direction": {key: "ascending", f"-{key}": "descending"}.get(now, "none"),
        "href": replaced(parameters, {name: following, CURSOR: None}),
        "target": target,
        "classes": classes,
    }


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: template.Context, filterset: Any, target: str = "", first: str = ""
) -> dict[str, Any]:
    """`{% filter_bar filter target="#rows" first="q,lamp" %}`: works by GET; with htmx into `target`."""
    path = getattr(context.get("request"), "path", "")
    return {**bar(filterset, _parameters(context), first), "target": target, "path": path}
