"""Rulebooks, and the one small table of clocks that the portal is about."""

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from foundation.deadlines.statuses import AdjustmentKind, ClockState, Direction, Effect, Unit
from foundation.organizations.models import County, DateRangeOf, Organ, User


class Rulebook(models.Model):
    """A county's rules in one version. A record pins its rulebook by the date of its event; an amendment is a new rulebook."""

    key = models.CharField("版本", max_length=40, unique=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="rulebooks")
    title = models.CharField("名称", max_length=120)
    short_title = models.CharField("简称", max_length=60)
    status = models.CharField("效力", max_length=20)
    valid_from = models.DateField("施行")
    valid_to = models.DateField("失效", null=True, blank=True)
    parameters = models.JSONField(default=dict, help_text="key → {value, authority, question, note}")
    source = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["county_id", "-valid_from"]
        constraints = [
            ExclusionConstraint(
                name="rulebook_no_overlap",
                expressions=[
                    ("county", RangeOperators.EQUAL),
                    (
                        DateRangeOf("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.short_title

    def parameter(self, key: str) -> object:
        """The value of a parameter; KeyError where the rulebook does not set it (the loader checks that it does)."""
        return self.parameters[key]["value"]


class Term(models.Model):
    """One row of a rulebook: who owes what, from which event, within which time, under which article, and what follows."""

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="terms")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20, default="county")
    name = models.CharField(max_length=40)
    article = models.CharField(max_length=60)
    summary = models.CharField(max_length=300)
    obliged = models.CharField(max_length=40)
    event = models.CharField(max_length=60, help_text="room.moment that starts (or, backward, ends) the term")
    event_words = models.CharField(max_length=20)
    length = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=12, choices=Unit)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.AFTER)
    clock_time = models.TimeField(null=True, blank=True)
    effect = models.CharField(max_length=20, choices=Effect)
    advisory = models.BooleanField(default=False)
    authority = models.CharField(max_length=20)
    remind = models.JSONField(default=list, help_text='[{"n": 1, "unit": "workdays", "side": "before"}]')
    done_words = models.CharField(max_length=12)
    question = models.CharField(max_length=10, blank=True)
    provisions = models.JSONField(default=list)

    class Meta:
        ordering = ["rulebook_id", "position"]
        constraints = [models.UniqueConstraint(fields=["rulebook", "key"], name="term_once_per_rulebook")]

    def __str__(self) -> str:
        return f"{self.article} {self.name}"


class Deadline(models.Model):
    """A clock: an organ owes an act by a moment, under an article, and something follows if it passes.

    `day_zero` is the civil day of the event (Asia/Shanghai), not counted. `last_day` is the last day on which the act is in time;
    `due_at` is its 24:00, stored as the first instant of the next day, so that 23:59:59.999 is in time. `settled_at` is the legal
    moment of the act or of the effect, `recorded_at` when the portal wrote it down. `provisional` marks a date that was counted on a
    year without an official notice: nothing irreversible follows from it.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="clocks")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="clocks", help_text="the obliged organ")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    day_zero = models.DateField()
    last_day = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    settled_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    next_rung_at = models.DateTimeField(null=True, help_text="when the next reminder or escalation is due")
    parked_at = models.DateTimeField(null=True, help_text="set when its effect failed alone; an alarm stands")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "term"], condition=Q(state__in=["running", "held"]), name="one_open_clock"
            ),
            models.CheckConstraint(condition=Q(state__in=["running", "held"]) | Q(settled_at__isnull=False), name="ended_clock_has_moment"),
            models.CheckConstraint(
                condition=~Q(state="expired") | (Q(provisional=False) & Q(settled_at=F("due_at"))), name="expiry_takes_effect_at_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "due_at"], include=["term"], condition=Q(state="running"), name="clock_of_organ"),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="clock_due"),
            models.Index(fields=["next_rung_at"], condition=Q(state="running", next_rung_at__isnull=False), name="clock_rung"),
            models.Index(fields=["subject_id", "subject_type"], name="clock_of_subject"),
            models.Index(fields=["county", "last_day"], name="clock_of_month"),
        ]


class Adjustment(models.Model):
    """A line of a clock's append-only ledger: the old date, the new date and the cause."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=12, choices=AdjustmentKind)
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=300)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]


class RungFired(models.Model):
    """A reminder or escalation that was sent. Its uniqueness is what makes it go out once per clock, rung and due moment."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="rungs")
    rung = models.CharField(max_length=30)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "rung", "due_at"], name="rung_fires_once")]


class Alarm(models.Model):
    """Something about the clocks that a person must look at: a parked effect, a year without a calendar, hosts that disagree on time."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, related_name="alarms")
    detail = models.TextField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "deadline"], condition=Q(cleared_at=None), name="one_open_alarm_per_clock"),
        ]
