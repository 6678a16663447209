from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "approvals"
    label = "approvals"
    verbose_name = "许可决定"

    def ready(self) -> None:
        """Say how clocks of decisions are shown, what their life is, and who may open their papers."""
        from approvals.access import files, papers_visible
        from approvals.life import own_events, party_events
        from approvals.presenting import present
        from foundation.common import hooks
        from foundation.papers.access import attachment_visible

        hooks.present.register("approvals.decision", present)
        hooks.timeline_of.register("approvals.decision", own_events)
        hooks.timeline_of.register("parties.party", party_events)
        hooks.files_of.register("approvals.decision", files)
        attachment_visible.register("approvals.decision", papers_visible)
