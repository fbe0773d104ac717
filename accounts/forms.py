"""What people type into the pages of this room."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clients import CLIENT_ROLES, ClientFacts, known_scopes
from accounts.models import ApiClient, Organisation, OrganisationKind, User
from accounts.organisations import OrganisationFacts
from accounts.people import PersonFacts
from accounts.personal import mask_phone
from accounts.pickers import AreaField, OrganisationField
from accounts.posts import PostFacts, grantable_by
from accounts.roles import Role
from accounts.visible import organisations_visible_to
from config.forms import DayInput
from config.refusal import Refused, SomebodyWasFirst
from config.workbook_guard import MOST_BYTES


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Show an action's refusal on the form as it was typed, beside the field at fault where there is one."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused.sentence))


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangePasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_(
            "At least 12 characters, with three of: small letters, capital letters, digits, signs."
            " Not a common one, not like your name, none of your last five."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """The two new ones must be the same."""
        data = super().clean() or {}
        if data.get("new_password") and data.get("again") and data["new_password"] != data["again"]:
            self.add_error("again", _("The two new passwords are not the same."))
        return data


class EditForm(forms.Form):
    """A form over a record that others may edit too: it carries the version that was opened.

    After a clash it shows what the others wrote, keeps what was typed, and may be sent again on purpose.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    clash: SomebodyWasFirst | None = None
    theirs: Sequence[tuple[str, str]] = ()

    def note_clash(self, refused: SomebodyWasFirst, stored: Mapping[str, Any]) -> None:
        """Take the present version, and list what now is stored otherwise than it was typed."""
        self.clash = refused
        data = dict(self.data.items())
        data[self.add_prefix("version")] = refused.kept.get("version", "")
        self.data = data
        self.theirs = [
            (str(self.fields[name].label), self._shown(name, value))
            for name, value in stored.items()
            if name in self.fields and self.cleaned_data.get(name) != value
        ]

    def _shown(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value if value not in (None, "") else "—"))


class OrganisationForm(EditForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "Letters, digits, . _ and -. It stays for good: imports find the organisation by it."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    department_kind = forms.CharField(
        label=_("Department kind"),
        max_length=40,
        required=False,
        help_text=_("What it handles, in the catalogue's words; empty if it handles nothing."),
    )
    area_code = AreaField(required=False)
    administrative_parent = OrganisationField(
        label=_("Administrative parent"), required=False, help_text=_("Who governs it.")
    )
    professional_parent = OrganisationField(
        label=_("Professional parent"), required=False, help_text=_("Who directs its trade.")
    )
    phone = forms.CharField(label=_("Office phone"), max_length=20, required=False)

    def __init__(
        self, *args: Any, by: Actor, itself: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("administrative_parent", "professional_parent"):
            _choose_from(self, name, organisations_visible_to(by))
        if itself is not None:
            self.fields["code"].disabled = True
            self.initial = {**_stored(itself), "version": itself.version}

    def facts(self) -> OrganisationFacts:
        """What was entered, for the action."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("code", "version")}
        for name in ("administrative_parent", "professional_parent"):
            given[name] = given[name].pk if given[name] else None
        return OrganisationFacts(**given)


def _stored(organisation: Organisation) -> dict[str, Any]:
    return {
        name: getattr(organisation, name)
        for name in OrganisationForm.base_fields
        if name != "version"
    }


class PersonForm(EditForm):
    name = forms.CharField(label=_("Full name"), max_length=60)
    organisation = OrganisationField(
        required=False, help_text=_("The body that employs the person.")
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: Actor, itself: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, "organisation", organisations_visible_to(by))
        if itself is None:
            return
        self.initial = {
            "name": itself.name,
            "organisation": itself.organisation,
            "version": itself.version,
        }
        self.fields["phone"].help_text = (
            _("Now %(phone)s. Leave empty to keep it, enter - to delete it.")
            % {"phone": mask_phone(itself.phone)}
            if itself.phone
            else ""
        )

    def facts(self) -> PersonFacts:
        """What was entered, for the action."""
        phone: str | None = self.cleaned_data["phone"]
        return PersonFacts(
            name=self.cleaned_data["name"],
            organisation=self.cleaned_data["organisation"],
            phone=None if phone == "" else "" if phone == "-" else phone,
        )


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters, digits, . _ @ -; it stays for good."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("username", "name", "organisation", "phone")


class PostForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    organisation = OrganisationField(required=False)
    area_code = AreaField(required=False, help_text=_("Empty: the area of the organisation."))
    valid_from = forms.DateField(label=_("From"), widget=DayInput())
    valid_to = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(), help_text=_("Empty: without an end.")
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, "organisation", organisations_visible_to(by).filter(active=True))
        chooser = self.fields["role"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", "—"), *((role.value, role.label) for role in grantable_by(by))]

    def facts(self) -> PostFacts:
        """What was entered, for the action."""
        return PostFacts(**self.cleaned_data | {"role": Role(self.cleaned_data["role"])})


class EndPostForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: it ends this very moment."),
    )


class ClientForm(EditForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    area_code = AreaField(
        required=False, help_text=_("It sees only this area and what lies in it.")
    )
    organisation = OrganisationField(
        required=False, help_text=_("In whose name it handles cases, if it does.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it may do there, as a person with these posts would."),
    )

    def __init__(
        self, *args: Any, by: Actor, itself: ApiClient | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, "organisation", organisations_visible_to(by))
        scopes, roles = self.fields["scopes"], self.fields["roles"]
        assert isinstance(scopes, forms.ChoiceField)
        assert isinstance(roles, forms.ChoiceField)
        scopes.choices = list(known_scopes().items())
        roles.choices = [(role.value, role.label) for role in CLIENT_ROLES]
        if itself is not None:
            self.initial = {
                "name": itself.name,
                "area_code": itself.area_code,
                "organisation": itself.organisation,
                "scopes": itself.allowed_scopes,
                "roles": itself.roles,
                "version": itself.version,
            }

    def facts(self) -> ClientFacts:
        """What was entered, for the action."""
        return ClientFacts(**{k: v for k, v in self.cleaned_data.items() if k != "version"})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _choose_from(form: forms.Form, name: str, rows: QuerySet[Organisation]) -> None:
    field = form.fields[name]
    assert isinstance(field, OrganisationField)
    field.queryset = rows


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Excel workbook (.xlsx)"),
        allow_empty_file=True,  # the reader has a better sentence
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> Any:
        """Too large a file is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(n)d MB. Split it, or delete what is not needed.")
                % {"n": MOST_BYTES // 2**20}
            )
        return file
