from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "foundation.workdays"
    label = "workdays"
    verbose_name = "日历"

    def ready(self) -> None:
        """Tell the notices which days are working days: digests go out on those."""
        from foundation.notices.working_days import working_day
        from foundation.workdays.queries import calendar_of

        working_day.register("calendar", lambda region, day: calendar_of(region).is_working(day))
