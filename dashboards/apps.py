from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    label = "dashboards"
    verbose_name = "工作台与总览"

    def ready(self) -> None:
        """Count a closed month anew where a clock of its days is started late."""
        from dashboards.figures import reopen_months
        from foundation.common import hooks

        hooks.on_past_start.register("any", reopen_months)
