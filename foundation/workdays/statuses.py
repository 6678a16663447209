"""Kinds of days."""

from django.db.models import TextChoices


class DayKind(TextChoices):
    """How a day differs from the plain week. These are the kinds a notice can set."""

    HOLIDAY = "holiday", "节假日"
    MAKE_UP = "make_up", "调休上班"


class PlainKind(TextChoices):
    """What a day is where no notice says otherwise: Monday to Friday are worked, Saturday and Sunday are rest days."""

    WORKDAY = "workday", "工作日"
    REST = "rest", "休息日"
