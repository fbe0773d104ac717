"""How the events of this room, and of accounts below it (which cannot know the journal), are told."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import area_names
from accounts.models import ApiClient, Organisation, User
from accounts.roles import Role
from journal.wording import register, register_names, register_subject


def _people(ids: Collection[Any]) -> dict[Any, str]:
    found = User.objects.filter(pk__in=_numbers(ids)).values_list("pk", "name")
    return _either_way(dict(found))


def _organisations(ids: Collection[Any]) -> dict[Any, str]:
    return _either_way(
        {o.pk: o.shown_name for o in Organisation.objects.filter(pk__in=_numbers(ids))}
    )


def _clients(ids: Collection[Any]) -> dict[Any, str]:
    return _either_way(
        dict(ApiClient.objects.filter(pk__in=_numbers(ids)).values_list("pk", "name"))
    )


def _areas(codes: Collection[Any]) -> dict[Any, str]:
    return dict(area_names.names_of([str(code) for code in codes]))


def _roles(codes: Collection[Any]) -> dict[Any, str]:
    return {code: str(Role(code).label) for code in codes if code in Role.values}


def _numbers(ids: Collection[Any]) -> list[int]:
    return [int(one) for one in ids if str(one).isdecimal() and len(str(one)) < 19]


def _either_way(names: dict[int, str]) -> dict[Any, str]:
    """Facts hold ids as numbers, subjects as text."""
    return {**names, **{str(key): name for key, name in names.items()}}


def _account_named(text: str) -> int | None:
    return User.objects.filter(username__iexact=text).values_list("pk", flat=True).first()


def _organisation_coded(text: str) -> int | None:
    return Organisation.objects.filter(code=text).values_list("pk", flat=True).first()


for _fact in ("account", "people", "person"):
    register_names(_fact, _people)
for _fact in ("organisation", "unit"):
    register_names(_fact, _organisations)
register_names("client", _clients)
register_names("area", _areas)
register_names("role", _roles)

register_subject("account", _("Account"), names=_people, find=_account_named)
register_subject("organisation", _("Organisation"), names=_organisations, find=_organisation_coded)
register_subject("client", _("Partner system"), names=_clients)
register_subject("address", _("Network address"))
register_subject("workbook", _("Workbook"))
register_subject("export", _("Export"))

register("journal.exported", _("Took the log away as a file"), icon="file-export")
register("journal.people_followed", _("Looked at what %(people)s did"), icon="eye-search")

register("account.created", _("Account made"), icon="user-plus")
register("account.changed", _("Account changed: %(fields)s"), icon="user-edit")
register("account.deactivated", _("Account switched off"), icon="user-off", tone="amber")
register("account.reactivated", _("Account switched on again"), icon="user-check")
register("account.password_reset", _("Initial password given anew"), icon="key")
register("account.password_changed", _("Password changed"), icon="key")
register("account.signed_in", _("Signed in from %(ip)s"), icon="login-2")
register("account.signed_out", _("Signed out"), icon="logout")
register(
    "account.sign_in_failed", _("Signing in failed, from %(ip)s"), icon="login-2", tone="amber"
)
register(
    "account.locked_out", _("Locked out until %(until)s, from %(ip)s"), icon="lock", tone="red"
)
register("account.lock_released", _("Lock-out lifted, for %(ip)s"), icon="lock-open")
register("post.granted", _("Post granted: %(role)s, %(organisation)s, %(area)s"), icon="id-badge-2")
register("post.ended", _("Post ended: %(role)s, %(organisation)s, %(area)s"), icon="id-badge-off")
register(
    "post.ends_changed",
    _("Post now ends on %(to_day)s: %(role)s, %(organisation)s, %(area)s"),
    icon="id-badge-2",
)
register("organisation.created", _("Organisation made: %(code)s"), icon="building-plus")
register("organisation.changed", _("Organisation changed"), icon="building")
register("organisation.deactivated", _("Organisation closed"), icon="building-off", tone="amber")
register("organisation.reactivated", _("Organisation opened again"), icon="building")
register("client.created", _("Partner system admitted: %(roles)s, %(area)s"), icon="plug")
register("client.changed", _("Partner system changed: %(roles)s, %(area)s"), icon="plug")
register("client.secret_renewed", _("New secret given to the partner system"), icon="key")
register("client.deactivated", _("Partner system switched off"), icon="plug-off", tone="amber")
register("client.reactivated", _("Partner system switched on again"), icon="plug")
register(
    "personal_data.revealed",
    _("Looked at personal data (%(kind)s). Reason: %(reason)s"),
    icon="eye",
    tone="amber",
)
register("people.exported", _("Took a list of people away: %(rows)s rows"), icon="file-export")
register(
    "organisations.exported",
    _("Took a list of organisations away: %(rows)s rows"),
    icon="file-export",
)
register("workbook.applied", _("Excel import applied: %(rows)s rows"), icon="table-import")
