"""Closed months of the on-time figures, so that the overview stays fast over years."""

from django.db import models

from foundation.organizations.models import Organ


class ClosedMonth(models.Model):
    """How the clocks of one organ and term whose last day lay in one month ended. Kept once nothing in the month is open; forgotten when a clock of its days starts late."""

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="+")
    term_key = models.CharField(max_length=40)
    month = models.DateField(help_text="its first day")
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    automatic = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "term_key", "month"], name="closed_month_once")]
