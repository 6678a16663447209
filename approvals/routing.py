"""Where a decision goes: to every organ the catalogue maps it to, or into the routing pen until a person says where."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from approvals.duties import open_duties
from approvals.models import Decision
from approvals.queries import lock_decision
from approvals.snapshot import content_hash, item_name, search_text, snapshot_of, told_of
from approvals.statuses import DecisionState, Intake
from approvals.texts import clean_text
from catalogue import queries as catalogue
from catalogue.models import HandlingItem
from catalogue.statuses import CommitmentMode
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines import actions as deadlines
from foundation.deadlines.queries import term_of
from foundation.journal import actions as journal
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from pushes.routes import Route
from pushes.sending import send
from pushes.snapshots import missing_fields
from pushes.statuses import PushKind

ROUTING = "routing"


def place(decision: Decision, *, actor: Actor, at: datetime, must_route: bool) -> None:
    """Save an issued or reported decision and push it; history is only kept. With `must_route` a decision nobody supervises is refused."""
    mapped = mapped_routes(decision)
    live = decision.intake == Intake.LIVE
    if must_route and not mapped:
        raise Refused("关联目录里还没有哪个部门监管这一办理项，不能签发。请先在事项目录中关联监管部门。", field="handling_item")
    decision.state = state_with(decision, mapped)
    decision.save()
    verb = "decision.issue" if must_route else "decision.report"
    journal.write(verb=verb, actor=actor, subject=decision, at=at, after=told_to_journal(decision))
    if live:
        open_duties([decision], at=at)
        hand_on(decision, mapped, actor=actor, at=at)


def state_with(decision: Decision, mapped: Sequence[Route]) -> DecisionState:
    """Where a decision stands that nobody may refuse: a live one waits in the pen without item, route or a compulsory field."""
    lacking = missing_fields(snapshot=snapshot_of(decision), rulebook=decision.rulebook)
    live = decision.intake == Intake.LIVE
    routed = bool(decision.handling_item_id) and (not live or (bool(mapped) and not lacking))
    return DecisionState.ISSUED if routed else DecisionState.UNROUTED


def told_to_journal(decision: Decision) -> dict[str, str]:
    """What the journal keeps of a decision that was issued or reported."""
    return {
        "document_number": decision.document_number,
        "sha256": decision.content_hash,
        "intake": decision.intake,
        "state": decision.state,
    }


def hand_on(decision: Decision, mapped: Sequence[Route], *, actor: Actor, at: datetime) -> None:
    """Push a saved live decision to its routes, or let it wait in the pen on a clock of the bureau."""
    if decision.state == DecisionState.ISSUED:
        push(decision, routes=mapped, actor=actor, at=at)
    else:
        _pen(decision, at=at)


def push(decision: Decision, *, routes: Sequence[Route], actor: Actor, at: datetime) -> None:
    """Push a decision to its routes; a commitment is a kind of its own (BA-23a). What the bureau supervises itself is pushed to nobody."""
    sender_id = sender_of(decision)
    routes = [route for route in routes if route.organ_id != sender_id]
    if not routes:
        return
    kind = PushKind.DECISION if decision.commitment_mode == CommitmentMode.NONE else PushKind.COMMITMENT
    send(
        payload=decision,
        kind=kind,
        sender_id=sender_id,
        receivers=routes,
        snapshot=told_of(decision),
        title=item_name(decision),
        rulebook=decision.rulebook,
        actor=actor,
        at=at,
    )


def sender_of(decision: Decision) -> int:
    """The deciding organ, or who answers for it since it was closed."""
    return decision.organ_id if decision.organ.closed_on is None else organizations.standing_organ(decision.organ_id)


def route_row(
    *,
    actor: Actor,
    decision_id: int,
    handling_item: HandlingItem | None = None,
    organ_ids: Sequence[int] = (),
    party_contact: str = "",
    party_address: str = "",
    no_contact_reason: str = "",
    content: str = "",
) -> Decision:
    """Say where a decision of the routing pen goes, and complete what it lacks; it is pushed at once.

    Without `organ_ids` the catalogue's mapping of the handling item is used. Raises Refused naming what is still missing.
    """
    at = clock.now()
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="answer_return")
        if decision.state != DecisionState.UNROUTED:
            raise Refused("这一件已经分派，不需要再办。")
        words = {
            "party_contact": party_contact,
            "party_address": party_address,
            "no_contact_reason": no_contact_reason,
            "content": content,
        }
        _complete(decision, handling_item=handling_item, words=words)
        routes = _chosen(decision, organ_ids) or mapped_routes(decision)
        if decision.intake == Intake.LIVE and not routes:
            raise Refused("请选择由哪些部门监管。", field="organ_ids")
        decision.state = DecisionState.ISSUED
        decision.content_hash, decision.search_text = content_hash(decision), search_text(decision)
        decision.save()
        deadlines.meet(subject_model=Decision, subject_ids=[decision.pk], keys=[ROUTING], at=at)
        after = {"handling_item": decision.handling_item_id, "organs": [route.organ_id for route in routes]}
        journal.write(verb="decision.route", actor=actor, subject=decision, at=at, after=after)
        if decision.intake == Intake.LIVE:
            push(decision, routes=routes, actor=actor, at=at)
    return decision


def _complete(decision: Decision, *, handling_item: HandlingItem | None, words: Mapping[str, str]) -> None:
    """Take over what the routing person filled in; what is left blank stays as the source told it."""
    if handling_item is not None and handling_item.item.county_id != decision.county_id:
        raise Refused("所选事项不在本县的事项目录中。", field="handling_item")
    decision.handling_item = handling_item or decision.handling_item
    if decision.handling_item is None:
        raise Refused("请先选择对应的审批事项和业务办理项。", field="handling_item")
    for name, text in words.items():
        setattr(decision, name, clean_text(name, text) or getattr(decision, name))


def _chosen(decision: Decision, organ_ids: Sequence[int]) -> list[Route]:
    wanted = sorted(set(organ_ids))
    known = set(Organ.objects.filter(pk__in=wanted, county_id=decision.county_id, closed_on=None).values_list("pk", flat=True))
    if known != set(wanted):
        raise Refused("所选部门不是本县在册的单位，请重新选择。", field="organ_ids")
    return [Route(organ_id=pk) for pk in wanted]


def mapped_routes(decision: Decision) -> list[Route]:
    """Where the catalogue sends the decision on the day on its paper; nowhere without an item."""
    if decision.handling_item_id is None:
        return []
    found = catalogue.routes_for(handling_item_id=decision.handling_item_id, on=decision.decided_on)
    return [Route(organ_id=row.organ_id, matter=row.matter, mode=row.mode, liaison_id=row.liaison_id) for row in found]


def _pen(decision: Decision, *, at: datetime) -> None:
    term = term_of(rulebook=decision.rulebook, key=ROUTING)
    if term:
        deadlines.start(term=term, subject_model=Decision, subjects=[(decision.pk, decision.organ_id)], started_at=at)
    people = organizations.people(organ_ids=[decision.organ_id], roles=(Role.WINDOW_CLERK, Role.SECTION_HEAD), on=clock.civil_day(at))
    notices.send(
        kind="routing_waiting",
        users=people,
        subject=decision,
        params={"document_number": decision.document_number, "title": item_name(decision)},
        county_id=decision.county_id,
        organ_id=decision.organ_id,
        at=at,
    )
