"""Who acts. There is always an actor; `user=None` does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import PermissionDenied

from accounts.roles import RULES, May, Role, Scope


class ActorKind(StrEnum):
    USER = "user"
    CLIENT = "client"  # a partner system
    REPORTER = "reporter"  # a citizen without an account who proved a case number and phone
    SYSTEM = "system"


@dataclass(frozen=True)
class HeldPost:
    """A post as its holder acts under it: a role in an organisation over an area.

    `title` is for reading (in the reader's language), `recorded` is what the journal keeps: the same in the
    installation's own language, whoever acts.
    """

    id: int
    role: Role
    organisation_id: int | None
    area_code: str
    title: str = ""
    recorded: str = ""

    @property
    def rule_scope(self) -> Scope:
        return RULES[self.role].scope

    def covers(self, area_code: str) -> bool:
        """Whether the area lies in this post's subtree (an empty code of a case is covered by nobody below)."""
        return area_code.startswith(self.area_code)


@dataclass(frozen=True)
class Actor:
    """A person, a partner system, a reporter or the system itself, with the posts held right now.

    `acting` is the id of the post the person chose to act under; where several posts allow a deed, it wins.
    `scopes` is what a partner system's token allows.
    """

    kind: ActorKind
    id: int | None
    label: str
    posts: tuple[HeldPost, ...] = ()
    acting: int | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)

    def posts_with(self, may: May) -> tuple[HeldPost, ...]:
        """The held posts that give `may`, the acting one first."""
        allowed = [p for p in self.posts if may in RULES[p.role].may]
        return tuple(sorted(allowed, key=lambda p: p.id != self.acting))

    def may(
        self, may: May, *, area_code: str | None = None, organisations: Iterable[int] | None = None
    ) -> HeldPost | None:
        """The post under which this actor may do `may` here, or None.

        With `area_code`, posts of area scope must cover it. With `organisations`, posts of organisation
        scope must belong to one of them. A post of the wrong scope kind is judged by the other argument only.
        """
        wanted = None if organisations is None else set(organisations)
        for post in self.posts_with(may):
            if (
                post.rule_scope is Scope.AREA
                and area_code is not None
                and not post.covers(area_code)
            ):
                continue
            if (
                post.rule_scope is Scope.ORGANISATION
                and wanted is not None
                and post.organisation_id not in wanted
            ):
                continue
            return post
        return None

    def require(
        self, may: May, *, area_code: str | None = None, organisations: Iterable[int] | None = None
    ) -> HeldPost:
        """As `may`, raising PermissionDenied where no post allows it."""
        post = self.may(may, area_code=area_code, organisations=organisations)
        if post is None:
            raise PermissionDenied(str(may))
        return post

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def user_id(self) -> int | None:
        return self.id if self.kind is ActorKind.USER else None

    def area_prefixes(self, may: May) -> tuple[str, ...]:
        """The area prefixes over which this actor's area-scoped posts give `may`."""
        return tuple(
            dict.fromkeys(p.area_code for p in self.posts_with(may) if p.rule_scope is Scope.AREA)
        )

    def organisation_ids(self, may: May) -> tuple[int, ...]:
        """The organisations for which this actor's organisation-scoped posts give `may`."""
        return tuple(
            dict.fromkeys(
                p.organisation_id
                for p in self.posts_with(may)
                if p.rule_scope is Scope.ORGANISATION and p.organisation_id is not None
            )
        )


SYSTEM = Actor(ActorKind.SYSTEM, None, "system")
