"""The report as a form: what a person on the street types, photographs and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from incidents.choices import Placed, Source, Urgency
from incidents.item_search import Entry, entry_of
from incidents.models import Incident
from incidents.photos import examine_all
from incidents.report import Position, Reported, report
from incidents.self_handling import report_self_handled

MOST_PHOTOS = 9
_IN_ORDER = (
    "photos", "lon", "lat", "accuracy_m", "placed", "address", "item", "main_case", "text", "urgent",
    "handled", "after", "key",
)  # fmt: skip
# A hidden field is put right in the one that a person sees.
_SEEN = {
    "item": "item_q",
    **dict.fromkeys(("lon", "lat", "accuracy_m", "placed"), "id_address"),
    **dict.fromkeys(("main_case", "key"), ""),
}


@dataclass(frozen=True)
class Fault:
    """A field that is wrong: `control` is the id of what puts it right, empty where nothing on the page does."""

    label: str
    control: str
    sentences: Sequence[str]


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos. Each is judged by its content; one bad file does not lose the others."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"accept": "image/*", "multiple": True, "data-most": settings.PHOTO_MAX_BYTES}
        super().__init__(required=False, widget=PhotosInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("At most %(most)s photos at once."), params={"most": MOST_PHOTOS}
            )
        return list(files)


class ReportForm(forms.Form):
    """A report by a person with an account. Position and item may be missing: a report is never refused
    for them. `handled` asks to close it as self-handled, with photos from before and after."""

    photos = PhotosField(label=_("Photos"))
    item = forms.CharField(required=False, label=_("Matter"), max_length=20)
    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )
    address = forms.CharField(
        required=False, label=_("Where, in words"), max_length=200,
        help_text=_("Needed only where the position is wrong or missing."),
    )  # fmt: skip
    urgent = forms.BooleanField(required=False, label=_("Urgent: somebody may be hurt"))
    handled = forms.BooleanField(required=False, label=_("I have dealt with it on the spot"))
    after = PhotosField(label=_("Photos from after"))
    lon = forms.FloatField(required=False, label=_("Position"), widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, label=_("Position"), widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, label=_("Position"), widget=forms.HiddenInput)
    placed = forms.ChoiceField(
        required=False,
        label=_("Position"),
        choices=[("", ""), (Placed.GPS, ""), (Placed.MAP, "")],
        widget=forms.HiddenInput,
    )
    main_case = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # Drawn once with the form and sent with it: the same form sent twice is one report.
    key = forms.CharField(
        required=False, max_length=60, widget=forms.HiddenInput, initial=lambda: uuid4().hex
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.may_handle = bool(actor.posts_with(May.SELF_HANDLE))
        self.taken_before = False
        self.photo_faults: list[str] = []
        self.notes: list[str] = []

    @property
    def chosen_item(self) -> Entry | None:
        """The item in the form, for showing its name again."""
        code = self["item"].value()
        return entry_of(code) if code else None

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, from the top of the page downward."""
        return [
            Fault(
                str(self[name].label),
                _SEEN.get(name, self[name].id_for_label),
                [str(sentence) for sentence in self.errors[name]],
            )
            for name in _IN_ORDER
            if name in self.errors
        ]

    @property
    def first_wrong(self) -> str:
        """The id of the control to begin with; empty where none is wrong."""
        return next((fault.control for fault in self.faults if fault.control), "")

    def focus_first_wrong(self) -> None:
        """Let the browser put the cursor there by itself, without any script."""
        for name, field in self.fields.items():
            if self[name].id_for_label == self.first_wrong:
                field.widget.attrs["autofocus"] = True

    def send(self, *, now: datetime) -> Incident:
        """Report it. Raises Refused; photos that could not be read are named in `photo_faults`.

        The same form sent again leads to the case that it became: `taken_before`.
        """
        facts = self.cleaned_data
        before, faults = examine_all(facts["photos"])
        self.photo_faults = [str(fault) for fault in faults]
        if facts["handled"] and self.may_handle:
            after, more = examine_all(facts["after"])
            self.photo_faults += [str(fault) for fault in more]
            return self._sent(report_self_handled(
                by=self.actor, now=now, before=before, after=after, **self._facts()
            ))  # fmt: skip
        return self._sent(report(by=self.actor, now=now, photos=before, **self._facts()))

    def _sent(self, done: Reported) -> Incident:
        self.taken_before = not done.created
        self.notes = [str(note) for note in done.notes]
        return done.incident

    def _facts(self) -> dict[str, Any]:
        facts = self.cleaned_data
        return {
            "source": Source.GRID if self.actor.posts_with(May.CHECK) else Source.CITIZEN,
            "text": facts["text"],
            "address": facts["address"],
            "item_code": facts["item"],
            "position": self._position(),
            "urgency": Urgency.URGENT if facts["urgent"] else Urgency.NORMAL,
            "main_case": facts["main_case"],
            "external_id": f"form-{self.actor.id}-{facts['key']}" if facts["key"] else "",
        }

    def _position(self) -> Position | None:
        facts = self.cleaned_data
        if facts["lon"] is None or facts["lat"] is None:
            return None
        return Position(
            facts["lon"],
            facts["lat"],
            accuracy_m=facts["accuracy_m"],
            how=Placed(facts["placed"] or Placed.MAP),
        )
