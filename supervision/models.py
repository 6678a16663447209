"""Supervision tasks."""

from django.db import models
from django.db.models import Q

from foundation.deadlines.models import Rulebook
from foundation.organizations.models import County, Organ, User
from pushes.models import Push
from supervision.statuses import FirstAction, Outcome, TaskState


class Task(models.Model):
    """What an organ owes after a push: look, act, feed back. One per push; a task is not an inspection (E-16)."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="tasks")
    push = models.OneToOneField(Push, on_delete=models.PROTECT, related_name="task")
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    opened_at = models.DateTimeField()
    first_action = models.CharField("首次处置", max_length=10, choices=FirstAction, blank=True)
    approval_note = models.CharField("现场检查审批", max_length=200, blank=True)
    plan_line = models.CharField("计划条目", max_length=120, blank=True)
    acted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField("监管工作完成时刻", null=True)
    finished_recorded_at = models.DateTimeField(null=True)
    outcome = models.CharField("结果", max_length=12, choices=Outcome, blank=True)
    result_text = models.TextField("结果说明", blank=True)
    fed_back_at = models.DateTimeField(null=True)
    fed_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    result_push = models.ForeignKey(Push, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="fed_back") | (~Q(outcome="") & Q(fed_back_at__isnull=False)), name="fed_back_has_result"
            ),
            models.CheckConstraint(condition=~Q(first_action="on_site") | ~Q(approval_note=""), name="site_visit_needs_approval"),
        ]
        indexes = [
            models.Index(fields=["organ", "state", "-opened_at"], name="task_of_organ"),
            models.Index(fields=["assignee"], condition=Q(state__in=["open", "assigned", "acting", "finished"]), name="task_of_person"),
        ]
