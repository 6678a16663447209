"""Lays the ground: counties, calendars, rulebooks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.common import clock
from foundation.common.errors import Refused
from foundation.deadlines.ground import lay_ground


class Command(BaseCommand):
    """Load the four counties, the calendars and the shipped rulebooks; running it again changes nothing."""

    help = "Load the four counties, the calendars and the rulebooks that ship with the portal. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay the ground and say what became of each rulebook."""
        try:
            loaded = lay_ground(at=clock.now())
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if options["verbosity"]:
            for one in loaded:
                self.stdout.write(f"{one.rulebook.key}: {one.outcome}")
