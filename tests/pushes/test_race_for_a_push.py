"""A person, an outside system and the sweep go for the same pushes at the same moment, a thousand times, on real threads."""

import random
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from pushes import actions
from pushes.models import Push
from supervision.models import Task
from tests.approvals.world import World, make_world

ROUNDS = 334
"""Three pushes each: 1,002 races."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_exactly_one_winner_and_one_journal_row() -> None:
    world = make_world("360735")
    for number in range(2):
        world.issued(document_number=f"石行审许〔2026〕{number:04d}号")
    _multiply(world)
    moments = _due_soon()
    finish = max(moments.values()) + timedelta(seconds=0.4)
    workers = [threading.Thread(target=_click, args=(world, moments, seed)) for seed in (1, 2)]
    workers += [threading.Thread(target=_sweep_until, args=(finish,)) for _ in range(1)]
    failures: list[BaseException] = []
    threading.excepthook = lambda args: failures.append(args.exc_value) if args.exc_value else None
    _thaw()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    _sweep_rest()
    assert not failures
    _check(moments)


def real_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _thaw() -> None:
    clock._frozen = None


def _multiply(world: World) -> None:
    """The same few pushes, copied in SQL until there are a thousand waiting ones with clocks of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH copies AS (
                INSERT INTO pushes_push (county_id, kind, sender_id, receiver_id, payload_type_id, payload_id, rulebook_id, title, matter, mode,
                    party_name, document_number, version, snapshot_hash, state, pushed_at, returns)
                SELECT county_id, kind, sender_id, receiver_id, payload_type_id, 1000000 + n, rulebook_id, title, matter, mode,
                    party_name, document_number, 1, snapshot_hash, 'waiting', pushed_at, 0
                FROM pushes_push, generate_series(1, %s) n WHERE receiver_id = ANY(%s) AND payload_id = (SELECT min(payload_id) FROM pushes_push)
                RETURNING id, receiver_id
            )
            INSERT INTO deadlines_deadline (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at,
                provisional, state)
            SELECT d.county_id, d.term_id, c.receiver_id, d.subject_type_id, c.id, d.started_at, d.day_zero, d.last_day, d.due_at, false, 'running'
            FROM copies c, (SELECT d.* FROM deadlines_deadline d JOIN deadlines_term t ON t.id = d.term_id WHERE t.key = 'claim' ORDER BY d.id LIMIT 1) d
            """,
            [ROUNDS, [organ.pk for organ in world.departments]],
        )


def _due_soon() -> dict[int, datetime]:
    """Spread the moments over the next seconds, to the microsecond, so that clicks fall on both sides of each."""
    chance, start = random.Random(7), real_now() + timedelta(seconds=1)
    moments = {}
    for pk, subject in Deadline.objects.filter(state="running", subject_type__model="push").values_list("pk", "subject_id"):
        due = start + timedelta(seconds=chance.random() * 8)
        moments[subject] = due
        Deadline.objects.filter(pk=pk).update(due_at=due, next_rung_at=None)
    return moments


def _click(world: World, moments: dict[int, datetime], seed: int) -> None:
    """A person (or, with the other seed, an outside system) claims each push within 40 ms of its moment, three at a time."""
    chance = random.Random(seed)
    actors = {person.actor.organ_id: person.actor for person in world.liaisons}
    receivers = dict(Push.objects.filter(pk__in=moments).values_list("pk", "receiver_id"))
    try:
        for pk, due in sorted(moments.items(), key=lambda pair: pair[1]):
            wait = (due - real_now()).total_seconds() + chance.uniform(-0.04, 0.04)
            if wait > 0:
                time.sleep(wait)
            actions.claim(actor=actors[receivers[pk]], push_ids=[pk])
    finally:
        connections.close_all()


def _sweep_until(finish: datetime) -> None:
    """The sweep without its grace, which is the hardest case for a claim in time."""
    try:
        while (now := real_now()) < finish:
            settling.sweep(at=now + settling.GRACE, batch=50)
    finally:
        connections.close_all()


def _sweep_rest() -> None:
    settling.sweep(at=real_now() + settling.GRACE)
    assert not settling.left_to_sweep(at=real_now())


def _check(moments: dict[int, datetime]) -> None:
    pushes = Push.objects.in_bulk(moments)
    states = [push.state for push in pushes.values()]
    assert len(states) >= 1000
    assert set(states) == {"claimed", "auto_claimed"}, "both kinds of winner occur"
    for pk, due in moments.items():
        push = pushes[pk]
        assert push.claimed_at is not None
        assert push.claimed_at == due if push.state == "auto_claimed" else push.claimed_at < due
    acts = list(
        Entry.objects.filter(subject_type="pushes.push", verb__in=["push.claim", "push.auto_claim"]).values_list("subject_id", flat=True)
    )
    assert sorted(acts) == sorted(moments), "one act a push, no more, no fewer"
    assert sorted(Task.objects.values_list("push_id", flat=True)) == sorted(moments)
    ended = Deadline.objects.filter(subject_type__model="push", term__key="claim")
    assert {row.state for row in ended} == {"met", "expired"}
