"""`manage.py replay_messages FILE`: real messages of a board become cases that wait to be placed."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from grids.models import Area, Level
from incidents.replay import NotMessages, already_sent, messages, send


class Command(BaseCommand):
    help = "Send the messages of a CSV through the report action. Resumable: run twice, it adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--area",
            default="",
            help="code of the area whose centre receives them (default: the district)",
        )

    def handle(self, *args: Any, file: Path, area: str, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            every = list(messages(file))
        except NotMessages as not_messages:
            raise CommandError(str(not_messages)) from None
        code = area or _only_district()
        known = already_sent()
        waiting = [message for message in every if message.id not in known]
        new = sum(
            send(message, area_code=code, now=timezone.now())
            for message in tqdm(waiting, unit="message", file=sys.stderr)
        )
        self.stdout.write(
            f"{len(every)} messages read, {new} new cases, {len(every) - new} known before."
        )


def _only_district() -> str:
    codes = list(Area.objects.filter(level=Level.DISTRICT).values_list("code", flat=True)[:2])
    if len(codes) != 1:
        raise CommandError("Say with --area which area's centre receives the messages.")
    return codes[0]
