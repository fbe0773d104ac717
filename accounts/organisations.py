"""Creating, changing and closing organisations. The system administrator does it, in their own areas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import area_names, journaling
from accounts.actor import Actor
from accounts.authority import require_over
from accounts.edits import LOCAL, write_over
from accounts.models import Organisation, OrganisationKind, Post
from accounts.roles import May
from config.refusal import Refused, SomebodyWasFirst

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
DEPARTMENT_KIND = re.compile(r"[a-z_]{0,40}")
PARENTS = ("administrative_parent", "professional_parent")


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """What an administrator enters about an organisation. Parents are ids."""

    name: str
    kind: str
    name_en: str = ""
    department_kind: str = ""
    area_code: str = ""
    administrative_parent: int | None = None
    professional_parent: int | None = None
    phone: str = ""

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {
            "name": self.name.strip(),
            "kind": self.kind,
            "name_en": self.name_en.strip(),
            "department_kind": self.department_kind.strip(),
            "area_code": self.area_code.strip(),
            "administrative_parent_id": self.administrative_parent,
            "professional_parent_id": self.professional_parent,
            "phone": self.phone.strip(),
        }


@transaction.atomic
def create_organisation(
    code: str, facts: OrganisationFacts, *, by: Actor, now: datetime
) -> Organisation:
    """Create an organisation. Raises Refused (code taken, unknown area or kind, foreign parent)."""
    post = require_over(by, May.MANAGE_PEOPLE, facts.area_code)
    _hold_tree()
    code = code.strip()
    _check(facts, by=by)
    if not CODE.fullmatch(code):
        raise Refused(
            "organisation_code_malformed",
            _("A code has letters, digits, . _ or - and begins with a letter or digit."),
            field="code",
        )
    if Organisation.objects.filter(code=code).exists():
        raise Refused(
            "organisation_code_taken",
            _("An organisation with the code “%(code)s” exists already.") % {"code": code},
            409,
            field="code",
        )
    made = Organisation.objects.create(
        code=code, changed_at=now, changed_by=by.label, **facts.columns()
    )
    journaling.append(
        "organisation.created",
        subject=("organisation", made.pk),
        area_code=made.area_code,
        by=by,
        now=now,
        post=post,
        data={"code": code, "kind": made.kind},
    )
    return made


@transaction.atomic
def change_organisation(
    organisation: Organisation,
    facts: OrganisationFacts,
    *,
    version: int | None,
    by: Actor,
    now: datetime,
) -> Organisation:
    """Write `facts` over the organisation as it was in `version`. The code stays.

    Raises SomebodyWasFirst where it has changed since, Refused where a parent would close a circle.
    """
    require_over(by, May.MANAGE_PEOPLE, organisation.area_code)
    post = require_over(by, May.MANAGE_PEOPLE, facts.area_code)
    _hold_tree()
    _check(facts, by=by, itself=organisation)
    before = {name: getattr(organisation, name) for name in facts.columns()}
    changed = write_over(organisation, version=version, by=by, now=now, **facts.columns())
    after = {name: getattr(changed, name) for name in before}
    journaling.append(
        "organisation.changed",
        subject=("organisation", changed.pk),
        area_code=changed.area_code,
        by=by,
        now=now,
        post=post,
        data={"changes": {k: [before[k], after[k]] for k in before if before[k] != after[k]}},
    )
    return changed


@transaction.atomic
def deactivate_organisation(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Close an organisation. Raises Refused while it has organisations under it or posts in force."""
    post = require_over(by, May.MANAGE_PEOPLE, organisation.area_code)
    _hold_tree()
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # no post is granted meanwhile
    _check_nothing_hangs_on(organisation, now)
    _switch(organisation, active=False, by=by, now=now)
    journaling.append(
        "organisation.deactivated",
        subject=("organisation", organisation.pk),
        area_code=organisation.area_code,
        by=by,
        now=now,
        post=post,
    )


@transaction.atomic
def reactivate_organisation(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Open a closed organisation again. Raises SomebodyWasFirst where it is open."""
    post = require_over(by, May.MANAGE_PEOPLE, organisation.area_code)
    _switch(organisation, active=True, by=by, now=now)
    journaling.append(
        "organisation.reactivated",
        subject=("organisation", organisation.pk),
        area_code=organisation.area_code,
        by=by,
        now=now,
        post=post,
    )


def circle(parents: dict[int, int | None], start: int) -> bool:
    """Whether going up from `start` by `parents` (id → parent id) comes back to `start`."""
    return start in _ancestors(parents, start)


def _ancestors(parents: dict[int, int | None], start: int) -> Iterator[int]:
    seen: set[int] = set()
    above = parents.get(start)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)


def _hold_tree() -> None:
    """One change of the trees at a time: two halves of a circle must not be closed side by side."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.organisation trees'))")


def _check(facts: OrganisationFacts, *, by: Actor, itself: Organisation | None = None) -> None:
    if not facts.name.strip():
        raise Refused("organisation_nameless", _("An organisation needs a name."), field="name")
    if facts.kind not in OrganisationKind.values:
        raise Refused(
            "organisation_kind_unknown",
            _("There is no kind of organisation “%(kind)s”.") % {"kind": facts.kind},
            field="kind",
        )
    if not DEPARTMENT_KIND.fullmatch(facts.department_kind.strip()):
        raise Refused(
            "department_kind_malformed",
            _("The catalogue's words for departments have small letters and _ only."),
            field="department_kind",
        )
    area_names.check(facts.area_code)
    for field in PARENTS:
        _check_parent(field, getattr(facts, field), itself)


def _check_parent(field: str, parent_id: int | None, itself: Organisation | None) -> None:
    if parent_id is None:
        return
    parent = Organisation.objects.filter(pk=parent_id).first()
    unchanged = itself is not None and getattr(itself, f"{field}_id") == parent_id
    if parent is None or not (parent.active or unchanged):
        raise Refused(
            "parent_gone", _("This parent organisation is not active any more."), field=field
        )
    if itself is None:
        return
    parents = dict(Organisation.objects.values_list("pk", f"{field}_id"))
    parents[itself.pk] = parent_id
    if circle(parents, itself.pk):
        raise Refused(
            "parents_in_a_circle",
            _("%(name)s stands under this organisation already: the two would be above each other.")
            % {"name": parent.name},
            409,
            field=field,
        )


def _check_nothing_hangs_on(organisation: Organisation, now: datetime) -> None:
    children = (
        organisation.administrative_children.filter(active=True)
        | organisation.professional_children.filter(active=True)
    ).count()
    if children:
        raise Refused(
            "organisation_has_children",
            ngettext(
                "%(n)d active organisation stands under it. Give it another parent first.",
                "%(n)d active organisations stand under it. Give them another parent first.",
                children,
            )
            % {"n": children},
            409,
        )
    held = Post.objects.held_on(now.astimezone(LOCAL).date()).filter(organisation=organisation)
    if posts := held.count():
        raise Refused(
            "organisation_has_posts",
            ngettext(
                "%(n)d post in it is still held. End it first.",
                "%(n)d posts in it are still held. End them first.",
                posts,
            )
            % {"n": posts},
            409,
        )


def _switch(organisation: Organisation, *, active: bool, by: Actor, now: datetime) -> None:
    organisation.refresh_from_db()
    if organisation.active == active:
        raise SomebodyWasFirst
    write_over(organisation, version=organisation.version, by=by, now=now, active=active)
