"""Load the calendars that come with the portal."""

from django.core.management.base import BaseCommand

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.workdays.actions import load_layer
from foundation.workdays.shipped import shipped_years

NO_COUNTY = 0
"""A calendar is loaded before there is a county and belongs to none; in the journal county 0 stands for the portal itself."""


class Command(BaseCommand):
    """Loads the notices of the data folder that the database does not have. Running it again changes nothing."""

    help = "Load the calendars that come with the portal; years that stand already are left as they are."

    def handle(self, *args: object, **options: object) -> None:
        """Load layer by layer, the national one first."""
        actor = Actor(county_id=NO_COUNTY, client="command", name="系统")
        years = shipped_years()
        for layer in dict.fromkeys(shipped.layer for shipped in years):
            loaded = load_layer(layer=layer, years=years, actor=actor, at=clock.now())
            if loaded:
                self.stdout.write(f"Loaded {layer or 'national'}: {', '.join(map(str, loaded))}")
