"""`manage.py evaluate_suggester --texts FILE`: how well the topics in use are found in labelled texts."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusal import Refused
from hotline.suggesting.files import evaluate_on, read_all
from hotline.suggesting.telling_figures import lines


class Command(BaseCommand):
    help = "Measure the topics in use on labelled texts (CSV: label,text or label,title,text)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", nargs="+", type=Path, metavar="FILE", required=True)

    def handle(self, *args: Any, texts: list[Path], **options: Any) -> None:
        try:
            read = read_all(texts)
            began = perf_counter()
            figures = evaluate_on(read)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        took = (perf_counter() - began) / len(read)
        for line in lines(figures):
            self.stdout.write(line)
        self.stdout.write(f"{took * 1000:.1f} ms a text")
