"""What becomes of rows: in and pushed, penned, skipped, different, bad; once only, whatever happens to the worker."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from approvals import routing
from approvals.models import Decision
from approvals.statuses import DecisionState, Intake
from catalogue.models import Power
from exchange import actions, running
from exchange.models import ImportJob, ImportRow
from exchange.statuses import RowState
from foundation.common.errors import Missing
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from foundation.organizations.models import Membership
from parties.models import Party
from pushes.models import Push
from supervision.models import Task
from tests.approvals.world import World
from tests.exchange.files import HEADINGS, code, imported, national_row, row, run, upload, xlsx


@pytest.mark.provision("SC-26a", "BS-10")
def test_good_rows_are_recorded_and_pushed_at_once(world: World) -> None:
    job = imported(world, xlsx([row(1), row(2)]))
    assert (job.state, job.good_rows, job.rows.count()) == ("done", 2, 0)
    assert set(Decision.objects.values_list("origin", "intake", "state")) == {("reported", "live", "issued")}
    assert Push.objects.count() == 6
    assert Entry.objects.filter(verb="decision.report", client="import").count() == 2
    assert Notice.objects.get(kind="import_done").user_id == world.drafter.user.pk


def test_importing_the_same_file_twice_adds_nothing(world: World) -> None:
    file = [row(1), row(2, 电话=""), row(3, 办理项="没有的事项")]
    imported(world, xlsx(file))
    before = (Decision.objects.count(), Push.objects.count(), Party.objects.count(), Deadline.objects.count())
    job = imported(world, xlsx(file))
    assert (job.good_rows, set(job.rows.values_list("state", flat=True))) == (0, {RowState.SKIPPED})
    assert (Decision.objects.count(), Push.objects.count(), Party.objects.count(), Deadline.objects.count()) == before


def test_a_row_that_stands_twice_in_one_file_goes_in_once(world: World) -> None:
    job = imported(world, xlsx([row(1), row(1)]))
    assert (job.good_rows, job.rows.get().state) == (1, RowState.SKIPPED)


def test_a_blank_that_another_row_filled_is_no_difference(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.CHUNKS, "live", 1)
    file = [row(1, 电话=""), row(2, 企业名称="石城县第1餐饮有限公司（演示）", 信用代码=code(1))]
    imported(world, xlsx(file))
    job = imported(world, xlsx(file))
    assert set(job.rows.values_list("state", flat=True)) == {RowState.SKIPPED}


def test_other_content_under_the_same_key_is_listed_and_nothing_overwritten(world: World) -> None:
    imported(world, xlsx([row(1)]))
    job = imported(world, xlsx([row(1, 许可内容="冷食类食品制售")]))
    different = job.rows.get()
    assert (different.state, different.decision_id) == (RowState.DIFFERENT, Decision.objects.get().pk)
    assert different.errors == {"许可内容": "已入库的是“热食类食品制售”，文件中是“冷食类食品制售”"}
    assert Decision.objects.get().content == "热食类食品制售"


@pytest.mark.provision("BA-19b")
def test_rows_without_route_or_compulsory_field_wait_in_the_pen(world: World) -> None:
    job = imported(world, xlsx([row(1, 办理项="没有的事项"), row(2, 电话="")]))
    assert (job.good_rows, set(job.rows.values_list("state", flat=True))) == (2, {RowState.PENNED})
    assert Decision.objects.filter(state=DecisionState.UNROUTED).count() == 2
    assert Deadline.objects.filter(term__key="routing").count() == 2 and not Push.objects.exists()


def test_a_routed_row_is_not_recorded_again_by_the_next_import(world: World) -> None:
    file = [row(1, 办理项="没有的事项")]
    imported(world, xlsx(file))
    routing.route_row(actor=world.drafter.actor, decision_id=Decision.objects.get().pk, handling_item=world.handling)
    job = imported(world, xlsx(file))
    assert (Decision.objects.count(), job.rows.get().state) == (1, RowState.SKIPPED)


def test_a_decision_without_the_power_on_its_day_goes_in_with_a_finding(world: World) -> None:
    Power.objects.update(valid_from=date(2026, 10, 12))
    imported(world, xlsx([row(1)]))
    decision = Decision.objects.get()
    assert (decision.state, [finding["code"] for finding in decision.findings]) == (DecisionState.ISSUED, ["no_power"])


def test_history_opens_nothing(world: World) -> None:
    job = imported(world, xlsx([row(1), row(2, 办理项="旧事项")]), intake=Intake.HISTORY)
    assert (job.good_rows, Decision.objects.filter(intake="history").count()) == (2, 2)
    assert not Push.objects.exists() and not Deadline.objects.exists() and not Task.objects.exists()
    assert set(Notice.objects.values_list("kind", flat=True)) == {"import_done"}


def test_bad_rows_stay_out_and_come_back_as_a_file_that_mends_them(world: World) -> None:
    job = imported(world, xlsx([row(1, 许可日期="2026-09-31"), row(2), row(3, 许可内容="=1+1")]))
    assert (job.good_rows, list(job.rows.values_list("number", "state"))) == (1, [(2, "bad"), (4, "bad")])
    browser = world.drafter.browser()
    answer = browser.get(f"/imports/{job.pk}/to-mend.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert lines[0] == [*HEADINGS, "错误说明"]
    assert "9 月没有 31 日" in lines[1][-1] and "公式" in lines[2][-1]
    formula = sheet.cell(4, HEADINGS.index("许可内容") + 1)
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=1+1", "s", True)
    sheet.cell(3, HEADINGS.index("许可日期") + 1).value = "2026-09-30"
    formula.value = "热食类食品制售"
    stream = io.BytesIO()
    sheet.parent.save(stream)
    stream.name = "改好.xlsx"
    mended = imported(world, type(xlsx([]))("改好.xlsx", stream.getvalue()))
    assert (mended.good_rows, mended.rows.count(), Decision.objects.count()) == (2, 0, 3)


def test_a_cell_is_mended_in_place_and_the_row_goes_in(world: World) -> None:
    job = imported(world, xlsx([row(1, 许可日期="2026-09-31", 到期="2031-13-01")]))
    still = actions.mend(actor=world.drafter.actor, job_id=job.pk, number=2, cells={"decided_on": "2026-09-30"})
    assert (still.state, list(still.errors)) == (RowState.BAD, ["valid_to"])
    taken = actions.mend(actor=world.drafter.actor, job_id=job.pk, number=2, cells={"valid_to": "2031-09-29"})
    job.refresh_from_db()
    assert (taken.state, job.good_rows, ImportRow.objects.count(), Push.objects.count()) == (None, 1, 0, 3)
    with pytest.raises(Missing):
        actions.mend(actor=world.drafter.actor, job_id=job.pk, number=2, cells={"valid_to": "2031-09-29"})


def test_a_field_without_a_column_can_be_told_in_place(world: World) -> None:
    job = imported(world, xlsx([row(1, 企业名称="张三", 信用代码="")]))
    assert list(job.rows.get().errors) == ["party_kind"]
    taken = actions.mend(actor=world.drafter.actor, job_id=job.pk, number=2, cells={"party_kind": "自然人"})
    assert taken.is_in and Party.objects.get(name="张三").kind == "natural"


class Killed(BaseException):
    """What ends a worker: not an error that anybody handles."""


def test_a_killed_worker_loses_and_doubles_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.CHUNKS, "live", 2)
    job = upload(world, xlsx([row(1), row(2), row(3, 许可日期=""), row(4), row(5)]))
    actions.start(actor=world.drafter.actor, job_id=job.pk)
    take, calls = running.take, []

    def killed_in_the_second_chunk(**how: object) -> object:
        taken = take(**how)
        calls.append(taken)
        if len(calls) == 2:
            raise Killed
        return taken

    monkeypatch.setattr(running, "take", killed_in_the_second_chunk)
    with pytest.raises(Killed):
        running.work(job.pk)
    monkeypatch.undo()
    job.refresh_from_db()
    assert (job.state, job.done_rows, job.good_rows, Decision.objects.count(), Push.objects.count()) == ("running", 2, 2, 2, 6)
    assert running.go_on() == 3
    job.refresh_from_db()
    assert (job.state, job.done_rows, job.good_rows, job.rows.count()) == ("done", 5, 4, 1)
    assert (Decision.objects.count(), Push.objects.count()) == (4, 12)
    assert running.go_on() == 0


def test_a_stopped_import_goes_on_with_the_remaining_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.CHUNKS, "live", 1)
    job = upload(world, xlsx([row(1), row(2)]))
    actions.start(actor=world.drafter.actor, job_id=job.pk)
    actions.stop(actor=world.drafter.actor, job_id=job.pk)
    assert running.work(job.pk) == 0
    assert run(world, ImportJob.objects.get()).good_rows == 2


def test_who_left_the_post_no_longer_imports(world: World) -> None:
    job = upload(world, xlsx([row(1)]))
    actions.start(actor=world.drafter.actor, job_id=job.pk)
    Membership.objects.filter(user=world.drafter.user).update(valid_to=date(2026, 10, 11))
    running.work(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "不在本单位任职" in job.error and not Decision.objects.exists()


def test_the_national_layout_is_imported_with_its_certificate(world: World) -> None:
    from tests.exchange.files import NATIONAL

    job = imported(world, xlsx([national_row(world)], NATIONAL))
    decision = Decision.objects.get()
    assert (job.good_rows, decision.certificate_number, decision.valid_to) == (1, "JY000001", date(2099, 12, 31))
    assert (decision.handling_item, decision.state) == (world.handling, DecisionState.UNROUTED)
    assert decision.party.legal_representative == "温某某" and decision.party.id_number == ""
