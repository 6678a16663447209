from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        """Follow organs into their succession."""
        from catalogue.succession import follow_succession
        from foundation.organizations.succession import organ_succeeded

        organ_succeeded.register("catalogue", follow_succession)
