"""Where a decision goes: to every organ the catalogue maps it to, or into the routing pen until a person says where."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from approvals.models import Decision
from approvals.queries import lock_decision
from approvals.snapshot import content_hash, item_name, search_text, snapshot_of
from approvals.statuses import DecisionState, Intake
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
from foundation.organizations.statuses import Role
from pushes.routes import Route
from pushes.sending import send
from pushes.snapshots import missing_fields
from pushes.statuses import PushKind

ROUTING = "routing"


def place(decision: Decision, *, actor: Actor, at: datetime, must_route: bool) -> None:
    """Save an issued or reported decision and push it; history is only kept. With `must_route` a decision nobody supervises is refused."""
    routes = _routes(decision)
    live = decision.intake == Intake.LIVE
    if must_route and not routes:
        raise Refused("关联目录里还没有哪个部门监管这一办理项，不能签发。请先在事项目录中关联监管部门。", field="handling_item")
    lacking = bool(missing_fields(snapshot=snapshot_of(decision), rulebook=decision.rulebook))
    routed = bool(decision.handling_item_id) and (not live or (bool(routes) and not lacking))
    decision.state = DecisionState.ISSUED if routed else DecisionState.UNROUTED
    decision.save()
    verb = "decision.issue" if must_route else "decision.report"
    after = {
        "document_number": decision.document_number,
        "sha256": decision.content_hash,
        "intake": decision.intake,
        "state": decision.state,
    }
    journal.write(verb=verb, actor=actor, subject=decision, at=at, after=after)
    if routed and live:
        push(decision, routes=routes, actor=actor, at=at)
    elif live or not routed:
        _pen(decision, at=at)


def push(decision: Decision, *, routes: Sequence[Route], actor: Actor, at: datetime) -> None:
    """Push a decision to its routes; a commitment is a kind of its own (BA-23a)."""
    kind = PushKind.DECISION if decision.commitment_mode == CommitmentMode.NONE else PushKind.COMMITMENT
    send(
        payload=decision,
        kind=kind,
        sender_id=decision.organ_id,
        receivers=routes,
        snapshot=snapshot_of(decision),
        title=item_name(decision),
        rulebook=decision.rulebook,
        actor=actor,
        at=at,
    )


def route_row(
    *,
    actor: Actor,
    decision_id: int,
    handling_item: HandlingItem | None = None,
    organ_ids: Sequence[int] = (),
    party_contact: str = "",
    party_address: str = "",
    no_contact_reason: str = "",
) -> Decision:
    """Say where a decision of the routing pen goes, and complete what it lacks; it is pushed at once.

    Without `organ_ids` the catalogue's mapping of the handling item is used. Raises Refused naming what is still missing.
    """
    at = clock.now()
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="answer_return")
        if decision.state != DecisionState.UNROUTED:
            raise Refused("这一件已经分派，不需要再办。")
        decision.handling_item = handling_item or decision.handling_item
        decision.party_contact = party_contact.strip() or decision.party_contact
        decision.party_address = party_address.strip() or decision.party_address
        decision.no_contact_reason = no_contact_reason.strip() or decision.no_contact_reason
        if decision.handling_item is None:
            raise Refused("请先选择对应的审批事项和业务办理项。", field="handling_item")
        routes = [Route(organ_id=pk) for pk in organ_ids] or _routes(decision)
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


def _routes(decision: Decision) -> list[Route]:
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
