"""Organisations, people, roles, posts, the Actor, sign-in policy and API clients."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
