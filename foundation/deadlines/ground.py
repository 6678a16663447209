"""The ground every deployment stands on: the four counties, their calendars and their rulebooks. Laying it again changes nothing."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from foundation.deadlines.loading import Loaded, load_rulebooks
from foundation.organizations.models import County

COUNTIES = (
    {"code": "640221", "name": "平罗县", "region": "NX", "letter_prefix": "平"},
    {"code": "360735", "name": "石城县", "region": "", "letter_prefix": "石"},
    {"code": "420626", "name": "保康县", "region": "", "letter_prefix": "保"},
    {"code": "370302", "name": "淄川区", "region": "", "letter_prefix": "川"},
)
"""Division codes after GB/T 2260. A county keeps what its administrators have changed since."""


def rulebook_folder() -> Path:
    """Where the rulebooks that ship with the portal lie."""
    return Path(settings.ROOT) / "rulebooks"


@transaction.atomic
def lay_ground(*, at: datetime) -> list[Loaded]:
    """Make sure that the counties, the calendars and the shipped rulebooks are there. Raises BrokenRulebook."""
    for county in COUNTIES:
        County.objects.get_or_create(code=county["code"], defaults=county)
    call_command("load_calendars", verbosity=0)
    files = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(rulebook_folder().glob("*.yaml"))]
    return load_rulebooks(files=files, at=at)
