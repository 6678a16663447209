"""Two counties with organs, a clerk, and files of every kind."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.common.actors import Actor
from foundation.common.clock import ZONE
from foundation.organizations.models import County, Organ, User
from foundation.organizations.statuses import OrganKind
from foundation.organizations.validators import credit_check_digit
from foundation.papers import actions

AT = datetime(2026, 10, 9, 9, 30, tzinfo=ZONE)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def at() -> datetime:
    """The moment of the acts."""
    return AT


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    """Uploads of the test lie in a folder of their own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def world(db) -> SimpleNamespace:
    """Two organs of one county, one of another, a clerk, and an actor for the clerk in the first organ."""
    counties = [County.objects.create(code=code, name=name) for code, name in (("360735", "石城县"), ("640221", "平罗县"))]
    organs = []
    for number, county in enumerate([counties[0], counties[0], counties[1]]):
        body = f"1136073500000000{number}"
        code = body + credit_check_digit(body)
        organs.append(
            Organ.objects.create(county=county, kind=OrganKind.DEPARTMENT, name=f"演示机关{number}", short_name=f"机关{number}", uscc=code)
        )
    user = User.objects.create(username="lihui", full_name="李慧")

    def actor(organ: Organ, **rights: frozenset[int]) -> Actor:
        held = {"view_matter": frozenset({organ.pk}), **rights}
        return Actor(county_id=organ.county_id, client="web", user_id=user.pk, name=user.full_name, organ_id=organ.pk, rights=held)

    return SimpleNamespace(
        bureau=organs[0], department=organs[1], stranger=organs[2], user=user, actor_for=actor, actor=actor(organs[0]), county=counties[0]
    )


@pytest.fixture
def attach(world) -> Callable[..., object]:
    """Attach content under a name to the county (any model is a subject)."""

    def attach(name: str = "决定书.pdf", content: bytes = PDF, **changes: object) -> object:
        values = {"actor": world.actor, "subject": world.county, "kind": "决定书", "organ_id": world.bureau.pk, "at": AT, **changes}
        return actions.attach(upload=SimpleUploadedFile(name, content), **values)

    return attach
