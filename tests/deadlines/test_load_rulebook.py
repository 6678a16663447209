"""Loading a rulebook: what is right goes in once, what is wrong is named with file, line and key, and nothing is changed."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from foundation.deadlines.grammar import NotUnderstood, parse_length, parse_reminder
from foundation.deadlines.ground import rulebook_folder
from foundation.deadlines.loading import BrokenRulebook, load_rulebooks
from foundation.deadlines.models import Rulebook, Term
from foundation.deadlines.statuses import Direction, Unit
from foundation.journal.models import Entry
from foundation.organizations.models import County

from .conftest import NOON, World

SHICHENG = (rulebook_folder() / "shicheng-2022.yaml").read_text(encoding="utf-8")


def load(text: str, name: str = "shicheng.yaml") -> str:
    return load_rulebooks(files=[(name, text)], at=NOON)[0].outcome


def faults(text: str, name: str = "shicheng.yaml") -> list[tuple[int, str, str]]:
    with pytest.raises(BrokenRulebook) as refusal:
        load(text, name)
    return [(fault.line, fault.key, fault.message) for fault in refusal.value.faults]


@pytest.fixture
def shicheng(db: None) -> County:
    return County.objects.create(code="360735", name="石城县", letter_prefix="石")


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.mark.provision("SC-26c")
def test_a_rulebook_is_loaded_with_every_term_in_the_order_of_its_source(shicheng: County) -> None:
    assert load(SHICHENG) == "created"
    book = Rulebook.objects.get()
    assert (book.key, book.county, book.valid_from, book.valid_to) == ("shicheng-2022", shicheng, date(2022, 9, 30), None)
    claim = book.terms.get(key="claim")
    assert (claim.length, claim.unit, claim.effect, claim.article) == (5, Unit.WORKDAYS, "auto_claim", "第二十六条")
    assert claim.remind == [{"n": 1, "unit": "workdays", "side": "before"}]
    papers = book.terms.get(key="meeting_papers")
    assert (papers.direction, papers.length, papers.event) == (Direction.BEFORE, 3, "meeting.held_on")
    assert [term.position for term in book.terms.all()] == list(range(book.terms.count()))
    assert book.parameter("cutoff_time") == "24:00"
    assert Entry.objects.filter(verb="rulebook.load", subject_id=book.pk, county_id=shicheng.pk).count() == 1


def test_the_same_file_again_changes_nothing(shicheng: County) -> None:
    load(SHICHENG)
    before = list(Term.objects.values_list("pk", flat=True))
    assert load(SHICHENG) == "unchanged"
    assert list(Term.objects.values_list("pk", flat=True)) == before
    assert Entry.objects.filter(verb="rulebook.load").count() == 1


def test_a_comment_more_is_no_change(shicheng: County) -> None:
    load(SHICHENG)
    assert load("# 校对过\n" + SHICHENG) == "unchanged"


@pytest.mark.parametrize(
    ("right", "wrong", "key", "says"),
    [
        ("length: 5 workdays", "length: 5 working days", "terms.claim.length", "看不懂期限"),
        ("on_expiry: auto_claim", "on_expiry: autoclaim", "terms.claim.on_expiry", "是不是 auto_claim？"),
        ("starts: push.pushed_at", "starts: 推送时", "terms.claim.starts", "写法不对"),
        ("remind: [1 workday before]", "remind: [1 week before]", "terms.claim.remind", "看不懂提醒"),
        ("advisory: false", "advisory: no idea", "terms.claim.advisory", "应为 true 或 false"),
        ("done_words: 认领", "done_word: 认领", "terms[7].done_word", "是不是 done_words？"),
        ("summary: 监管部门应及时领取", "summary: " + "长" * 301, "terms.claim.summary", "最多 300 字"),
    ],
)
def test_a_fault_in_a_term_is_named_with_line_and_key(shicheng: County, right: str, wrong: str, key: str, says: str) -> None:
    start = SHICHENG.index("  - term: claim\n")
    at = SHICHENG.index(right, start)
    end = SHICHENG.index("\n", at)
    text = SHICHENG[:at] + wrong + SHICHENG[end:]
    found = faults(text)
    assert any(line == line_of(text, wrong) and fault_key == key and says in message for line, fault_key, message in found), found
    assert not Rulebook.objects.exists()


@pytest.mark.parametrize(
    ("right", "wrong", "key", "says"),
    [
        ('county: "360735"', "county: 360735", "county", "数字请加引号"),
        ('county: "360735"', 'county: "360736"', "county", "没有代码为 360736 的县"),
        ("valid: {from: 2022-09-30, to: null}", "valid: {from: 2022-09-31, to: null}", "valid.from", "读不出来"),
        ("valid: {from: 2022-09-30, to: null}", "valid: {from: 2022-09-30, to: 2021-01-01}", "valid.to", "早于"),
        ("status: in_force", "status: expired", "valid.to", "就要写失效日期"),
        ("deemed_consent: {value: false", "deemed_consent: {value: 3", "parameters.deemed_consent.value", "true 或 false"),
        ("  late_push_shortens_claim:", "  late_push_shorten_claim:", "parameters.late_push_shortens_claim", "缺这一项"),
        ("title: 石城县", "titel: 石城县", "titel", "是不是 title？"),
        ('calendar_region: {value: ""', "calendar_region: {value: NX", "parameters.calendar_region", "地区日历"),
    ],
)
def test_a_fault_in_the_head_is_named_with_its_key(shicheng: County, right: str, wrong: str, key: str, says: str) -> None:
    found = faults(SHICHENG.replace(right, wrong, 1))
    assert any(fault_key == key and says in message for _, fault_key, message in found), found


def test_all_faults_are_told_at_once(shicheng: County) -> None:
    text = SHICHENG.replace("length: 1 workday", "length: one day").replace("status: in_force", "status: gilt")
    found = faults(text)
    assert len(found) == 1 + SHICHENG.count("length: 1 workday")
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)


@pytest.mark.parametrize("text", ["", "terms: [", "- a\n- b\n", "a: &x 1\nb: *x\n", "rulebook: \x00"])
def test_what_is_no_rulebook_is_refused(shicheng: County, text: str) -> None:
    assert faults(text)


def test_a_key_written_twice_is_refused(shicheng: County) -> None:
    text = SHICHENG.replace("status: in_force", "status: in_force\nstatus: expired")
    assert any(key == "status" and "两次" in message for _, key, message in faults(text))


def test_a_term_counted_back_must_say_ends(shicheng: County) -> None:
    text = SHICHENG.replace("ends: meeting.held_on", "starts: meeting.held_on")
    assert any(key == "terms.meeting_papers.starts" for _, key, _ in faults(text))


def test_overlapping_validity_is_refused_with_the_other_rulebook_named(shicheng: County) -> None:
    load(SHICHENG)
    amended = SHICHENG.replace("rulebook: shicheng-2022", "rulebook: shicheng-2027").replace("from: 2022-09-30", "from: 2027-01-01")
    assert any(key == "valid" and "shicheng-2022" in message for _, key, message in faults(amended))
    book = Rulebook.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rulebook.objects.create(
            key="twin",
            county=shicheng,
            title="t",
            short_title="t",
            status="in_force",
            valid_from=date(2027, 1, 1),
            loaded_at=book.loaded_at,
        )


def test_an_old_rulebook_ends_and_its_amendment_begins_in_one_load(shicheng: County) -> None:
    load(SHICHENG)
    ended = SHICHENG.replace("to: null}", "to: 2026-12-31}", 1)
    amended = SHICHENG.replace("rulebook: shicheng-2022", "rulebook: shicheng-2027").replace("from: 2022-09-30", "from: 2027-01-01")
    loaded = load_rulebooks(files=[("new.yaml", amended), ("old.yaml", ended)], at=NOON)
    assert {one.rulebook.key: one.outcome for one in loaded} == {"shicheng-2022": "changed", "shicheng-2027": "created"}


def test_a_rulebook_without_clocks_may_be_corrected(shicheng: County) -> None:
    load(SHICHENG)
    assert load(SHICHENG.replace("length: 2 workdays", "length: 3 workdays")) == "changed"
    assert Term.objects.get(key="change_proposal").length == 3


def test_a_rulebook_under_which_clocks_run_is_fixed(world: World) -> None:
    world.clock("claim", "2026-09-29T16:20")
    found = faults(SHICHENG.replace("length: 2 workdays", "length: 3 workdays"))
    assert [key for _, key, _ in found] == ["terms.change_proposal"]
    assert "另立新版本" in found[0][2]
    assert Term.objects.get(rulebook=world.rulebook, key="change_proposal").length == 2


def test_a_rulebook_in_use_may_be_given_its_last_day_but_not_one_before_its_clocks(world: World) -> None:
    world.clock("claim", "2026-09-29T16:20")
    early = SHICHENG.replace("to: null}", "to: 2026-09-28}", 1)
    assert any("失效日期不能早于" in message for _, _, message in faults(early))
    assert load(SHICHENG.replace("to: null}", "to: 2026-09-29}", 1)) == "changed"


def test_one_bad_file_keeps_the_good_one_out(shicheng: County) -> None:
    with pytest.raises(BrokenRulebook) as refusal:
        load_rulebooks(files=[("good.yaml", SHICHENG), ("bad.yaml", "rulebook: x\n")], at=NOON)
    assert {fault.file for fault in refusal.value.faults} == {"bad.yaml"}
    assert not Rulebook.objects.exists()


def test_the_command_lists_every_fault(shicheng: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(SHICHENG.replace("status: in_force", "status: gilt"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken.yaml 第 \d+ 行，status"):
        call_command("load_rulebook", str(path))
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_rulebook", str(tmp_path / "none.yaml"))
    (tmp_path / "latin.yaml").write_bytes("规则".encode("gbk"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("load_rulebook", str(tmp_path / "latin.yaml"))
    call_command("load_rulebook", str(rulebook_folder() / "shicheng-2022.yaml"))
    assert "shicheng-2022（石城办法 2022 版）：已载入" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_ground_can_be_laid_twice() -> None:
    call_command("load_ground", verbosity=0)
    County.objects.filter(code="360735").update(letter_prefix="城")
    call_command("load_ground", verbosity=0)
    assert dict(County.objects.values_list("code", "letter_prefix")) == {"640221": "平", "360735": "城", "420626": "保", "370302": "川"}
    assert Rulebook.objects.count() == 4
    assert Rulebook.objects.get(key="pingluo-2021").valid_to == date(2023, 5, 1)


@pytest.mark.parametrize("words", ["5 workdays", "1 workday", "10 days", "3 months", "30 minutes", "same day 24:00", "at 15:00"])
def test_forward_lengths(words: str) -> None:
    assert parse_length(words).direction == Direction.AFTER


@pytest.mark.parametrize("words", ["0 workdays", "5 weeks", "3 months before", "at 25:00", "-1 day", "1000 days", "5workdays", "at 15:00 "])
def test_lengths_outside_the_grammar(words: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_length(words)


@pytest.mark.parametrize("words", ["0 days before", "due 1", "1 month before", "2 workdays"])
def test_reminders_outside_the_grammar(words: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_reminder(words)
