"""What a form brings beside the fields of a decision: a new party, the next document number, papers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction

from approvals import actions
from approvals.models import Decision
from approvals.queries import lock_decision
from approvals.statuses import DecisionState, Intake
from catalogue import queries as catalogue
from catalogue.models import HandlingItem
from catalogue.statuses import CommitmentMode
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines.dating import Dated, date_term
from foundation.deadlines.models import Term
from foundation.deadlines.queries import calendar_for_county, rulebook_on, term_of
from foundation.organizations.models import Organ
from foundation.papers import actions as papers
from parties import actions as parties
from pushes.statuses import CLAIM_TERMS, PushKind

NUMBER_KIND = "decision"
DECISION_PAPER = "决定书"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a clerk filled in. `new_party` is registered where no party was chosen; `next_number` asks for an official number."""

    values: Mapping[str, Any]
    new_party: Mapping[str, Any] = field(default_factory=dict)
    next_number: bool = False
    uploads: Sequence[File] = ()


@transaction.atomic
def save_new(*, actor: Actor, organ: Organ, filled: Filled, submits: bool = False) -> Decision:
    """Start a draft from a form, with its party, number and papers, or nothing of it; `submits` hands it on at once."""
    decision = actions.draft(actor=actor, organ_id=organ.pk, values=_complete(actor=actor, organ=organ, filled=filled))
    attach(actor=actor, decision=decision, uploads=filled.uploads)
    return actions.submit(actor=actor, decision_id=decision.pk) if submits else decision


@transaction.atomic
def save_changed(*, actor: Actor, decision: Decision, filled: Filled, submits: bool = False) -> Decision:
    """Change a draft from a form; `submits` hands it on at once."""
    values = _complete(actor=actor, organ=decision.organ, filled=filled)
    changed = actions.amend_draft(actor=actor, decision_id=decision.pk, values=values)
    attach(actor=actor, decision=changed, uploads=filled.uploads)
    return actions.submit(actor=actor, decision_id=changed.pk) if submits else changed


@transaction.atomic
def save_reported(*, actor: Actor, organ: Organ, filled: Filled, intake: str) -> Decision:
    """Record a decision made outside the portal, with its party and papers."""
    if intake not in Intake.values:
        raise Refused("请选择是当前办件还是历史补录。", field="intake")
    values = _complete(actor=actor, organ=organ, filled=filled)
    decision = actions.report(actor=actor, organ_id=organ.pk, values=values, intake=intake)
    attach(actor=actor, decision=decision, uploads=filled.uploads)
    return decision


@transaction.atomic
def add_papers(*, actor: Actor, decision_id: int, uploads: Sequence[File]) -> int:
    """Attach papers to a decision of the actor's organ; also later, a signed scan say. Returns how many."""
    decision = lock_decision(actor=actor, decision_id=decision_id, permission="record_decision")
    if decision.state == DecisionState.VOIDED:
        raise Refused("这份决定已作废，不能再附文书。")
    if not uploads:
        raise Refused("请选择要附上的文件。", field="papers")
    return attach(actor=actor, decision=decision, uploads=uploads)


def attach(*, actor: Actor, decision: Decision, uploads: Iterable[File]) -> int:
    """Keep the files of a decision, in the caller's transaction."""
    at = clock.now()
    rows = [
        papers.attach(actor=actor, subject=decision, upload=upload, kind=DECISION_PAPER, organ_id=decision.organ_id, at=at)
        for upload in uploads
    ]
    return len(rows)


def _complete(*, actor: Actor, organ: Organ, filled: Filled) -> dict[str, Any]:
    at = clock.now()
    values = dict(filled.values)
    if values.get("party") is None and filled.new_party.get("name"):
        values["party"] = parties.register(county_id=actor.county_id, actor=actor, at=at, **filled.new_party)
    if values.get("party") is None:
        raise Refused("请选择行政相对人，或登记新的。", field="party")
    mode = values.get("commitment_mode", CommitmentMode.NONE)
    item = values.get("handling_item")
    if mode != CommitmentMode.NONE and (item is None or item.commitment_mode != mode):
        raise Refused("这一办理项在事项目录中不适用这种告知承诺方式。", field="commitment_mode")
    if filled.next_number and not values.get("document_number"):
        actor.require("record_decision", organ.pk)
        number = papers.next_number(actor=actor, organ=organ, kind=NUMBER_KIND, pattern=pattern_of(organ), at=at)
        values["document_number"] = number.text
    return values


def pattern_of(organ: Organ) -> str:
    """How the organ's licence decisions are numbered: the county's word, 行审许, the year, a running number."""
    return f"{organ.county.letter_prefix or organ.county.name[0]}行审许〔{{year}}〕{{number:04d}}号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An organ to which a decision would go now, with the date by which it must claim and the term behind that date."""

    organ: str
    matter: str
    mode: str
    term: Term | None
    dated: Dated | None


def targets(*, county_id: int, organ_id: int, handling_item: HandlingItem, decided_on: date, commitment_mode: str) -> list[Target]:
    """Where a decision issued at this moment would be pushed, and by when each organ must claim."""
    at = clock.now()
    rulebook = rulebook_on(county_id=county_id, day=decided_on)
    kind = PushKind.DECISION if commitment_mode == CommitmentMode.NONE else PushKind.COMMITMENT
    term = term_of(rulebook=rulebook, key=CLAIM_TERMS[kind])
    dated = date_term(term=term, started_at=at, calendar=calendar_for_county(county_id)) if term else None
    routes = catalogue.routes_for(handling_item_id=handling_item.pk, on=decided_on)
    return [
        Target(organ=route.organ, matter=route.matter, mode=route.mode, term=term, dated=dated)
        for route in routes
        if route.organ_id != organ_id
    ]
