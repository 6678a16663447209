from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    label = "supervision"
    verbose_name = "监管"

    def ready(self) -> None:
        """Open tasks when the corridor brings something to supervise, and end them when it is taken back."""
        from foundation.common import hooks
        from foundation.organizations.succession import organ_succeeded
        from pushes.statuses import PushKind
        from supervision.actions import withdraw_for
        from supervision.leaving import hand_over, open_work
        from supervision.life import events, related
        from supervision.opening import open_at_claim, open_at_push
        from supervision.presenting import present, visible
        from supervision.succession import follow_succession

        hooks.present.register("supervision.task", present)
        hooks.visible_of.register("supervision.task", visible)
        hooks.timeline_of.register("approvals.decision", events)
        hooks.related_of.register("approvals.decision", related)
        hooks.open_work_of.register("supervision", open_work)
        hooks.hand_over_work.register("supervision", hand_over)
        organ_succeeded.register("supervision", follow_succession)
        for kind in (PushKind.DECISION, PushKind.COMMITMENT):
            hooks.on_sent.register(kind, open_at_push)
            hooks.on_claimed.register(kind, open_at_claim)
            hooks.on_withdrawn.register(kind, withdraw_for)
