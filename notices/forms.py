"""What people type into the pages of this room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EditForm
from accounts.pickers import AreaField
from config.forms import ManyTicks
from journal.wording import label_of, subjects
from notices.choices import Channel, Seriousness
from notices.models import Preference
from notices.preferences import Wishes
from notices.reaching import offered
from notices.webhooks.topics import kinds_of


class TimeInput(forms.TimeInput):
    """A browser's picker of a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _channels(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


class PreferenceForm(EditForm):
    """How a person wants to be told. The bell is always on and so not asked about."""

    danger = _channels(
        Seriousness.DANGER.label,
        _("A red risk in your area, an emergency whistle. It comes at night too."),
    )
    urgent = _channels(
        Seriousness.URGENT.label, _("Overdue, urged, reopened, urgent cases: what is marked red.")
    )
    ordinary = _channels(
        Seriousness.ORDINARY.label, _("Everything else: sent to your unit, answered, commented.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=200,
        help_text=_("Nobody but you sees it. Messages name cases by number, never people."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput())
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=TimeInput(),
        help_text=_("Messages that are no danger wait until then. It may span midnight."),
    )

    def __init__(self, *args: Any, kept: Preference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(channel.value, Channel(channel).label) for channel in offered()]
        for one in Seriousness:
            field = self.fields[one.value]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        self.initial = {name: getattr(kept, name) for name in (*self.fields,) if name != "version"}
        self.initial["version"] = kept.version

    def wishes(self) -> Wishes:
        """What was typed, as the action takes it."""
        return Wishes(**{name: v for name, v in self.cleaned_data.items() if name != "version"})


class SubscriptionForm(EditForm):
    """Where and of what a partner system is called; `version` is empty for a new subscription."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https://…, at which the partner system listens."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    area_code = AreaField(required=False)
    verbs = forms.MultipleChoiceField(
        label=_("Of what"),
        required=False,
        widget=ManyTicks,
        help_text=_("None ticked: of everything."),
    )

    def __init__(self, *args: Any, heard: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verbs"]
        assert isinstance(field, forms.MultipleChoiceField)
        ticked = self.initial.get("verbs") or ()
        every = sorted((verb not in ticked, _said(verb), verb) for verb in heard)
        field.choices = [(verb, said) for _later, said, verb in every]


def _said(verb: str) -> str:
    """What a verb is about, and its sentence: `Case · Filed: …`."""
    known = subjects()
    about = [str(known[kind].label) for kind in kinds_of(verb) if kind in known]
    return f"{' / '.join(about)} · {label_of(verb)}" if about else label_of(verb)


class RenewForm(forms.Form):
    """How long the old secret signs beside the new one."""

    grace_hours = forms.TypedChoiceField(
        label=_("The old secret"),
        coerce=int,
        choices=[
            (24, _("holds for another 24 hours")),
            (168, _("holds for another 7 days")),
            (0, _("ends at once: strangers may know it")),
        ],
    )


class ReplayForm(forms.Form):
    """From where a partner system hears it again."""

    cursor = forms.CharField(label=_("After cursor"), max_length=40)
