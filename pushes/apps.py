from django.apps import AppConfig


class PushesConfig(AppConfig):
    name = "pushes"
    label = "pushes"
    verbose_name = "推送"

    def ready(self) -> None:
        """Answer for the effect of a claim clock."""
        from foundation.common import hooks
        from foundation.deadlines.statuses import Effect
        from pushes.expiries import auto_claim
        from pushes.models import Push
        from pushes.presenting import present, visible

        hooks.on_expired.register(Effect.AUTO_CLAIM, hooks.Expiry(subject=Push, handler=auto_claim))
        hooks.present.register("pushes.push", present)
        hooks.visible_of.register("pushes.push", visible)
