"""Where a subject has its page. Rooms below the subject's own room know only its label and its id."""

from django.urls import NoReverseMatch, reverse

PAGES = {
    "pushes.push": "push_page",
    "supervision.task": "task_page",
    "approvals.decision": "decision_page",
    "deadlines.deadline": "why",
    "exchange.importjob": "import_page",
    "parties.party": "party_page",
}
"""Model label → URL name of the page, which takes the id."""


def link_of(*, subject_type: str, subject_id: int | None) -> str:
    """The address of the page of a subject (`pushes.push`), or an empty string where it has none."""
    name = PAGES.get(subject_type)
    if name is None or subject_id is None:
        return ""
    try:
        return reverse(name, args=[subject_id])
    except NoReverseMatch:
        return ""
