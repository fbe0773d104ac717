"""Posts as records keep them, told to people in their own language."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, override

from accounts.models import Organisation
from accounts.roles import Role

_BETWEEN = " · "  # as `identity.held_post` joins organisation and role


def posts_told(recorded: Iterable[str]) -> dict[str, str]:
    """Recorded post → the same in the active language; one query, and none in the language of the records.

    A part that no organisation and no role is called by stays as it was written.
    """
    posts = set(recorded) - {""}
    if get_language() == settings.LANGUAGE_CODE or not posts:
        return {post: post for post in posts}
    parts = {part for post in posts for part in post.split(_BETWEEN)}
    said = _roles() | {
        unit.name: unit.shown_name for unit in Organisation.objects.filter(name__in=parts)
    }
    return {
        post: _BETWEEN.join(said.get(part, part) for part in post.split(_BETWEEN)) for post in posts
    }


def _roles() -> dict[str, str]:
    with override(settings.LANGUAGE_CODE):
        recorded = {role: str(role.label) for role in Role}
    return {recorded[role]: str(role.label) for role in Role}
