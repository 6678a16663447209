"""When a bureau follows another, drafts and the clocks of its decisions go on under the successor; decisions keep who made them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from approvals.models import Decision
from approvals.statuses import DecisionState
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines import actions as deadlines
from foundation.journal import actions as journal
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from foundation.organizations.succession import cause_of

UNDECIDED = (DecisionState.DRAFT, DecisionState.SUBMITTED)


def follow_succession(*, old_organ_ids: Iterable[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int:
    """Move drafts, and the clocks owed on decisions (the routing pen's among them), to the organ that follows; returns how many decisions.

    A decision that was made, or reported, stays under the organ that made it; its successor answers for it.
    """
    old = sorted(set(old_organ_ids) - {new.pk})
    owed = deadlines.subjects_owed_by(subject_model=Decision, organ_ids=old)
    wanted = Q(organ_id__in=old, state__in=UNDECIDED) | Q(pk__in=owed)
    rows = list(Decision.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    cause = cause_of(old_organ_ids=old, new=new, on=on, document=document)
    drafts = [row for row in rows if row.organ_id in old and row.state in UNDECIDED]
    Decision.objects.filter(pk__in=[draft.pk for draft in drafts]).update(organ=new)
    deadlines.transfer(
        subject_model=Decision, subject_ids=[row.pk for row in rows], from_ids=old, to_id=new.pk, cause=cause, at=at, actor=actor
    )
    after = {"organ": new.pk}
    journal.write_many(
        journal.entry(verb="decision.transfer", actor=actor, subject=row, at=at, before={"organ": row.organ_id}, after=after, reason=cause)
        for row in drafts
    )
    if rows:
        users = organizations.people(organ_ids=[new.pk], roles=(Role.WINDOW_CLERK, Role.SECTION_HEAD), on=clock.civil_day(at))
        params = {"count": len(rows), "reason": f"许可决定：{cause}"}
        notices.send(kind="work_handed_over", users=users, subject=new, params=params, county_id=new.county_id, organ_id=new.pk, at=at)
    return len(rows)
