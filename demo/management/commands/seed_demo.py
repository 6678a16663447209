"""Fills the embedded database with the demo world. Refuses any other database."""

import random
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboards.figures import close_months
from demo import companies, items, people, scenes
from demo.story import Story
from foundation.common import clock
from foundation.organizations.models import County, Organ

TOWNS = (
    # county, prefix of the user names, departments, parties, decisions, days
    ("360735", "sc", (), 60, 180, 420),
    ("640221", "pl", (), 40, 45, 240),
    ("420626", "bk", ("shichang", "weijian", "jiaotong", "shuiwu", "zhujian"), 30, 36, 200),
    ("370302", "zc", ("shichang", "weijian", "minzheng", "zhujian"), 20, 20, 160),
)


class Command(BaseCommand):
    """Seed four counties, each under its own rulebook; 石城 is the full tour."""

    help = "Fill the embedded database with demo data, dated relative to today. Runs once; refused on any other database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of it."""
        parser.add_argument("--share", type=float, default=1.0, help="share of the months of work to tell, for quick trials")

    def handle(self, *args: Any, share: float, **options: Any) -> None:
        """Seed, or say why not."""
        if not settings.EMBEDDED:
            raise CommandError("Demo data only ever enters the embedded database.")
        if Organ.objects.exists():
            self.stdout.write("The demo world is there already.")
            return
        for number, (code, prefix, departments, parties, decisions, days) in enumerate(TOWNS):
            started = time.monotonic()
            with transaction.atomic():
                county = County.objects.get(code=code)
                town = people.build(county=county, prefix=prefix, number=number * 100, departments=departments)
                self._tell(town, number, parties=parties, decisions=int(decisions * share), days=days)
            self.stdout.write(f"{county.name}: {time.monotonic() - started:.0f} s")

    def _tell(self, town: people.Town, number: int, *, parties: int, decisions: int, days: int) -> None:
        now = clock.now()
        chance = random.Random(number)  # noqa: S311 - a story, not a secret
        story = Story(town, items=items.load(town), parties=companies.load(town, count=parties, chance=chance), now=now, seed=number)
        story.months_of_work(since=now.date() - timedelta(days=days), count=decisions)
        scenes.play(story)
        story.tell()
        close_months(county_id=town.county.pk, at=now)
