from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "approvals"
    label = "approvals"
    verbose_name = "许可决定"

    def ready(self) -> None:
        """Say how clocks of decisions are shown."""
        from approvals.presenting import present
        from foundation.common import hooks

        hooks.present.register("approvals.decision", present)
