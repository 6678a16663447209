from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "foundation.organizations"
    label = "organizations"
    verbose_name = "机关与人员"

    def ready(self) -> None:
        """Tell the journal the names of a county's organs."""
        from foundation.journal.organs import organs_of
        from foundation.organizations.queries import short_names

        organs_of.register("organs", short_names)
