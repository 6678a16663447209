"""Reporting many decisions at once: for each the outcome of `actions.report`, by statements that do not grow with the rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from approvals.actions import as_rows, fill, refuse_unreportable
from approvals.checks import findings_of
from approvals.duties import open_duties
from approvals.models import Decision
from approvals.routing import hand_on, mapped_routes, state_with, told_to_journal
from approvals.snapshot import content_hash, search_text, snapshot_of
from approvals.statuses import DecisionState, Intake, Origin
from catalogue.powers import power_index
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines.models import Rulebook
from foundation.deadlines.queries import rulebook_on
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from pushes.routes import Route

TRIES = 3
RECORDED = (DecisionState.ISSUED, DecisionState.UNROUTED)
UNTOLD = ("party_contact", "party_address", "no_contact_reason", "content", "handling_item")
"""What a source may leave out and a person may have completed since: a blank says nothing about it, so it makes no difference."""


@dataclass(slots=True, kw_only=True)
class Reported:
    """What became of one row: recorded now (`is_new`), recorded before with the same or another content, or refused.

    `differences` holds, per field of the snapshot, what is recorded and what the row says.
    """

    decision: Decision | None = None
    is_new: bool = False
    refusal: Refused | None = None
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)


def report_many(
    *, actor: Actor, organ: Organ, rows: Sequence[Mapping[str, Any]], intake: str = Intake.LIVE, at: datetime
) -> list[Reported]:
    """`report` for many rows at the instant `at`, one answer a row in the same order; a row that is refused does not touch the others.

    Raises NotYours without the right to record decisions of the organ. Two imports of one file at the same moment record it once: who
    comes second looks again.
    """
    actor.require("record_decision", organ.pk)
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _Batch(actor=actor, organ=organ, intake=intake, at=at).report(rows)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


class _Batch:
    """One batch with all that its rows ask for, read once."""

    def __init__(self, *, actor: Actor, organ: Organ, intake: str, at: datetime) -> None:
        self.actor, self.organ, self.intake, self.at = actor, organ, intake, at
        self._rulebooks: dict[date, Rulebook] = {}
        self._routes: dict[tuple[int | None, date], list[Route]] = {}

    def report(self, rows: Sequence[Mapping[str, Any]]) -> list[Reported]:
        """Build, compare with what is recorded, write what is new."""
        results = [self._built(values) for values in rows]
        known = _Known(self.actor.county_id, self.organ, [one.decision for one in results if one.decision])
        for one, values in zip(results, rows, strict=True):
            if one.decision is not None:
                self._compare(one, values, known)
        new = [one.decision for one in results if one.is_new and one.decision is not None]
        self._write(new)
        return results

    def _built(self, values: Mapping[str, Any]) -> Reported:
        decision = Decision(
            county_id=self.actor.county_id,
            organ=self.organ,
            origin=Origin.REPORTED,
            intake=self.intake,
            drafted_by_id=self.actor.user_id,
            drafted_at=self.at,
            issued_at=self.at,
        )
        try:
            fill(decision, values)
            refuse_unreportable(decision, at=self.at)
        except Refused as refusal:
            return Reported(refusal=refusal)
        decision.rulebook = self._rulebook(decision.decided_on)
        return Reported(decision=decision, is_new=True)

    def _compare(self, one: Reported, values: Mapping[str, Any], known: "_Known") -> None:
        decision = one.decision
        assert decision is not None  # noqa: S101 - asked only for rows that could be built
        recorded = known.find(decision)
        if recorded is None:
            known.add(decision)
            return
        one.decision, one.is_new = recorded, False
        for name in UNTOLD:
            if not values.get(name):
                setattr(decision, name, getattr(recorded, name))
        old, new = snapshot_of(recorded), snapshot_of(decision)
        one.differences = {
            key: (str(old.get(key, "")), str(new.get(key, ""))) for key in {**old, **new} if old.get(key, "") != new.get(key, "")
        }

    def _write(self, new: Sequence[Decision]) -> None:
        items = {decision.handling_item.item_id for decision in new if decision.handling_item}
        powers = power_index(county_id=self.actor.county_id, item_ids=items)
        for decision in new:
            decision.content_hash, decision.search_text = content_hash(decision), search_text(decision)
            decision.findings = as_rows(findings_of(decision, powers=powers))
            decision.state = state_with(decision, self._mapped(decision))
        Decision.objects.bulk_create(new)
        journal.write_many(
            journal.entry(verb="decision.report", actor=self.actor, subject=decision, at=self.at, after=told_to_journal(decision))
            for decision in new
        )
        if self.intake == Intake.LIVE:
            open_duties(new, at=self.at)
            for decision in new:
                hand_on(decision, self._mapped(decision), actor=self.actor, at=self.at)

    def _rulebook(self, day: date) -> Rulebook:
        if day not in self._rulebooks:
            self._rulebooks[day] = rulebook_on(county_id=self.actor.county_id, day=day)
        return self._rulebooks[day]

    def _mapped(self, decision: Decision) -> list[Route]:
        if self.intake != Intake.LIVE:
            return []
        key = (decision.handling_item_id, decision.decided_on)
        if key not in self._routes:
            self._routes[key] = mapped_routes(decision)
        return self._routes[key]


class _Known:
    """What is recorded under the keys of some decisions (one query), and what of the batch itself came before.

    A row without a handling item is known by the words of its source instead; so it is found again after somebody has routed it, and a
    row that fits the catalogue today finds itself waiting in the pen since before it did.
    """

    def __init__(self, county_id: int, organ: Organ, decisions: Sequence[Decision]) -> None:
        self._rows: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        numbers = {decision.document_number for decision in decisions}
        rows = Decision.objects.filter(county_id=county_id, organ=organ, document_number__in=numbers, state__in=RECORDED)
        for row in rows.select_related("party", "handling_item__item", "rulebook"):
            row.organ = organ
            self.add(row)

    def add(self, decision: Decision) -> None:
        """Make a decision findable."""
        self._rows[decision.document_number, decision.certificate_number].append(decision)

    def find(self, decision: Decision) -> Decision | None:
        """The decision with the same key."""
        rows = self._rows.get((decision.document_number, decision.certificate_number), [])
        exact = next((row for row in rows if row.handling_item_id == decision.handling_item_id), None)
        return exact or next((row for row in rows if _one_source(row, decision)), None)


def _one_source(recorded: Decision, told: Decision) -> bool:
    """Whether one of two rows has no handling item and the source's words are the same, so that both are the same row."""
    unmatched = told.handling_item_id is None or recorded.handling_item_id is None
    return unmatched and bool(told.item_text) and recorded.item_text == told.item_text
