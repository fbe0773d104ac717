"""Organisations, people, roles, posts, the Actor, sign-in policy and API clients."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Make known which personal data of this room can be shown on request."""
        from accounts import phones, reveal

        reveal.register(phones.PHONE)
