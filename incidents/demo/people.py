"""One named account per role, 404 grid workers and everybody else whom the cases need."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.actor import SYSTEM
from accounts.models import Organisation, User
from accounts.people import PersonFacts, create_person
from accounts.posts import PostFacts, grant_post
from accounts.roles import Role
from config.secrets_file import kept_secret
from grids.models import Area, Duty, Level
from grids.staffing import assign
from incidents.demo.names import names

WORKERS = 404


@dataclass(frozen=True)
class Account:
    """An account that `./run` prints: somebody of that role, with the demonstration password."""

    username: str
    role: Role
    organisation: str = ""
    area: str = "120103"


# The walk through one case: worker, clerk, dispatcher, department (sanitation).
HOME = "120103007"  # 友谊路街道
ACCOUNTS = (
    Account("worker", Role.GRID_WORKER, "HX-Z007", HOME),
    Account("clerk", Role.CLERK, "HX-CENTRE"),
    Account("dispatcher", Role.DISPATCHER, "HX-CENTRE"),
    Account("operator", Role.HOTLINE_OPERATOR, "HX-CENTRE"),
    Account("visitor", Role.RETURN_VISITOR, "HX-CENTRE"),
    Account("department", Role.DEPARTMENT, "HX-SAN"),
    Account("leader", Role.UNIT_LEADER, "HX-SAN"),
    Account("contractor", Role.CONTRACTOR, "HX-C01"),
    Account("commander", Role.COMMANDER, "HX-CENTRE"),
    Account("supervisor", Role.SUPERVISOR, "HX-CENTRE"),
    Account("secretary", Role.COMMANDER, "HX-Z007", HOME),
    Account("fire", Role.DEPARTMENT, "HX-FR"),
    Account("personnel", Role.PERSONNEL_OFFICER, "HX-HR"),
    Account("chief", Role.GRID_CHIEF, "HX-Z007", HOME),
    Account("community", Role.COMMUNITY, "HX-Z007", HOME),
    Account("captain", Role.DOOR_CAPTAIN, "HX-Z007", HOME),
    Account("volunteer", Role.VOLUNTEER, "HX-Z007", HOME),
    Account("citizen", Role.CITIZEN, "", HOME),
    Account("mediator", Role.MEDIATOR, "HX-JU"),
    Account("petitions", Role.PETITION_OFFICER, "HX-PO"),
    Account("keyperson", Role.KEY_PERSON_OFFICER, "HX-PL"),
    Account("sysadmin", Role.SYSTEM_ADMIN),
    Account("secadmin", Role.SECURITY_ADMIN),
    Account("audit", Role.AUDIT_ADMIN),
)
# Somebody with two posts: clerk of one subdistrict and dispatcher of another.
TWO_POSTS = (
    "twoposts",
    (("HX-Z008", Role.CLERK, "120103008"), ("HX-Z009", Role.DISPATCHER, "120103009")),
)


def demonstration_password() -> str:
    """The password of the printed accounts: made once for each installation, kept under `var/`.

    `YIWANG_DEMO_PASSWORD` sets another.
    """
    given = os.environ.get("YIWANG_DEMO_PASSWORD", "")
    return given or f"Grid-{kept_secret(settings.VAR_DIR / 'secrets', 'DEMO_PASSWORD')[:10]}"


def accounts_made() -> list[tuple[Account, User]]:
    """The printed accounts that this database has."""
    users = User.objects.in_bulk([a.username for a in ACCOUNTS], field_name="username")
    return [(a, users[a.username]) for a in ACCOUNTS if a.username in users]


# (organisation's code, role, area code) of each post.
Posts = Sequence[tuple[str, Role, str]]


def _open_doors() -> None:
    """Everybody of the demonstration signs in with its one password, hashed once."""
    User.objects.filter(is_active=True).update(
        password=make_password(demonstration_password()),
        must_change_password=False,
        password_set_at=timezone.now(),
    )


class People:
    """Makes people by the actions that administrators use, with invented names."""

    def __init__(self, now: datetime, since: date) -> None:
        self._now = now
        self._since = since
        self._names = names("hexi")
        self._units = {unit.code: unit for unit in Organisation.objects.all()}

    def make(self) -> Iterator[str]:
        """Everybody; yields a user name as each is done, for the progress bar."""
        for account in ACCOUNTS:
            yield self._named(
                account.username, [(account.organisation, account.role, account.area)]
            )
        yield self._named(*TWO_POSTS)
        yield from self._unit_staff()
        yield from self._field_staff()
        _open_doors()

    def _person(self, username: str, posts: Posts) -> User:
        unit = self._units.get(posts[0][0])
        facts = PersonFacts(name=self._names.next(), organisation=unit, phone=self._names.phone())
        user = create_person(username, facts, by=SYSTEM, now=self._now).user
        for code, role, area in posts:
            grant_post(
                user,
                PostFacts(
                    role=role,
                    organisation=self._units.get(code),
                    area_code=area,
                    valid_from=self._since,
                ),
                by=SYSTEM,
                now=self._now,
            )
        return user

    def _named(self, username: str, posts: Posts) -> str:
        self._person(username, posts)
        return username

    def _unit_staff(self) -> Iterator[str]:
        """A handler and a leader in every department, contractor and subdistrict office."""
        for code, unit in self._units.items():
            if unit.kind == "centre":
                continue
            handles = Role.CONTRACTOR if unit.kind == "contractor" else Role.DEPARTMENT
            stem = code.lower()
            for suffix, role in (("handler", handles), ("leader", Role.UNIT_LEADER)):
                self._person(f"{stem}-{suffix}", [(code, role, unit.area_code)])
                yield stem

    def _field_staff(self) -> Iterator[str]:
        """404 full-time workers, a chief per community and four police officers per subdistrict, on 435
        grids: some serve several, and a few grids lack somebody, as in life."""
        grids = list(Area.objects.filter(level=Level.GRID, status="active").order_by("code"))
        yield from self._serve(grids, Duty.FULL_TIME, self._workers(grids))
        yield from self._chiefs(grids)
        yield from self._police(grids)

    def _workers(self, grids: list[Area]) -> Iterator[User]:
        """The named worker first, in the first grid of the home subdistrict."""
        named = User.objects.get(username="worker")
        home = next(g.code for g in grids if g.code.startswith(HOME))
        made = 1
        for grid in grids:
            if grid.code == home:
                yield named
            elif made < WORKERS:
                made += 1
                yield self._worker(grid)
            else:
                return

    def _worker(self, grid: Area) -> User:
        unit = f"HX-Z{grid.code[6:9]}"
        return self._person(f"w{grid.code[6:]}", [(unit, Role.GRID_WORKER, grid.code)])

    def _serve(self, grids: list[Area], duty: Duty, people: Iterator[User]) -> Iterator[str]:
        for grid, person in zip(grids, people, strict=False):
            self._assign(grid, person, duty)
            yield person.username

    def _chiefs(self, grids: list[Area]) -> Iterator[str]:
        chiefs: dict[str, User] = {}
        for n, grid in enumerate(grids):
            community = grid.code[:12]
            if community not in chiefs:
                unit = f"HX-Z{grid.code[6:9]}"
                post = [(unit, Role.GRID_CHIEF, community)]
                chiefs[community] = self._person(f"c{community[6:]}", post)
            if n % 40 != 7:
                self._assign(grid, chiefs[community], Duty.CHIEF)
            yield community

    def _police(self, grids: list[Area]) -> Iterator[str]:
        officers: dict[str, cycle[User]] = {}
        for n, grid in enumerate(grids):
            street = grid.code[6:9]
            if street not in officers:
                four = [
                    self._person(f"p{street}-{i}", [("HX-PS", Role.VOLUNTEER, grid.code[:9])])
                    for i in range(1, 5)
                ]
                officers[street] = cycle(four)
            if n % 36 != 11:
                self._assign(grid, next(officers[street]), Duty.POLICE)
            yield street

    def _assign(self, grid: Area, person: User, duty: Duty) -> None:
        assign(
            grid_code=grid.code,
            person=person,
            duty=duty,
            since=self._since,
            by=SYSTEM,
            now=self._now,
        )
