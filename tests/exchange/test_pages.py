"""The pages of an import as a clerk meets them: upload, columns, preview, progress, result; and the page of tokens."""

import re
from datetime import date

import pytest
from django.urls import reverse

from approvals.models import Decision
from exchange import actions, running
from exchange.models import AccessToken, ImportJob
from tests.approvals.world import World, person
from tests.exchange.files import REPRESENTATIVE_ID, imported, row, upload, xlsx

NO_INLINE = re.compile(r"<[^>]+\s(?:style|on\w+)=|<script(?![^>]*\bsrc=)")


def text_of(answer) -> str:
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not NO_INLINE.search(text)
    return text


@pytest.mark.provision("BS-10")
def test_a_clerk_uploads_checks_and_imports(world: World, django_capture_on_commit_callbacks, monkeypatch) -> None:
    woken = []
    monkeypatch.setattr("exchange.views.run_import.apply_async", lambda args, **how: woken.append(args))
    browser = world.drafter.browser()
    answer = browser.post("/imports/new/", {"intake": "live", "source": "市级平台", "file": xlsx([row(1), row(2, 许可日期="2026-09-31")])})
    job = ImportJob.objects.get()
    assert answer.url == reverse("import_page", args=[job.pk])
    preview = text_of(browser.get(answer.url))
    assert "有错 1 行" in preview and "2026 年 9 月没有 31 日" in preview and "导入 2 行" in preview
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(f"/imports/{job.pk}/start/").status_code == 302
    assert woken == [[job.pk]]
    progress = text_of(browser.get(f"/imports/{job.pk}/progress/"))
    assert "已处理 0 行，共 2 行" in progress and 'hx-trigger="every 2s"' in progress
    running.work(job.pk)
    assert browser.get(f"/imports/{job.pk}/progress/").headers["HX-Refresh"] == "true"
    result = text_of(browser.get(f"/imports/{job.pk}/"))
    assert "新入库 1 行" in result and "下载有误的 1 行" in result
    mended = browser.post(f"/imports/{job.pk}/rows/3/", {"decided_on": "2026-09-30"}, headers={"HX-Request": "true"})
    assert "已入库" in text_of(mended) and Decision.objects.count() == 2


def test_without_a_broker_the_import_still_starts(world: World, django_capture_on_commit_callbacks, settings, monkeypatch) -> None:
    from exchange.tasks import run_import

    def lost(args: object, **how: object) -> None:
        raise run_import.OperationalError

    monkeypatch.setattr("exchange.views.run_import.apply_async", lost)
    job = upload(world, xlsx([row(1)]))
    with django_capture_on_commit_callbacks(execute=True):
        assert world.drafter.browser().post(f"/imports/{job.pk}/start/").status_code == 302
    assert running.go_on() == 1


def test_columns_are_set_on_the_page(world: World) -> None:
    job = upload(world, xlsx([["石行审许〔2026〕1号", "石城县演示用公司", "2026-10-09"]], ["编号甲", "谁", "何时"]))
    browser = world.drafter.browser()
    assert "还没有指定哪一列是" in text_of(browser.get(f"/imports/{job.pk}/"))
    chosen = {"column-0": "document_number", "column-1": "party_name", "column-2": "decided_on"}
    browser.post(f"/imports/{job.pk}/columns/", chosen)
    job.refresh_from_db()
    assert (job.state, job.columns) == ("checked", {"document_number": 0, "party_name": 1, "decided_on": 2})
    browser.post(f"/imports/{job.pk}/columns/", chosen | {"column-2": "party_name"}, headers={"referer": "http://localhost/"})
    job.refresh_from_db()
    assert job.columns["decided_on"] == 2


def test_natural_persons_are_masked_in_the_preview_and_in_the_result(world: World) -> None:
    person_row = row(1, 企业名称="温小演", 信用代码="", 电话="19012345678", 许可日期="2026-09-31")
    file = xlsx(
        [[*person_row, "自然人", REPRESENTATIVE_ID]],
        [*["文号", "企业名称", "信用代码", "办理项", "许可日期", "到期", "电话", "地址", "许可内容", "相对人类别", "身份证号"]],
    )
    job = upload(world, file)
    browser = world.drafter.browser()
    for _ in ("preview", "result"):
        shown = text_of(browser.get(f"/imports/{job.pk}/?show=all"))
        assert "温*" in shown
        for secret in ("温小演", "19012345678", REPRESENTATIVE_ID):
            assert secret not in shown
        if job.state == "checked":
            actions.start(actor=world.drafter.actor, job_id=job.pk)
            running.work(job.pk)
            job.refresh_from_db()


def test_a_refused_file_says_why_on_the_form(world: World) -> None:
    answer = world.drafter.browser().post("/imports/new/", {"intake": "live", "file": xlsx([])})
    assert "没有内容" in text_of(answer) and not ImportJob.objects.exists()


def test_different_rows_lead_to_the_correction(world: World) -> None:
    imported(world, xlsx([row(1)]))
    job = imported(world, xlsx([row(1, 许可内容="冷食类食品制售")]))
    shown = text_of(world.drafter.browser().get(f"/imports/{job.pk}/"))
    assert "文件中是“冷食类食品制售”" in shown
    assert reverse("decision_correct", args=[Decision.objects.get().pk]) in shown


def test_imports_are_for_who_records_decisions_and_only_their_own(world: World, other_county: World) -> None:
    job = upload(world, xlsx([row(1)]))
    assert world.liaisons[0].browser().get("/imports/").status_code == 403
    for stranger in (other_county.drafter, world.liaisons[0]):
        for address in ("", "progress/", "to-mend.xlsx"):
            assert stranger.browser().get(f"/imports/{job.pk}/{address}").status_code == 404
        for address in ("start/", "stop/", "rows/2/"):
            assert stranger.browser().post(f"/imports/{job.pk}/{address}").status_code == 404


def test_the_list_asks_a_fixed_number_of_queries(world: World, django_assert_max_num_queries) -> None:
    for number in range(4):
        upload(world, xlsx([row(number)]))
    browser = world.drafter.browser()
    with django_assert_max_num_queries(20):
        assert "许可决定.xlsx" in text_of(browser.get("/imports/"))


def test_a_token_is_shown_once(world: World) -> None:
    admin = person("admin", "管理员", world.bureau, "system_admin", ("manage_accounts",)).browser()
    answer = admin.post(
        "/tokens/", {"name": "市级平台", "organ": world.bureau.pk, "user": world.drafter.user.pk, "expires_on": "2027-01-01"}
    )
    secret = re.search(r"<code>(ld_[\w-]+)</code>", text_of(answer))
    assert secret and AccessToken.objects.get().expires_on == date(2027, 1, 1)
    assert secret[1] not in text_of(admin.get("/tokens/"))
    admin.post(f"/tokens/{AccessToken.objects.get().pk}/revoke/")
    assert AccessToken.objects.get().revoked_at is not None
    assert world.drafter.browser().get("/tokens/").status_code == 403


def test_the_openapi_page_asks_nothing_of_another_host_and_has_no_inline_script(world: World, client) -> None:
    page = text_of(client.get("/api/v1/", HTTP_HOST="localhost"))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    schema = client.get("/api/v1/schema/?format=json", HTTP_HOST="localhost").json()
    assert set(schema["paths"]) == {
        "/api/v1/decisions/",
        "/api/v1/decisions/{id}/",
        "/api/v1/pushes/",
        "/api/v1/pushes/{id}/claim/",
    }
