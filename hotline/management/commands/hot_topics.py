"""`manage.py hot_topics --messages FILE`: what many different people complain of, the hottest first."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusal import Refused
from hotline.topics.clustering import gather
from hotline.topics.ranking import Hot, hottest
from hotline.topics.reading import read_messages


class Command(BaseCommand):
    help = "Gather messages (CSV: id,user,time,title,text,dislikes,likes) into topics and print the hottest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--messages", type=Path, metavar="FILE", required=True)
        parser.add_argument("--top", type=int, default=5)

    def handle(self, *args: Any, messages: Path, top: int, **options: Any) -> None:
        began = perf_counter()
        try:
            read = read_messages(messages)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not read:
            raise CommandError("There are no messages in this file.")
        found = gather(read)
        hot = hottest(found.topics, read[-1].at, top)
        self.stdout.write(
            f"{len(read)} messages, {len(found.topics)} topics, {perf_counter() - began:.1f} s"
        )
        for rank, one in enumerate(hot, 1):
            self._print(rank, one)

    def _print(self, rank: int, one: Hot) -> None:
        topic, (first, last) = one.topic, one.span
        self.stdout.write(f"\n{rank}. {one.headline}")
        self.stdout.write(
            f"   {topic.people} people, {len(topic.messages)} messages, {topic.likes} likes, heat {one.heat};"
            f" {first:%Y-%m-%d} to {last:%Y-%m-%d}; {one.place}"
        )
        for message in topic.messages[:: max(1, len(topic.messages) // 4)][:4]:
            self.stdout.write(f"   · {message.title}")
