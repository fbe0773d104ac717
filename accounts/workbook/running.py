"""Doing what the rows say, by the same actions as the pages. A check is a run that is rolled back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import journaling
from accounts.actor import Actor
from accounts.models import Organisation, Post, User
from accounts.organisations import OrganisationFacts, change_organisation, create_organisation
from accounts.people import (
    PersonFacts,
    change_person,
    create_person,
    plain_phone,
    plain_username,
)
from accounts.personal import keyed_hash, mask_phone
from accounts.posts import PostFacts, end_post, grant_post
from accounts.roles import Role
from accounts.visible import organisations_visible_to, people_visible_to
from accounts.workbook.columns import ORGANISATIONS, PEOPLE, POSTS, Sheet
from accounts.workbook.faults import REFUSALS, SAY_ALL, Wrong, finding_of, found_in, without
from accounts.workbook.findings import Finding
from accounts.workbook.reading import Read, Row

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
_PARENTS = ("administrative_parent", "professional_parent")


@dataclass
class Outcome:
    """What became of one sound row. `changes` is column → [before, after], phones masked."""

    sheet: str
    row: int
    name: str
    outcome: str
    changes: dict[str, list[str]] = field(default_factory=dict)
    password: str = ""


@dataclass
class Report:
    """What a run did, or would do, and what stands in its way."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def blocked(self) -> bool:
        """Whether something must be put right first."""
        return any(finding.blocks for finding in self.findings)

    def sort(self) -> None:
        """Findings in the order of the workbook."""
        order = [sheet.key for sheet in (ORGANISATIONS, PEOPLE, POSTS)]
        known = {key: place for place, key in enumerate(order)}
        self.findings.sort(key=lambda f: (known.get(f.sheet, -1), f.row))

    def count(self, sheet: str, outcome: str) -> int:
        """Rows of one sheet with one outcome."""
        return sum(o.sheet == sheet and o.outcome == outcome for o in self.outcomes)


class _NotForGood(Exception):
    """Rolls a check back."""


def check(read: Read, *, by: Actor, now: datetime) -> Report:
    """What applying would do, found out by doing it and taking it back. Nothing is written."""
    report = Report(findings=list(read.findings))
    try:
        with journaling.gathering():
            _Run(read, report, by, now).everything()
            raise _NotForGood
    except _NotForGood:
        report.sort()
    for outcome in report.outcomes:
        outcome.password = ""  # of accounts that do not exist
    return report


def apply(read: Read, *, by: Actor, now: datetime, expected: Callable[[Report], bool]) -> Report:
    """Do it, in the caller's transaction, unless something blocks or the report is not as `expected`."""
    report = Report(findings=list(read.findings))
    try:
        with journaling.gathering():
            _Run(read, report, by, now).everything()
            if report.blocked or not expected(report):
                raise _NotForGood
    except _NotForGood:
        report.sort()
    return report


class _Run:
    """One pass over the rows: organisations, then people, then posts."""

    def __init__(self, read: Read, report: Report, by: Actor, now: datetime) -> None:
        self.read, self.report, self.by, self.now = read, report, by, now
        named = self._named_organisations()
        own = organisations_visible_to(by).filter(code__in=named)
        self.organisations = {o.code: o for o in Organisation.objects.filter(code__in=named)}
        self.own_organisations = set(own.values_list("code", flat=True))
        self.users: dict[str, User] = {}
        self.own_people: set[int] = set()
        self.posts: dict[int, list[Post]] = {}

    def _named_organisations(self) -> set[str]:
        return {
            str(row.values[key])
            for rows in (*self.read.rows.values(), *self.read.unsound.values())
            for row in rows
            for key in ("code", "organisation", *_PARENTS)
            if key in row.values
        }

    def everything(self) -> None:
        for row in self._parents_first():
            self._attempt(row, self._organisation)
        self._look_at_unsound(ORGANISATIONS, self._organisation)
        people = self.read.rows.get(PEOPLE.key, [])
        posts = self.read.rows.get(POSTS.key, [])
        names = self._usernames()
        users = User.objects.filter(username__in=names).select_related("organisation")
        self.users = {u.username: u for u in users}
        self.own_people = set(
            people_visible_to(self.by).filter(username__in=names).values_list("pk", flat=True)
        )
        for row in people:
            self._attempt(row, self._person)
        self._look_at_unsound(PEOPLE, self._person)
        for post in Post.objects.filter(user__username__in=names, ended_at=None):
            self.posts.setdefault(post.user_id, []).append(post)
        for row in posts:
            self._attempt(row, self._post)
        self._look_at_unsound(POSTS, self._post)

    def _usernames(self) -> set[str]:
        return {
            plain_username(str(row.values["username"]))
            for sheets in (self.read.rows, self.read.unsound)
            for sheet in (PEOPLE, POSTS)
            for row in sheets.get(sheet.key, [])
            if "username" in row.values
        }

    def _attempt(self, row: Row, act: Callable[[Row], Outcome]) -> None:
        """Do one row in a savepoint, so that the next rows can still be looked at."""
        try:
            with transaction.atomic():
                outcome = act(row)
        except REFUSALS as error:
            found = finding_of(row, error)
            self.report.findings.append(found)
            if found.code not in SAY_ALL:
                self._look_further(replace(row, faulty=frozenset({found.column})), act)
        else:
            self.report.outcomes.append(outcome)

    def _look_at_unsound(self, sheet: Sheet, act: Callable[[Row], Outcome]) -> None:
        for row in self.read.unsound.get(sheet.key, []):
            self._look_further(row, act)

    def _look_further(self, row: Row, act: Callable[[Row], Outcome]) -> None:
        """Note what else is wrong with a row that will not be done: tried without its faulty cells, taken back.

        A finding about a column that is faulty already, or about the right to do it, may come of the cells that
        are left out: it is not told.
        """
        faulty = set(row.faulty)
        while (bare := without(row, faulty, self.now)) is not None:
            error = self._tried(bare, act)
            if error is None or isinstance(error, PermissionDenied):
                return
            found = finding_of(row, error)
            if found.column in faulty:
                return
            self.report.findings.append(found)
            if found.code in SAY_ALL:
                return
            faulty.add(found.column)

    def _tried(self, row: Row, act: Callable[[Row], Outcome]) -> Exception | None:
        """What stands in the row's way. Nothing of it stays, in the database or here."""
        kept = dict(self.organisations), set(self.own_organisations), dict(self.users)
        own_people, posts = set(self.own_people), {k: list(v) for k, v in self.posts.items()}
        try:
            with transaction.atomic():
                act(row)
                raise _NotForGood
        except _NotForGood:
            return None
        except REFUSALS as error:
            return error
        finally:
            self.organisations, self.own_organisations, self.users = kept
            self.own_people, self.posts = own_people, posts

    def _note(self, row: Row, code: str, column: str = "", **params: Any) -> None:
        self.report.findings.append(found_in(row, code, column, **params))

    # --- organisations ------------------------------------------------------------------------

    def _parents_first(self) -> Iterator[Row]:
        """New organisations after their parents, then those that exist. A circle among the new is noted."""
        rows = self.read.rows.get(ORGANISATIONS.key, [])
        new = {str(r.values["code"]): r for r in rows if r.values["code"] not in self.organisations}
        waiting = dict(new)
        while waiting:
            ready = [
                code
                for code, row in waiting.items()
                if not any(row.values.get(p) in waiting for p in _PARENTS)
            ]
            if not ready:
                for row in waiting.values():
                    self._note(row, "parents_in_a_circle", "administrative_parent")
                break
            for code in ready:
                yield waiting.pop(code)
        yield from (row for row in rows if str(row.values["code"]) not in new)

    def _organisation(self, row: Row) -> Outcome:
        code = str(row.values["code"])
        known = self.organisations.get(code)
        if known is None:
            made = create_organisation(
                code, OrganisationFacts(**self._facts(row, {})), by=self.by, now=self.now
            )
            self.organisations[code] = made
            self.own_organisations.add(code)
            return Outcome(row.sheet, row.number, f"{code} {made.name}", CREATED)
        if code not in self.own_organisations:
            raise Wrong("foreign", "code")
        if not known.active:
            raise Wrong("closed", "code")
        before = _stored(known)
        after = self._facts(row, before)
        changes = {
            key: [self._shown(key, before[key]), self._shown(key, after[key])]
            for key in before
            if before[key] != after[key]
        }
        if changes:
            self.organisations[code] = change_organisation(
                known, OrganisationFacts(**after), version=known.version, by=self.by, now=self.now
            )
        outcome = CHANGED if changes else UNCHANGED
        return Outcome(row.sheet, row.number, f"{code} {known.name}", outcome, changes)

    def _facts(self, row: Row, stored: dict[str, Any]) -> dict[str, Any]:
        """The stored facts with the row's over them: an empty cell leaves what is stored."""
        given = {key: value for key, value in row.values.items() if key != "code"}
        for parent in _PARENTS:
            if parent in given:
                given[parent] = self._organisation_called(str(given[parent]), parent).pk
        return stored | given

    def _organisation_called(self, code: str, column: str) -> Organisation:
        found = self.organisations.get(code)
        if found is None:
            raise Wrong("no_such_organisation", column)
        return found

    def _shown(self, key: str, value: Any) -> str:
        if key not in _PARENTS or value is None:
            return str(value or "")
        return next((o.code for o in self.organisations.values() if o.pk == value), f"#{value}")

    # --- people -------------------------------------------------------------------------------

    def _person(self, row: Row) -> Outcome:
        values = row.values
        username = plain_username(str(values["username"]))
        employer = values.get("organisation")
        organisation = (
            self._organisation_called(str(employer), "organisation") if employer else None
        )
        known = self.users.get(username)
        if known is None:
            facts = PersonFacts(
                name=values["name"], organisation=organisation, phone=values.get("phone")
            )
            made = create_person(username, facts, by=self.by, now=self.now)
            self.users[username] = made.user
            self.own_people.add(made.user.pk)
            name = f"{username} {made.user.name}"
            return Outcome(row.sheet, row.number, name, CREATED, password=made.password)
        self._check_own(known, "username")
        return self._changed_person(row, known, organisation or known.organisation)

    def _changed_person(self, row: Row, known: User, organisation: Organisation | None) -> Outcome:
        phone = row.values.get("phone")
        changes: dict[str, list[str]] = {}
        if known.name != row.values["name"]:
            changes["name"] = [known.name, row.values["name"]]
        if organisation is not None and organisation.pk != known.organisation_id:
            before = known.organisation.code if known.organisation else ""
            changes["organisation"] = [before, organisation.code]
        if phone is not None and keyed_hash(phone) != known.phone_hash:
            changes["phone"] = [mask_phone(known.phone), mask_phone(plain_phone(phone))]
        if changes:
            facts = PersonFacts(name=row.values["name"], organisation=organisation, phone=phone)
            known = change_person(known, facts, version=known.version, by=self.by, now=self.now)
            self.users[known.username] = known
        outcome = CHANGED if changes else UNCHANGED
        return Outcome(row.sheet, row.number, f"{known.username} {known.name}", outcome, changes)

    def _check_own(self, user: User, column: str) -> None:
        if user.pk not in self.own_people:
            raise Wrong("foreign", column)
        if not user.is_active:
            raise Wrong("closed", column)

    # --- posts --------------------------------------------------------------------------------

    def _post(self, row: Row) -> Outcome:
        values = row.values
        user = self.users.get(plain_username(str(values["username"])))
        if user is None:
            raise Wrong("no_such_person", "username")
        self._check_own(user, "username")
        office = values.get("organisation")
        facts = PostFacts(
            role=Role(values["role"]),
            valid_from=values["valid_from"],
            valid_to=values.get("valid_to"),
            organisation=(
                self._organisation_called(str(office), "organisation") if office else None
            ),
            area_code=str(values.get("area_code", "")),
        )
        name = f"{user.username} {facts.role.label}"
        held = self._same_post(user, facts)
        if held is None:
            made = grant_post(user, facts, by=self.by, now=self.now)
            self.posts.setdefault(user.pk, []).append(made)
            return Outcome(row.sheet, row.number, name, CREATED)
        if held.valid_from != facts.valid_from:
            raise Wrong("starts_otherwise", "valid_from", since=held.valid_from.isoformat())
        if facts.valid_to is None or facts.valid_to == held.valid_to:
            return Outcome(row.sheet, row.number, name, UNCHANGED)
        changes = {"valid_to": [_day(held.valid_to), _day(facts.valid_to)]}
        end_post(held, last_day=facts.valid_to, by=self.by, now=self.now)
        return Outcome(row.sheet, row.number, name, CHANGED, changes)

    def _same_post(self, user: User, facts: PostFacts) -> Post | None:
        """The person's post with the same role, organisation and area, sharing a day with the one in the row."""
        for post in self.posts.get(user.pk, ()):
            same = (
                post.role == facts.role
                and post.area_code == facts.area
                and post.organisation_id == (facts.organisation.pk if facts.organisation else None)
            )
            begins_later = facts.valid_to is not None and post.valid_from > facts.valid_to
            over_before = post.valid_to is not None and post.valid_to < facts.valid_from
            if same and not begins_later and not over_before:
                return post
        return None


def _stored(known: Organisation) -> dict[str, Any]:
    names = ("name", "name_en", "kind", "department_kind", "area_code", "phone")
    stored = {name: getattr(known, name) for name in names}
    return stored | {parent: getattr(known, f"{parent}_id") for parent in _PARENTS}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
