"""What decisions tell the rooms below: matters with a party, references in a merge, items outside the list."""

from datetime import date, datetime

import pytest

from approvals.models import Decision
from catalogue.coverage import coverage
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.models import Rulebook
from foundation.organizations.models import County, Organ
from foundation.organizations.validators import credit_check_digit
from parties.actions import merge, register, reveal

AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)


@pytest.mark.django_db
def test_a_decision_opens_the_reveal_moves_in_a_merge_and_shows_what_no_list_knows() -> None:
    county = County.objects.create(code="640221", name="平罗县")
    body = "11640221MB9Y00010"
    bureau = Organ.objects.create(
        county=county, kind="approval_bureau", name="审批局", short_name="审批局", uscc=body + credit_check_digit(body)
    )
    rights = {"record_decision": frozenset({bureau.pk}), "reveal_person": frozenset({bureau.pk})}
    clerk = Actor(county_id=county.pk, client="web", organ_id=bureau.pk, rights=rights)
    book = Rulebook.objects.create(
        key="x", county=county, title="x", short_title="x", status="in_force", valid_from=date(2021, 1, 1), sha256="0" * 64, loaded_at=AT
    )
    keep = register(county_id=county.pk, kind="legal", name="塞上湖餐饮管理", phone="19000000001", actor=clerk, at=AT)
    double = register(county_id=county.pk, kind="legal", name="塞上湖餐饮", phone="19000000002", actor=clerk, at=AT)
    decision = Decision.objects.create(
        county=county,
        organ=bureau,
        rulebook=book,
        origin="reported",
        state="unrouted",
        item_text="烟花爆竹经营许可",
        party=double,
        decided_on=date(2026, 10, 12),
        drafted_at=AT,
    )
    assert reveal(actor=clerk, party=double, field="phone", reason="核对送达材料", at=AT) == "19000000002"
    merge(actor=clerk, keep=keep, duplicates=[double], reason="同一家企业", at=AT)
    decision.refresh_from_db()
    assert decision.party_id == keep.pk
    assert coverage(county_id=county.pk, on=date(2026, 10, 12)).outside == [("烟花爆竹经营许可", 1)]
