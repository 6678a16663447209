"""Columns: the national layout without mapping, usual words, what was confirmed last time."""

import pytest

from exchange import actions
from exchange.columns import recognise
from foundation.common.errors import Missing, Refused
from foundation.papers.models import Attachment
from foundation.papers.storage import path_of
from tests.approvals.world import World
from tests.exchange.files import NATIONAL, NATIONAL_WORDS, REPRESENTATIVE_ID, csv_file, imported, national_row, row, upload, xlsx


@pytest.mark.parametrize("headings", [NATIONAL, NATIONAL_WORDS, [f"{word} *" for word in NATIONAL_WORDS]])
def test_the_national_layout_is_recognised_by_codes_and_by_chinese_headings(headings: list[str]) -> None:
    found = recognise(headings)
    assert found.layout == "double_publicity"
    assert (found.columns["party_name"], found.columns["document_number"], found.columns["valid_to"]) == (0, 9, 16)
    assert "never" not in found.columns


@pytest.mark.parametrize("headings", [NATIONAL, NATIONAL_WORDS])
def test_a_file_in_the_national_layout_goes_in_without_mapping(world: World, headings: list[str]) -> None:
    job = upload(world, xlsx([national_row(world)], headings))
    assert (job.state, job.layout) == ("checked", "double_publicity")


def test_both_lines_of_headings_of_the_national_template_are_passed_over(world: World) -> None:
    job = upload(world, xlsx([NATIONAL_WORDS, national_row(world)], NATIONAL))
    assert (job.total_rows, job.headings[0]) == (1, "XK_XDR_MC")


def test_identity_documents_of_representatives_are_never_kept(world: World) -> None:
    job = imported(world, xlsx([national_row(world), national_row(world, 2, XK_WSH="")], NATIONAL))
    stored = path_of(Attachment.objects.get().sha256).read_text(encoding="utf-8")
    assert REPRESENTATIVE_ID not in stored and "温某某" in stored
    assert REPRESENTATIVE_ID not in str(job.rows.get(state="bad").cells)


def test_usual_words_are_recognised_and_doubtful_ones_marked(world: World) -> None:
    found = recognise(["文号", "企业名称", "发证日期", "备注"])
    assert found.columns == {"document_number": 0, "party_name": 1, "decided_on": 2}
    assert found.doubtful == {"decided_on"}


def test_the_mapping_is_remembered_for_the_source(world: World) -> None:
    strange = ("编号甲", "谁", "何时")
    cells = ["石行审许〔2026〕0001号", "石城县第一餐饮有限公司（演示）", "2026-10-09"]
    first = upload(world, xlsx([cells], strange), source="市级平台")
    assert first.state == "uploaded"
    with pytest.raises(Refused, match="先指定各列"):
        actions.start(actor=world.drafter.actor, job_id=first.pk)
    with pytest.raises(Refused, match="许可日期"):
        actions.map_columns(actor=world.drafter.actor, job_id=first.pk, columns={"document_number": 0, "party_name": 1})
    actions.map_columns(actor=world.drafter.actor, job_id=first.pk, columns={"document_number": 0, "party_name": 1, "decided_on": 2})
    again = upload(world, xlsx([cells], ("何时", "编号甲", "谁")), source="市级平台")
    assert (again.state, again.columns) == ("checked", {"decided_on": 0, "document_number": 1, "party_name": 2})
    assert upload(world, xlsx([cells], strange), source="别的平台").state == "uploaded"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_use(world: World, encoding: str) -> None:
    job = imported(world, csv_file([row(1, 企业名称="石城县䶮记餐饮有限公司（演示）")], encoding=encoding))
    assert (job.state, job.good_rows) == ("done", 1)


def test_a_title_line_may_stand_before_the_headings(world: World) -> None:
    job = upload(
        world, xlsx([["文号", "企业名称", "许可日期"], ["石行审许〔2026〕1号", "某公司演示用", "2026-10-09"]], ["2026 年许可决定一览"])
    )
    assert (job.state, job.total_rows) == ("checked", 1)


def test_an_import_of_another_organ_is_not_there(world: World, other_county: World) -> None:
    job = upload(world, xlsx([row()]))
    for stranger in (other_county.drafter, world.liaisons[0]):
        with pytest.raises(Missing):
            actions.start(actor=stranger.actor, job_id=job.pk)
