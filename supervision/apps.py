from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    label = "supervision"
    verbose_name = "监管"

    def ready(self) -> None:
        """Open tasks when the corridor brings something to supervise, and end them when it is taken back."""
        from foundation.common import hooks
        from pushes.statuses import PushKind
        from supervision.actions import withdraw_for
        from supervision.opening import open_at_claim, open_at_push
        from supervision.presenting import present

        hooks.present.register("supervision.task", present)

        for kind in (PushKind.DECISION, PushKind.COMMITMENT):
            hooks.on_sent.register(kind, open_at_push)
            hooks.on_claimed.register(kind, open_at_claim)
            hooks.on_withdrawn.register(kind, withdraw_for)
