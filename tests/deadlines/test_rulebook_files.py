"""The four rulebook files and the table of provisions, read as plain files and compared with numbers taken by hand from the sources."""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROVISIONS = ROOT / "docs" / "provisions" / "provisions.csv"

BOOKS = {
    "pingluo-2021": ("640221", dt.date(2021, 5, 1), dt.date(2023, 5, 1), "expired"),
    "shicheng-2022": ("360735", dt.date(2022, 9, 30), None, "in_force"),
    "baokang-2023": ("420626", dt.date(2023, 8, 8), None, "in_force"),
    "zichuan-2019": ("370302", dt.date(2019, 3, 31), None, "in_force"),
}

LENGTH = re.compile(
    r"(1 (workday|day|month|minute)|(?!1 )[1-9]\d* (workdays|days|months|minutes))( before)?|same day 24:00|at ([01]\d|2[0-3]):[0-5]\d"
)
RUNG = re.compile(r"due|1 (workday|day) (before|after)|(?!1 )[1-9]\d* (workdays|days) (before|after)")
EVENT = re.compile(r"[a-z]+\.[a-z_]+")
QUESTION = re.compile(r"E-(0[1-9]|[1-3]\d|4[0-5])")
EFFECTS = {"auto_claim", "escalate", "overdue", "deemed_consent", "deemed_renewed", "decision_task", "warn", "notice", "advisory"}
TOP_KEYS = {"rulebook", "county", "title", "short_title", "status", "valid", "source", "parameters", "terms"}
TERM_KEYS = {
    *("term", "name", "article", "summary", "obliged", "start_words", "length"),
    *("on_expiry", "advisory", "authority", "remind", "provisions", "done_words"),
}
OPTIONAL_TERM_KEYS = {"group", "question"}

# county, term, length, on_expiry, advisory: what a reader finds in the source, or what was chosen where the source gives no number
NUMBERS = [
    ("shicheng-2022", "claim", "5 workdays", "auto_claim", False),
    ("shicheng-2022", "change_proposal", "2 workdays", "overdue", False),
    ("shicheng-2022", "meeting_papers", "3 workdays before", "warn", False),
    ("shicheng-2022", "minutes", "3 workdays", "overdue", False),
    ("shicheng-2022", "push", "30 minutes", "advisory", True),
    ("shicheng-2022", "push_measure", "3 workdays", "advisory", True),
    ("shicheng-2022", "change_confirmation", "5 workdays", "warn", True),
    ("shicheng-2022", "meeting_study", "1 workday", "advisory", True),
    ("shicheng-2022", "first_action", "30 workdays", "advisory", True),
    ("baokang-2023", "claim", "3 workdays", "escalate", False),
    ("baokang-2023", "claim_back", "3 workdays", "escalate", False),
    ("baokang-2023", "claim_commitment", "3 workdays", "escalate", False),
    ("baokang-2023", "push_measure", "3 workdays", "overdue", False),
    ("baokang-2023", "technical_report", "3 workdays", "overdue", False),
    ("baokang-2023", "technical_procedure", "10 workdays", "advisory", True),
    ("baokang-2023", "verification_result", "3 workdays", "overdue", False),
    ("baokang-2023", "post_check", "2 months", "advisory", True),
    ("baokang-2023", "first_action", "30 workdays", "overdue", False),
    ("baokang-2023", "result_entry", "same day 24:00", "overdue", False),
    ("baokang-2023", "deferred_material_reminder", "1 day before", "notice", False),
    ("baokang-2023", "deferred_material", "same day 24:00", "decision_task", False),
    ("baokang-2023", "inquiry_reply", "7 workdays", "deemed_consent", False),
    ("baokang-2023", "push", "30 minutes", "advisory", True),
    ("zichuan-2019", "circular", "1 workday", "overdue", False),
    ("zichuan-2019", "roster", "at 15:00", "overdue", False),
    ("zichuan-2019", "claim", "3 workdays", "advisory", True),
    ("zichuan-2019", "push", "3 workdays", "advisory", True),
    ("zichuan-2019", "opinion_reply", "7 workdays", "advisory", True),
    ("pingluo-2021", "error_notice", "same day 24:00", "advisory", True),
    ("pingluo-2021", "transition", "3 months", "notice", False),
    ("pingluo-2021", "result_letter", "5 workdays", "advisory", True),
    ("pingluo-2021", "claim", "3 workdays", "advisory", True),
    ("pingluo-2021", "push", "3 workdays", "advisory", True),
]
IN_EVERY_COUNTY = [
    ("return_answer", "1 workday", "escalate", False),
    ("routing", "1 workday", "escalate", False),
    ("duty_ruling", "5 workdays", "advisory", True),
    ("letter_reply", "7 workdays", "advisory", True),
    ("publication", "7 workdays", "overdue", False),
    ("certificate_delivery", "10 workdays", "overdue", False),
    ("renewal_decision", "same day 24:00", "deemed_renewed", False),
]
# county, term, the event whose day is day 0 (or from whose day one counts back), the article
ANCHORS = [
    ("shicheng-2022", "claim", "push.pushed_at", "第二十六条"),
    ("shicheng-2022", "change_proposal", "proposal.confirmed_at", "第二十八条"),
    ("shicheng-2022", "meeting_papers", "meeting.held_on", "第二十四条"),
    ("shicheng-2022", "minutes", "minutes.signed_off_at", "第二十五条"),
    ("shicheng-2022", "first_action", "push.claimed_at", "第二十六条"),
    ("baokang-2023", "claim", "push.pushed_at", "附件1第十九条（一）"),
    ("baokang-2023", "claim_back", "push.pushed_at", "附件1第二十条（二）"),
    ("baokang-2023", "claim_commitment", "push.pushed_at", "附件1第二十三条"),
    ("baokang-2023", "push_measure", "measure.decided_at", "附件1第二十条（二）"),
    ("baokang-2023", "technical_report", "procedure.finished_at", "附件1第二十一条"),
    ("baokang-2023", "verification_result", "verification.result_made_at", "附件1第二十三条"),
    ("baokang-2023", "first_action", "push.pushed_at", "方案三（三）8"),
    ("baokang-2023", "result_entry", "task.finished_at", "方案三（三）9"),
    ("baokang-2023", "deferred_material", "deferral.promised_on", "方案三（三）7"),
    ("baokang-2023", "inquiry_reply", "letter.delivered_at", "附件1第二十四条"),
    ("zichuan-2019", "circular", "circular.received_on", "三（二）2"),
    ("zichuan-2019", "roster", "roster.due_on", "附件1、附件2、附件3"),
    ("pingluo-2021", "error_notice", "proposal.discovered_at", "第十五条"),
    ("pingluo-2021", "transition", "transfer.handed_over_on", "划转方案四（二）6"),
]
PARAMETERS = [
    ("shicheng-2022", {"deemed_consent": False, "duty_ruling": ["staffing_office"], "task_opens_at": "claim", "calendar_region": ""}),
    ("shicheng-2022", {"liaisons_per_section_min": 1, "liaisons_per_organ_min": 1, "liaisons_per_organ_max": None}),
    ("baokang-2023", {"deemed_consent": True, "duty_ruling": ["coordination_group"], "task_opens_at": "push", "calendar_region": ""}),
    ("baokang-2023", {"rectification_ordered_by": "supervising_department", "low_credit_gate": "block_commitment_track"}),
    ("pingluo-2021", {"deemed_consent": False, "duty_ruling": ["government"], "task_opens_at": "claim", "calendar_region": "NX"}),
    ("pingluo-2021", {"rectification_ordered_by": "approval_bureau", "low_credit_gate": "block_commitment_track"}),
    ("zichuan-2019", {"deemed_consent": False, "duty_ruling": ["staffing_office"], "task_opens_at": "claim", "calendar_region": ""}),
    ("zichuan-2019", {"liaisons_per_organ_min": 1, "liaisons_per_organ_max": 1, "leaders_per_organ_min": 1, "leaders_per_organ_max": 1}),
    ("zichuan-2019", {"think_tank_per_organ_min": 2, "think_tank_per_organ_max": 3}),
    ("zichuan-2019", {"inspection_experts_per_organ_min": 1, "inspection_experts_per_organ_max": 2}),
]
EIGHT_FIELDS = ["item_name", "document_number", "party_name", "party_contact", "party_address", "decided_on", "valid_to", "content"]


class OnceOnly(yaml.SafeLoader):
    """PyYAML lets a repeated key win silently; here it is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"repeated key near line {node.start_mark.line + 1}"
        return super().construct_mapping(node, deep)


@cache
def read(name: str) -> dict[str, Any]:
    book: dict[str, Any] = yaml.load((ROOT / "rulebooks" / f"{name}.yaml").read_text("utf-8"), OnceOnly)  # noqa: S506 (a SafeLoader)
    return book


def terms_of(name: str) -> dict[str, dict[str, Any]]:
    return {term["term"]: term for term in read(name)["terms"]}


def provision_rows() -> list[dict[str, str]]:
    with PROVISIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def every_term() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in BOOKS:
        for term in read(name)["terms"]:
            yield f"{name}:{term['term']}", term


def test_the_folder_holds_the_four_rulebooks() -> None:
    assert {path.stem for path in (ROOT / "rulebooks").glob("*.yaml")} == set(BOOKS)


@pytest.mark.parametrize("name", BOOKS)
def test_the_head_of_a_file(name: str) -> None:
    book = read(name)
    county, begins, ends, status = BOOKS[name]
    assert set(book) == TOP_KEYS
    assert (book["rulebook"], book["county"], book["status"]) == (name, county, status)
    assert book["valid"] == {"from": begins, "to": ends}


@pytest.mark.parametrize("name", BOOKS)
def test_a_term_stands_once_and_the_county_stands_before_higher_law(name: str) -> None:
    rows = read(name)["terms"]
    keys = [row["term"] for row in rows]
    assert len(keys) == len(set(keys))
    groups = [row.get("group", "county") for row in rows]
    assert groups == sorted(groups)
    assert set(groups) == {"county", "higher_law"}


@pytest.mark.parametrize(("label", "term"), list(every_term()), ids=[label for label, _ in every_term()])
def test_the_shape_of_a_term(label: str, term: dict[str, Any]) -> None:
    assert TERM_KEYS <= set(term) <= TERM_KEYS | OPTIONAL_TERM_KEYS | {"starts", "ends"}
    assert ("starts" in term) != ("ends" in term)
    assert EVENT.fullmatch(term.get("starts") or term["ends"])
    assert LENGTH.fullmatch(term["length"])
    assert ("ends" in term) == term["length"].endswith(" before")
    assert all(RUNG.fullmatch(rung) for rung in term["remind"])
    assert term["on_expiry"] in EFFECTS
    assert QUESTION.fullmatch(term.get("question", "E-01"))
    assert all(term[key].strip() == term[key] != "" for key in ("name", "article", "summary", "obliged", "start_words", "done_words"))


@pytest.mark.parametrize(("label", "term"), list(every_term()), ids=[label for label, _ in every_term()])
def test_a_number_of_ours_is_never_passed_off_as_the_texts(label: str, term: dict[str, Any]) -> None:
    assert term["authority"] in {"article", "own_default", "higher_law"}
    assert isinstance(term["advisory"], bool)
    if term["advisory"]:
        assert term["authority"] == "own_default"
        assert term["on_expiry"] in {"advisory", "warn"}
        assert "question" in term, "an advisory number names the question that chose it"
    else:
        assert term["on_expiry"] != "advisory"
    if term["authority"] == "own_default" and not term["advisory"]:
        assert label.split(":")[1] in {"return_answer", "routing", "inquiry_reply"}
    assert term["authority"] != "higher_law" or term["group"] == "higher_law"


@pytest.mark.parametrize(("name", "term", "length", "on_expiry", "advisory"), NUMBERS)
def test_the_number_and_its_consequence(name: str, term: str, length: str, on_expiry: str, advisory: bool) -> None:
    row = terms_of(name)[term]
    assert (row["length"], row["on_expiry"], row["advisory"]) == (length, on_expiry, advisory)


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize(("term", "length", "on_expiry", "advisory"), IN_EVERY_COUNTY)
def test_the_number_that_every_county_has(name: str, term: str, length: str, on_expiry: str, advisory: bool) -> None:
    row = terms_of(name)[term]
    assert (row["length"], row["on_expiry"], row["advisory"]) == (length, on_expiry, advisory)


@pytest.mark.parametrize("name", BOOKS)
def test_the_acts_of_the_corridor_have_a_row_in_every_county(name: str) -> None:
    assert {"push", "claim", "claim_commitment", "claim_back", "first_action", "result_feedback", "push_measure"} <= set(terms_of(name))


def test_only_the_county_whose_text_says_so_has_an_irreversible_effect() -> None:
    def books_with(effect: str) -> set[str]:
        return {label.split(":")[0] for label, term in every_term() if term["on_expiry"] == effect}

    assert books_with("auto_claim") == {"shicheng-2022"}
    assert books_with("deemed_consent") == {"baokang-2023"}
    assert books_with("decision_task") == {"baokang-2023"}


@pytest.mark.parametrize(("name", "term", "event", "article"), ANCHORS)
def test_the_event_and_the_article(name: str, term: str, event: str, article: str) -> None:
    row = terms_of(name)[term]
    assert (row.get("starts") or row["ends"], row["article"]) == (event, article)


@pytest.mark.parametrize(("name", "expected"), PARAMETERS)
def test_a_parameter_of_the_county(name: str, expected: dict[str, object]) -> None:
    parameters = read(name)["parameters"]
    assert {key: parameters[key]["value"] for key in expected} == expected


@pytest.mark.parametrize("name", BOOKS)
def test_a_parameter_that_is_the_same_everywhere(name: str) -> None:
    values = {key: row["value"] for key, row in read(name)["parameters"].items()}
    assert values["required_push_fields"] == EIGHT_FIELDS
    assert (values["day_zero_counts"], values["cutoff_time"]) == (False, "24:00")
    assert (values["push_target_minutes"], values["push_alarm_minutes"]) == (5, 30)
    assert (values["second_return"], values["return_allowed_until"]) == ("duty_ruling", "claim_or_due")


@pytest.mark.parametrize("name", BOOKS)
def test_every_parameter_says_whose_it_is_and_all_counties_answer_the_same_questions(name: str) -> None:
    parameters = read(name)["parameters"]
    assert set(parameters) == set(read("shicheng-2022")["parameters"])
    for key, row in parameters.items():
        assert set(row) == {"value", "authority", "question", "note"}, key
        assert row["authority"] and row["note"], key
        assert row["question"] == "" or QUESTION.fullmatch(row["question"]), key


@pytest.mark.parametrize("name", BOOKS)
def test_a_parameter_that_names_a_term_names_one_of_this_file(name: str) -> None:
    book = read(name)
    assert {book["parameters"][key]["value"] for key in ("proposal_term", "rescission_term")} <= {term["term"] for term in book["terms"]}


def test_the_table_of_provisions_has_237_rows() -> None:
    rows = provision_rows()
    assert not PROVISIONS.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len({row["id"] for row in rows}) == len(rows) == 237
    prefixes = [row["id"][:2] for row in rows]
    assert {prefix: prefixes.count(prefix) for prefix in prefixes} == {"PL": 41, "SC": 56, "BS": 36, "BA": 44, "PT": 29, "ZC": 31}


def test_every_provision_has_a_duty_a_room_and_a_stage() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")} | {path.parent.name for path in (ROOT / "foundation").glob("*/apps.py")}
    rooms |= {"liaison", "archives", "none"}
    for row in provision_rows():
        assert list(row) == ["id", "county", "article", "duty", "room", "stage", "note"]
        assert row["county"] and row["article"] and row["duty"], row["id"]
        assert row["room"] in rooms, row["id"]
        assert row["stage"] in {"foundation", "way_back", "liaison", "archives", "oversight", "declined"}, row["id"]
        assert (row["stage"] == "declined") == (row["room"] == "none"), row["id"]
        assert row["note"] or row["stage"] != "declined", f"{row['id']} is declined without a reason"


def test_a_rulebook_cites_only_provisions_of_its_own_county() -> None:
    county_of = {row["id"]: row["county"] for row in provision_rows()}
    names = {"pingluo-2021": "平罗县", "shicheng-2022": "石城县", "baokang-2023": "保康县", "zichuan-2019": "淄川区"}
    for label, term in every_term():
        assert {county_of[provision] for provision in term["provisions"]} <= {names[label.split(":")[0]]}, label
