"""Who may administer what: the permission, and the areas over which a post gives it.

Administrators see no business data, so their roles have no area scope in the role table; an administrator's
post still has an area, and its holder administers what lies in it. An empty area is the whole installation.
"""

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor, HeldPost
from accounts.roles import ADMINISTRATORS, May, Role


def post_over(by: Actor, may: May, area_code: str) -> HeldPost | None:
    """The post under which `by` may do `may` over this area, or None."""
    return next((p for p in by.posts_with(may) if p.covers(area_code)), None)


def require_over(by: Actor, may: May, area_code: str) -> HeldPost | None:
    """As `post_over`, raising PermissionDenied. The system itself needs no post."""
    if by.is_system:
        return None
    post = post_over(by, may, area_code)
    if post is None:
        raise PermissionDenied(str(may))
    return post


def prefixes(by: Actor, *allowed: May) -> tuple[str, ...]:
    """The areas over which `by` has any of the permissions; ("",) is everywhere, () is nowhere."""
    if by.is_system:
        return ("",)
    held = {p.area_code for may in allowed for p in by.posts_with(may)}
    return tuple(
        code for code in sorted(held) if not any(code != o and code.startswith(o) for o in held)
    )


def grants(role: Role | str) -> May:
    """The permission that granting or ending a post of `role` takes (see docs/roles.md)."""
    return May.MANAGE_POLICIES if role in ADMINISTRATORS else May.MANAGE_PEOPLE


def is_administrator(by: Actor) -> bool:
    """Whether `by` holds one of the three administrators' roles."""
    return any(post.role in ADMINISTRATORS for post in by.posts)
