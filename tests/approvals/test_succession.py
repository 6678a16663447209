"""A bureau is followed by another, a clerk leaves: drafts and the pen have an owner, decisions keep who made them."""

from datetime import date

import pytest

from approvals import actions, routing
from catalogue.models import Mapping
from foundation.common import clock, hooks
from foundation.common.errors import NotYours
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.organizations import actions as organs
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from tests.approvals.world import Person, World, moment, organ
from tests.factories import console
from tests.factories import person as appointed

ON = date(2026, 10, 14)


@pytest.fixture
def bureau(world: World) -> Organ:
    """Who follows the approval bureau."""
    return organ(world.county, 31, "政务服务局", kind="approval_bureau")


def abolish(world: World, new: Organ) -> None:
    with clock.frozen(moment("2026-10-14 09:00")):
        organs.abolish_organ(organ=world.bureau, successor=new, on=ON, actor=console(world.county))


def acting(who: Person, at_organ: Organ):  # type: ignore[no-untyped-def]
    found = acting_for(user=who.user, organ_id=at_organ.pk, day=ON)
    assert found is not None
    return actor_of(found)


def test_a_draft_goes_on_and_an_issued_decision_keeps_who_made_it(world: World, bureau: Organ) -> None:
    issued = world.issued()
    waiting = world.submitted(document_number="石行审许〔2026〕0408号")
    abolish(world, bureau)
    issued.refresh_from_db()
    waiting.refresh_from_db()
    assert (issued.organ, waiting.organ, waiting.state) == (world.bureau, bureau, "submitted")
    assert [row.subject_id for row in Entry.objects.filter(verb="decision.transfer")] == [waiting.pk]


def test_the_pen_moves_with_its_clock_and_the_successor_sends(world: World, bureau: Organ) -> None:
    values = world.values(handling_item=None, item_text="食品许可")
    decision = actions.report(actor=world.drafter.actor, organ_id=world.bureau.pk, values=values)
    assert decision.state == "unrouted"
    abolish(world, bureau)
    clock_row = Deadline.objects.get(subject_type__model="decision", subject_id=decision.pk, term__key="routing")
    assert clock_row.organ == bureau and clock_row.adjustments.filter(kind="transfer").exists()
    with clock.frozen(moment("2026-10-14 10:00")):
        routed = routing.route_row(actor=acting(world.issuer, bureau), decision_id=decision.pk, handling_item=world.handling)
    assert routed.organ == world.bureau, "the decision keeps who made it"
    assert world.push_to(world.departments[0]).sender == bureau


def test_a_leavers_drafts_get_another_drafter_who_cannot_issue_them(world: World) -> None:
    draft = actions.draft(actor=world.drafter.actor, organ_id=world.bureau.pk, values=world.values())
    waiting = world.submitted(document_number="石行审许〔2026〕0408号")
    organ_id, leaver = world.bureau.pk, world.drafter.user.pk
    work = [one for source in hooks.open_work_of.of("approvals") for one in source(user_id=leaver, organ_id=organ_id)]
    assert [one.subject_id for one in work] == [draft.pk]
    (mover,) = hooks.hand_over_work.of("approvals")
    assert mover(user_id=leaver, organ_id=organ_id, to_user_id=world.issuer.user.pk, actor=world.issuer.actor) == 1
    draft.refresh_from_db()
    waiting.refresh_from_db()
    assert (draft.drafted_by, waiting.drafted_by) == (world.issuer.user, world.drafter.user)
    actions.submit(actor=world.issuer.actor, decision_id=draft.pk)
    with pytest.raises(NotYours, match="起草人"):
        actions.issue(actor=world.issuer.actor, decision_id=draft.pk)


def test_named_liaisons_of_the_catalogue_change_or_are_cleared(world: World) -> None:
    department, leaver = world.departments[0], world.liaisons[0].user
    Mapping.objects.filter(organ=department).update(liaison=leaver)
    heir = appointed(Role.INSPECTOR, department, name="钱进")
    assert [one.kind for source in hooks.open_work_of.of("catalogue") for one in source(user_id=leaver.pk, organ_id=department.pk)] == [
        "目录中的指名联络员"
    ]
    (mover,) = hooks.hand_over_work.of("catalogue")
    assert mover(user_id=leaver.pk, organ_id=department.pk, to_user_id=heir.user.pk, actor=world.issuer.actor) == 1
    assert Mapping.objects.get(organ=department).liaison is None, "the successor is not on the register"
    Mapping.objects.filter(organ=department).update(liaison=leaver)
    organs.register_liaison(
        organ=department, user=heir.user, kind="officer", order=1, valid_from=clock.today(), actor=console(world.county)
    )
    mover(user_id=leaver.pk, organ_id=department.pk, to_user_id=heir.user.pk, actor=world.issuer.actor)
    assert Mapping.objects.get(organ=department).liaison == heir.user
