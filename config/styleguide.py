"""Every component with sample data on one page, to look at while building. Mounted in debugging only."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.forms import DayInput, MomentInput
from config.pages import page

COLOURS = [("blue", _("Blue")), ("yellow", _("Yellow")), ("orange", _("Orange")), ("red", _("Red"))]


STEPS = [
    ("发现", "done"),
    ("立案", "done"),
    ("派遣", "now"),
    ("审核", ""),
    ("结案", ""),
    ("评估", ""),
]


class SampleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """As a list page has it, without a table behind it."""

    q = django_filters.CharFilter(label=_("Words"))
    risk = django_filters.MultipleChoiceFilter(
        label=_("Risk"), choices=COLOURS, widget=forms.CheckboxSelectMultiple
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("Stage"), choices=[(name, name) for name, _css in STEPS]
    )
    lamp = django_filters.ChoiceFilter(
        label=_("Lamp"), choices=[("amber", _("Due soon")), ("red", _("Overdue"))]
    )
    since = django_filters.DateFilter(label=_("Reported since"), widget=DayInput)
    urgent = django_filters.BooleanFilter(label=_("Urgent only"), widget=forms.CheckboxInput)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("What happened"), help_text=_("One sentence is enough."))
    text = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=COLOURS)
    way = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("normal", _("Normal")), ("urgent", _("Urgent"))],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=_("Day"), widget=DayInput, required=False)
    moment = forms.DateTimeField(label=_("Moment"), widget=MomentInput, required=False)
    photo = forms.FileField(label=_("Photo"), required=False)
    sure = forms.BooleanField(label=_("The reporter has been told"), required=False)


def _row(number: str, what: str, where: str, lamp: str, left: str, risk: str) -> dict[str, str]:
    return {
        "number": number,
        "what": what,
        "where": where,
        "lamp": lamp,
        "left": left,
        "risk": risk,
    }


ROWS = [
    _row("HX260310-0012", "井盖破损", "友谊路 3 号院门前", "red", "-2:10", "red"),
    _row("HX260310-0031", "占道经营", "挂甲寺街道 滨水道", "amber", "0:42", "yellow"),
    _row("HX260310-0044", "绿地内垃圾", "人民公园 南门", "green", "6:30", "blue"),
    _row("HX260310-0052", "消防通道堵塞", "体院北道 12 号楼", "none", "", "orange"),
]

SAMPLE = {
    "place": "天津市河西区友谊路街道谊景村社区第三网格",
    "who": "王晓梅 · 派遣员",
    "what": "派遣 → 区城管委",
    "kept": "请尽快到场，居民老人多。",
    "why": "按“井盖 × 河西区”规则派遣至区城管委。",
    "finder": "李建国 · 网格员",
    "found": "井盖破损，有坠落危险。",
}


def _photo(colour: str, label: object) -> dict[str, object]:
    drawn = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 6'%3E"
        f"%3Crect width='8' height='6' fill='%23{colour}'/%3E%3C/svg%3E"
    )
    return {"url": drawn, "thumbnail": drawn, "alt": label, "note": label}


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The living style guide."""
    if "toast" in request.GET:
        messages.success(request, _("Case HX260310-0012 has been dispatched."))
        messages.error(request, _("The photo is larger than 20 MB."))
    answered = SampleForm({"text": "…", "risk": "blue"})
    answered.add_error(None, str(_("Somebody was first")))
    context: dict[str, Any] = {
        "filter": SampleFilter(request.GET or None, queryset=ContentType.objects.none()),
        "form": SampleForm(),
        "answered": answered,
        "rows": ROWS,
        "steps": STEPS,
        "sample": SAMPLE,
        "slice": SimpleNamespace(next_cursor="n", previous_cursor="p"),
        "now": datetime(2026, 3, 10, 1, 5, tzinfo=UTC),
        "day": date(2026, 3, 10),
        "limit": SimpleNamespace(value=Decimal("2.0"), kind="work_hour"),
        "photos": [_photo("7c9aa0", _("Before")), _photo("b9a37c", _("After"))],
    }
    return page(request, "styleguide.html#styleguide_rows", context)
