"""Verifying: whoever holds the database server can change a row, but not unseen."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.journal import canonical, files
from foundation.journal.models import Entry, Seal
from foundation.journal.sealing import seal_all, seal_block

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def journal(write, seal_rows):
    """Twelve rows in four blocks of one county, two rows in one block of another."""
    rows = [write(subject_id=number) for number in range(12)]
    for _ in range(4):
        assert seal_rows(lambda: seal_block(county_id=1, limit=3)) == 3
    write(county_id=2)
    write(county_id=2)
    assert seal_rows() == 2
    return rows


def tamper(statement, *values):
    """What a superuser can do: put the triggers to sleep, change, wake them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = DEFAULT")


def verify(*args):
    out = StringIO()
    call_command("verify_journal", *args, stdout=out)
    return out.getvalue()


def broken(*args):
    with pytest.raises(CommandError) as caught:
        verify(*args)
    assert caught.value.returncode == 1
    return str(caught.value)


def test_an_untouched_journal_is_whole(journal, write):
    write()
    said = verify()
    assert "区划 1：4 块、12 条完好" in said
    assert "全部完好。尚未封存 1 条。" in said


@pytest.mark.parametrize(
    "change",
    [
        "reason = '改过'",
        "actor_name = '别人'",
        "after = jsonb_build_object('state', 'returned')",
        "effective_at = effective_at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 day'",
        "subject_id = 999",
        "organ_id = NULL",
    ],
)
def test_a_changed_row_is_named(journal, change):
    victim = journal[7]
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", victim.pk)
    said = broken()
    assert f"区划 1，第 3 块，记录 {victim.pk}：记录内容与封存时不一致" in said


@pytest.mark.parametrize("position", [0, 4, 11])
def test_a_deleted_row_is_named(journal, position):
    victim = journal[position]
    tamper("DELETE FROM journal_entry WHERE id = %s", victim.pk)
    assert f"第 {position // 3 + 1} 块，记录 {victim.pk}：记录被删除" in broken()


def test_a_row_slipped_in_afterwards_is_named(journal, write):
    forged = write(subject_id=555)
    tamper("UPDATE journal_entry SET xid = (SELECT xid FROM journal_entry WHERE id = %s) WHERE id = %s", journal[4].pk, forged.pk)
    assert f"第 2 块，记录 {forged.pk}：封存之后插入的记录" in broken()


def test_a_row_moved_to_another_county_is_named(journal):
    tamper("UPDATE journal_entry SET county_id = 2 WHERE id = %s", journal[2].pk)
    assert f"区划 1，第 1 块，记录 {journal[2].pk}：记录被删除" in broken()


def test_swapped_seals_are_named(journal):
    tamper("UPDATE journal_seal SET number = CASE number WHEN 2 THEN 13 ELSE 12 END WHERE county_id = 1 AND number IN (2, 3)")
    tamper("UPDATE journal_seal SET number = number - 10 WHERE county_id = 1 AND number > 10")
    assert "区划 1，第 2 块：" in broken()


def test_a_row_resealed_with_its_leaf_breaks_the_seal(journal):
    """Changing the row and its kept leaf together shows in the root."""
    victim = journal[7]
    tamper("UPDATE journal_entry SET reason = '改过' WHERE id = %s", victim.pk)
    seal = Seal.objects.get(county_id=1, number=3)
    link = next(link for link in files.links_in_database(1) if link.block.number == 3)
    leaves = canonical.pack(link.rows, [canonical.leaf_of(row, "sha256") for row in link.rows])
    tamper("UPDATE journal_seal SET leaves = %s WHERE id = %s", leaves, seal.pk)
    assert "区划 1，第 3 块：封存块留存的逐条摘要与根值不符" in broken()


def test_a_rewritten_end_shows_against_an_exported_root(journal, tmp_path, seal_rows):
    call_command("export_roots", folder=str(tmp_path), stdout=StringIO())
    (roots,) = tmp_path.iterdir()
    assert "全部完好" in verify("--roots", str(roots))
    tamper("DELETE FROM journal_seal WHERE county_id = 1 AND number = 4")
    tamper("UPDATE journal_entry SET reason = '改过' WHERE id = %s", journal[11].pk)
    assert "全部完好" in verify(), "without the root outside, the cut end cannot be seen"
    assert "第 4 块：曾对外留存根值的封存块不见了" in broken("--roots", str(roots))
    seal_rows()
    assert "第 4 块：与对外留存的根值不一致" in broken("--roots", str(roots))


def test_an_exported_file_is_verified_without_the_database(journal, tmp_path, write, django_db_blocker):
    write()
    target = tmp_path / "journal.jsonl"
    verify("--export", str(target))
    connection.close()
    with django_db_blocker.block():
        said = verify("--file", str(target))
    assert "区划 1：4 块、12 条完好" in said
    assert "尚未封存 1 条" in said


def test_a_changed_line_of_an_exported_file_is_named(journal, tmp_path):
    target = tmp_path / "journal.jsonl"
    verify("--export", str(target))
    lines = target.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if json.loads(line).get("row", {}).get("id") == journal[5].pk)
    changed = json.loads(lines[at])
    changed["row"]["actor_name"] = "别人"
    target.write_text("\n".join([*lines[:at], json.dumps(changed), *lines[at + 1 :]]))
    assert f"第 2 块，记录 {journal[5].pk}：记录内容与封存时不一致" in broken("--file", str(target))
    target.write_text("\n".join(lines[:at] + lines[at + 1 :]))
    assert f"第 2 块，记录 {journal[5].pk}：记录被删除" in broken("--file", str(target))


def test_a_file_that_is_no_export_is_refused(tmp_path):
    target = tmp_path / "other.txt"
    for content in ("", "你好", '{"form": "other"}', '{"form": "liandong-journal-1"}\n{"row": {"id": 1}}'):
        target.write_text(content)
        assert "文件不是完整的留痕导出" in broken("--file", str(target))


def test_sm3_seals_verify_beside_sha256(journal, write, seal_rows):
    write()
    assert seal_rows(lambda: seal_all(algorithm="sm3")) == 1
    assert Seal.objects.get(county_id=1, number=5).algorithm == "sm3"
    assert "5 块、13 条完好" in verify()


def test_sealing_does_not_depend_on_the_time_zone_of_the_session(journal):
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'America/New_York'")
    try:
        assert "全部完好" in verify()
    finally:
        connection.close()


def test_every_field_of_a_row_is_covered():
    sealed = set(canonical.Row.__dataclass_fields__) - {"effective_us", "recorded_us"} | {"effective_at", "recorded_at"}
    assert sealed == {field.name for field in Entry._meta.get_fields()}
