"""`manage.py train_suggester`: learn topics from labelled texts; without files, items and units from what was filed."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.refusal import Refused
from hotline.models import TrainingRun
from hotline.suggesting.asking import NIGHTLY
from hotline.suggesting.files import read_all, train_on
from hotline.suggesting.telling_figures import lines
from hotline.suggesting.training import train_nightly


class Command(BaseCommand):
    help = "Learn topics from labelled texts (CSV: label,text or label,title,text); without files, from what was filed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", nargs="+", type=Path, metavar="FILE", default=[])

    def handle(self, *args: Any, texts: list[Path], **options: Any) -> None:
        if not texts:
            self._from_filings()
            return
        try:
            read = read_all(texts)
            self.stdout.write(f"{len(read)} texts, {len({one.label for one in read})} labels")
            with tqdm(total=100, unit="%", desc="learning", file=sys.stderr) as bar:

                def tell(share: float) -> None:
                    bar.update(round(100 * share) - bar.n)

                figures = train_on(read, tell, timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("One text in seven was held back and judged:")
        for line in lines(figures):
            self.stdout.write(line)

    def _from_filings(self) -> None:
        train_nightly(timezone.now())
        for purpose in NIGHTLY:
            run = TrainingRun.objects.filter(purpose=purpose).first()
            if run is not None:
                self.stdout.write(
                    f"{run.get_purpose_display()}: {run.get_state_display()}, {run.cases} + {run.held_back}"
                    f" accuracy {run.figures.get('accuracy', '—')}"
                    f" (old {run.figures.get('old_accuracy', '—')})"
                )
