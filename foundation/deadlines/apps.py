from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "foundation.deadlines"
    label = "deadlines"
    verbose_name = "期限"

    def ready(self) -> None:
        """Count open clocks anew when a calendar changes."""
        from foundation.deadlines import redating

        redating.register()
