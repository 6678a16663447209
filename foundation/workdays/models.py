"""Calendars: a national layer and regional layers over it, each day with the notice that set it."""

from django.db import models

from foundation.workdays.statuses import DayKind


class CalendarYear(models.Model):
    """A year of a layer for which an official notice is known. A year of the national layer without such a row is provisional.

    `layer` is empty for the national layer, else a region key such as "NX". A notice that is imported anew is a new row, so the
    highest id tells whether anything changed.
    """

    layer = models.CharField("日历", max_length=10, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    notice = models.CharField("依据", max_length=200)
    url = models.CharField("网址", max_length=200, blank=True)
    imported_at = models.DateTimeField("录入时间")

    class Meta:
        ordering = ["layer", "year"]
        constraints = [models.UniqueConstraint(fields=["layer", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return self.notice


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday, a swapped rest day, or a make-up workday.

    A notice may reach into the last days of the year before (the New Year holiday of 2023 began on 2022-12-31); the day then belongs
    to the notice that set it. `notice` names another notice where one day was set apart from the rest of its year (2020-02-02).
    """

    calendar_year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField("日期")
    kind = models.CharField("类别", max_length=12, choices=DayKind)
    name = models.CharField("节日", max_length=20, blank=True)
    notice = models.CharField("另有依据", max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar_year", "day"], name="calendar_day_once")]
