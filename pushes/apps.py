from django.apps import AppConfig


class PushesConfig(AppConfig):
    name = "pushes"
    label = "pushes"
    verbose_name = "推送"

    def ready(self) -> None:
        """Answer for the effect of a claim clock, follow organs into their succession and leavers to who takes over."""
        from foundation.common import hooks
        from foundation.deadlines.statuses import Effect
        from foundation.organizations.succession import organ_succeeded
        from pushes.expiries import auto_claim
        from pushes.leaving import hand_over, open_work
        from pushes.models import Push
        from pushes.presenting import present, visible
        from pushes.succession import follow_succession

        hooks.on_expired.register(Effect.AUTO_CLAIM, hooks.Expiry(subject=Push, handler=auto_claim))
        hooks.present.register("pushes.push", present)
        hooks.visible_of.register("pushes.push", visible)
        hooks.open_work_of.register("pushes", open_work)
        hooks.hand_over_work.register("pushes", hand_over)
        organ_succeeded.register("pushes", follow_succession)
