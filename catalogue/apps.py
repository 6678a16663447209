from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        """Follow organs into their succession, and leavers to who takes over."""
        from catalogue.leaving import hand_over, open_work
        from catalogue.succession import follow_succession
        from foundation.common import hooks
        from foundation.organizations.succession import organ_succeeded

        organ_succeeded.register("catalogue", follow_succession)
        hooks.open_work_of.register("catalogue", open_work)
        hooks.hand_over_work.register("catalogue", hand_over)
