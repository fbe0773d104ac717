"""What administrators narrow their lists down by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.edits import LOCAL
from accounts.models import Organisation, OrganisationKind, Post, PostQuerySet, User
from accounts.personal import keyed_hash
from accounts.pickers import Picker
from accounts.roles import Role

ON_OFF = [("on", _("Active")), ("off", _("Switched off"))]


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    q = django_filters.CharFilter(label=_("Code or name"), method="search")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OrganisationKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ON_OFF, method="on_or_off")
    area_code = django_filters.CharFilter(label=_("Area code"), lookup_expr="startswith")
    department_kind = django_filters.CharFilter(label=_("Department kind"))

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return rows.filter(
            Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
        )

    def on_or_off(self, rows: QuerySet[Any], name: str, chosen: str) -> QuerySet[Any]:
        return rows.filter(active=chosen == "on")


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Phone numbers are found by the whole number only: the database does not hold them in clear."""

    q = django_filters.CharFilter(label=_("Name, user name or whole phone number"), method="search")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, method="with_role")
    state = django_filters.ChoiceFilter(label=_("State"), choices=ON_OFF, method="on_or_off")
    organisation = django_filters.CharFilter(
        label=_("Organisation"),
        widget=Picker("accounts:organisation_options"),
        method="of_organisation",
    )
    without = django_filters.BooleanFilter(label=_("Without a post"), method="without_post")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.now().astimezone(LOCAL).date()

    def of_organisation(self, rows: QuerySet[User], name: str, text: str) -> QuerySet[User]:
        return rows.filter(organisation__in=_called(text))

    def search(self, rows: QuerySet[User], name: str, text: str) -> QuerySet[User]:
        found = Q(name__icontains=text) | Q(username__icontains=text)
        if sum(ch.isdigit() for ch in text) >= 7:
            found |= Q(phone_hash=keyed_hash(text))
        return rows.filter(found)

    def with_role(self, rows: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        held = Post.objects.held_on(self.today).filter(role=role)
        return rows.filter(pk__in=held.values("user_id"))

    def on_or_off(self, rows: QuerySet[User], name: str, chosen: str) -> QuerySet[User]:
        return rows.filter(is_active=chosen == "on")

    def without_post(self, rows: QuerySet[User], name: str, wanted: bool) -> QuerySet[User]:
        held = Exists(Post.objects.held_on(self.today).filter(user_id=OuterRef("pk")))
        return rows.filter(~held if wanted else held)


POST_STATES = [
    ("held", _("Held today")),
    ("coming", _("Not yet begun")),
    ("ended", _("Ended")),
]


class PostFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    q = django_filters.CharFilter(label=_("Name or user name"), method="search")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=POST_STATES, method="in_state")
    organisation = django_filters.CharFilter(
        label=_("Organisation"),
        widget=Picker("accounts:organisation_options"),
        method="of_organisation",
    )
    area_code = django_filters.CharFilter(label=_("Area code"), lookup_expr="startswith")

    class Meta:
        model = Post
        fields: tuple[str, ...] = ()

    def of_organisation(self, rows: PostQuerySet, name: str, text: str) -> PostQuerySet:
        return rows.filter(organisation__in=_called(text))

    def search(self, rows: PostQuerySet, name: str, text: str) -> PostQuerySet:
        return rows.filter(Q(user__name__icontains=text) | Q(user__username__icontains=text))

    def in_state(self, rows: PostQuerySet, name: str, state: str) -> PostQuerySet:
        today = timezone.now().astimezone(LOCAL).date()
        if state == "held":
            return rows.held_on(today)
        if state == "coming":
            return rows.filter(ended_at=None, valid_from__gt=today)
        return rows.exclude(ended_at=None, valid_to=None).exclude(
            ended_at=None, valid_to__gte=today
        )


def _called(text: str) -> QuerySet[Organisation]:
    """What a picker's text means: the organisation with this code, or those with these words in their names."""
    code = text.split(" ", 1)[0]
    exact = Organisation.objects.filter(code=code)
    if exact.exists():
        return exact
    return Organisation.objects.filter(Q(name__icontains=text) | Q(name_en__icontains=text))
