"""What the API says about who is asking."""

from dataclasses import dataclass

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.roles import RULES, May, Role

_PERMISSIONS = serializers.ListField(child=serializers.ChoiceField(choices=[m.value for m in May]))


@dataclass(frozen=True)
class Me:
    """An Actor, with what the request knows beside it."""

    actor: Actor
    username: str | None
    language: str


class HeldPostOut(serializers.Serializer[HeldPost]):
    """A post held today. `id` is 0 for a partner system's, which are no rows."""

    id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    role_name = serializers.CharField(source="role.label")
    title = serializers.CharField()
    organisation = serializers.IntegerField(source="organisation_id", allow_null=True)
    area_code = serializers.CharField(help_text="The post's area; its subtree is meant.")
    permissions = serializers.SerializerMethodField()

    @extend_schema_field(_PERMISSIONS)
    def get_permissions(self, post: HeldPost) -> list[str]:
        """What this post allows, in the stable names of `accounts.roles.May`."""
        return sorted(RULES[post.role].may)


class MeOut(serializers.Serializer[Me]):
    """Who is asking, and what they may do right now."""

    kind = serializers.ChoiceField(
        source="actor.kind", choices=[ActorKind.USER.value, ActorKind.CLIENT.value]
    )
    id = serializers.IntegerField(source="actor.id")
    name = serializers.CharField(source="actor.label")
    username = serializers.CharField(allow_null=True, help_text="null for a partner system.")
    language = serializers.CharField(help_text="The language of this answer, e.g. zh-hans.")
    posts = HeldPostOut(source="actor.posts", many=True)
    acting = serializers.IntegerField(
        source="actor.acting",
        allow_null=True,
        help_text="The post that the person chose to act under.",
    )
    permissions = serializers.SerializerMethodField(help_text="The union over all posts.")
    scopes = serializers.SerializerMethodField(help_text="What a partner system's token allows.")

    @extend_schema_field(_PERMISSIONS)
    def get_permissions(self, me: Me) -> list[str]:
        return sorted({may for post in me.actor.posts for may in RULES[post.role].may})

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_scopes(self, me: Me) -> list[str]:
        return sorted(me.actor.scopes)
