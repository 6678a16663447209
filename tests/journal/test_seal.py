"""Sealing the journal: complete, in the order of transactions, one sealer at a time."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from foundation.journal import canonical
from foundation.journal.models import Entry, Seal
from foundation.journal.sealing import LOCK, seal_all, seal_block

pytestmark = pytest.mark.django_db(transaction=True)


def sealed_ids():
    return [row_id for seal in Seal.objects.order_by("county_id", "number") for row_id, _ in canonical.unpack(bytes(seal.leaves))]


def in_other_connection(act):
    """Run `act` in its own thread, hence its own connection, and hand its error back."""
    errors = []

    def run():
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def test_every_county_has_its_own_chain(write, seal_rows):
    for _ in range(3):
        write(county_id=1)
        write(county_id=2)
    assert seal_rows() == 6
    chains = {county: list(Seal.objects.filter(county_id=county)) for county in (1, 2)}
    assert [[seal.count for seal in chain] for chain in chains.values()] == [[3], [3]]
    write(county_id=1)
    assert seal_rows() == 1
    first, second = Seal.objects.filter(county_id=1).order_by("number")
    assert second.previous == first.hash
    assert Seal.objects.filter(county_id=2).count() == 1


def test_nothing_new_writes_no_seal(write, seal_rows):
    write()
    assert (seal_rows(), seal_all()) == (1, 0)
    assert Seal.objects.count() == 1


def test_a_long_journal_is_sealed_in_blocks(write, seal_rows):
    rows = [write() for _ in range(7)]
    assert [seal_rows(partial(seal_block, county_id=1, limit=3)) for _ in range(4)] == [3, 3, 1, 0]
    assert sealed_ids() == [row.pk for row in rows]


def test_ids_are_not_the_order_of_commit(write, seal_rows):
    """The earlier transaction writes the later id and ends last: sealing waits for it and then leaves nobody out."""
    begun, may_write, written, may_end = (threading.Event() for _ in range(4))

    def slow():
        with transaction.atomic():
            write(subject_id=100)
            begun.set()
            assert may_write.wait(10)
            write(subject_id=101)
            written.set()
            assert may_end.wait(10)

    thread, errors = in_other_connection(slow)
    assert begun.wait(10)
    quick = write(subject_id=200)
    may_write.set()
    assert written.wait(10)
    assert seal_all() == 0, "a row could still slip in front of the quick one"
    assert Entry.objects.count() == 1
    may_end.set()
    thread.join(10)
    assert errors == []
    assert seal_rows() == 3
    order = [Entry.objects.get(pk=row_id).subject_id for row_id in sealed_ids()]
    assert order == [100, 101, 200]
    assert sealed_ids()[-1] == quick.pk
    assert sealed_ids() != sorted(sealed_ids()), "the scene is meant to mix ids"


def test_a_long_transaction_delays_sealing_and_no_act(write, seal_rows):
    begun, may_end = threading.Event(), threading.Event()

    def report():
        with transaction.atomic():
            write(subject_id=1)
            begun.set()
            assert may_end.wait(10)

    before = write(subject_id=0)
    assert seal_rows() == 1
    thread, errors = in_other_connection(report)
    assert begun.wait(10)
    for number in range(5):
        write(subject_id=10 + number)
    assert Entry.objects.count() == 6
    assert (seal_all(), sealed_ids()) == (0, [before.pk])
    may_end.set()
    thread.join(10)
    assert errors == []
    assert seal_rows() == 6
    assert len(set(sealed_ids())) == 7


def test_a_second_sealer_stands_aside(write, seal_rows):
    write()
    held, may_end = threading.Event(), threading.Event()

    def other():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            assert may_end.wait(10)

    thread, errors = in_other_connection(other)
    assert held.wait(10)
    assert seal_all() == 0
    may_end.set()
    thread.join(10)
    assert errors == []
    assert seal_rows() == 1


def test_four_sealers_and_four_writers_leave_nothing_out(write, seal_rows):
    def scribble():
        for number in range(25):
            with transaction.atomic():
                write(subject_id=number)
                write(subject_id=number, county_id=2)

    work = [in_other_connection(act) for act in [scribble] * 4 + [seal_all] * 4]
    for thread, _ in work:
        thread.join(60)
    assert [errors for _, errors in work] == [[]] * 8
    seal_rows()
    assert sorted(sealed_ids()) == sorted(Entry.objects.values_list("pk", flat=True))
    assert len(sealed_ids()) == 200


def test_rows_of_a_restored_journal_are_sealed_before_the_new_ones(write, seal_rows):
    """A dump restored into a young cluster brings transaction ids that this cluster has not reached."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        far = cursor.fetchone()[0] + 10**12
    old = write()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET xid = %s::text::xid8", [far])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert seal_all() == 0
    new = write(era=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry ALTER COLUMN era SET DEFAULT 2")
    try:
        assert seal_rows() == 2
        assert sealed_ids() == [old.pk, new.pk]
        assert [seal.era for seal in Seal.objects.order_by("number")] == [1, 2]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_entry ALTER COLUMN era SET DEFAULT 1")


@pytest.mark.provision("BA-05")
def test_the_journal_refuses_change(write):
    from django.db.utils import ProgrammingError

    row = write()
    for statement in ("UPDATE journal_entry SET reason = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.get().reason == row.reason
