"""The append-only event log, its seal, and the readers that follow it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"
