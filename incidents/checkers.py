"""Who goes to look: the grid worker nearest to the spot who has nothing to do with the unit that handled it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Post, User
from accounts.roles import RULES, May, Role
from grids.models import Duty, Staffing
from grids.queries import area_names
from incidents.case import Case

CHECKING_ROLES = tuple(role for role, rule in RULES.items() if May.CHECK in rule.may)
# On foot in the grid first, then its chief, then whoever knows the community.
_DUTIES = (Duty.FULL_TIME, Duty.PART_TIME, Duty.CHIEF)
MOST_OFFERED = 40
_ROLES = (Role.GRID_WORKER, Role.GRID_CHIEF, Role.COMMUNITY)


def is_fit(person: User, case: Case) -> bool:
    """Whether the person is on duty over the spot, and not of a unit that was told to act here."""
    return _fit(case).filter(pk=person.pk).exists()


def nearest_checker(case: Case, but_not: int | None = None) -> User | None:
    """The grid's own worker; else who holds a post as close above it as can be; else a neighbour's worker."""
    fit = _fit(case) if but_not is None else _fit(case).exclude(pk=but_not)
    return _of_the_grid(case, fit) or _by_post(case, fit)


def choices(case: Case) -> list[tuple[int, str]]:
    """Who may be sent, the nearest first, as a select shows them: name, where on duty, as what."""
    posts = list(_posts_near(case).filter(user__in=_fit(case)).select_related("user"))
    posts.sort(key=lambda post: _distance(post, case))
    names = area_names({post.area_code for post in posts})
    first = {post.user_id: post for post in reversed(posts)}  # the nearest post of each person
    nearest = sorted(first.values(), key=lambda post: _distance(post, case))
    return [
        (
            post.user_id,
            f"{post.user.name} · {names.get(post.area_code, '')} · {Role(post.role).label}",
        )
        for post in nearest[:MOST_OFFERED]
    ]


def _fit(case: Case) -> QuerySet[User]:
    """People who may look at this spot. A neighbouring grid's worker may be lent, within the subdistrict."""
    units = case.involved_units
    holders = _posts_near(case).values("user_id")
    of_the_units = Post.objects.held_on(case.today).filter(organisation_id__in=units)
    return (
        User.objects.filter(pk__in=holders, is_active=True)
        .exclude(pk__in=of_the_units.values("user_id"))
        .exclude(organisation_id__in=units)
    )


def _posts_near(case: Case) -> QuerySet[Post]:
    """Checking posts over the spot, and those of other grids of the same subdistrict."""
    code = case.incident.area_code
    above = [code[:length] for length in range(len(code) + 1)]
    near = Q(area_code__in=above)
    if len(code) >= 9:
        near |= Q(area_code__gte=code[:9], area_code__lt=f"{code[:9]}:")
    return Post.objects.held_on(case.today).filter(near, role__in=CHECKING_ROLES)


def _of_the_grid(case: Case, fit: QuerySet[User]) -> User | None:
    serving = (
        Staffing.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=case.today),
            grid_id=case.incident.grid_code,
            valid_from__lte=case.today,
            duty__in=_DUTIES,
            person__in=fit,
        )
        .select_related("person")
        .order_by("id")
    )
    first = min(serving, key=lambda s: (_DUTIES.index(Duty(s.duty)), s.pk), default=None)
    return first.person if first else None


def _by_post(case: Case, fit: QuerySet[User]) -> User | None:
    posts: Iterable[Post] = (
        _posts_near(case).filter(user__in=fit).select_related("user").order_by("id")
    )
    nearest = min(posts, key=lambda post: _distance(post, case), default=None)
    return nearest.user if nearest else None


def _distance(post: Post, case: Case) -> tuple[bool, int, int, int]:
    """Who answers for the spot goes before a neighbour; then shared digits of the area code say how near; a
    worker goes before a chief, a chief before an officer."""
    code = case.incident.area_code
    elsewhere = not code.startswith(post.area_code)
    return (elsewhere, -_common(post.area_code, code), _ROLES.index(Role(post.role)), post.pk)


def _common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
