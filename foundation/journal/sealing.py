"""Sealing the journal behind the acts: off the hot path, in blocks, by one sealer at a time."""

from dataclasses import replace

from django.db import connection, transaction

from foundation.journal import canonical
from foundation.journal.canonical import GENESIS, Block, Row
from foundation.journal.models import Seal
from foundation.journal.rows import START, counties, finished_after, last_seal

LOCK = 0x4C44_4A4E
"""Advisory lock of the one sealer."""
BLOCK_ROWS = 1000
ALGORITHM = "sha256"


def seal_all(*, algorithm: str = ALGORITHM) -> int:
    """Seal every row that is finished, county by county, one transaction a block; returns how many rows.

    Rows are ordered by (era, transaction, id), and only transactions that ended before every open one are taken: ids alone are not the
    order of commit, and a sealer that went by them would leave rows unsealed for ever. A long transaction only delays sealing. Where
    another sealer works, there is nothing to do.
    """
    return sum(_seal_county(county_id, algorithm) for county_id in counties())


def _seal_county(county_id: int, algorithm: str) -> int:
    sealed = 0
    while count := seal_block(county_id=county_id, algorithm=algorithm):
        sealed += count
    return sealed


@transaction.atomic
def seal_block(*, county_id: int, algorithm: str = ALGORITHM, limit: int = BLOCK_ROWS) -> int:
    """Seal the next block of a county; returns its rows, 0 where nothing is finished or another sealer works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    before = last_seal(county_id)
    place = (before.era, before.last_xid, before.last_id) if before else START
    rows = finished_after(county_id=county_id, place=place, limit=limit)
    rows = [row for row in rows if row.era == rows[0].era]
    if not rows:
        return 0
    leaves = [canonical.leaf_of(row, algorithm) for row in rows]
    block = _block(rows, leaves, before=before, algorithm=algorithm)
    values = {name: getattr(block, name) for name in Block.__dataclass_fields__}
    Seal.objects.create(**values, leaves=canonical.pack(rows, leaves))
    return len(rows)


def _block(rows: list[Row], leaves: list[bytes], *, before: Block | None, algorithm: str) -> Block:
    block = Block(
        county_id=rows[0].county_id,
        number=before.number + 1 if before else 1,
        era=rows[0].era,
        first_xid=rows[0].xid,
        first_id=rows[0].id,
        last_xid=rows[-1].xid,
        last_id=rows[-1].id,
        count=len(rows),
        root=canonical.root_of(leaves, algorithm),
        previous=before.hash if before else GENESIS,
        algorithm=algorithm,
    )
    return replace(block, hash=canonical.hash_of(block))
