from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "approvals"
    label = "approvals"
    verbose_name = "许可决定"

    def ready(self) -> None:
        """Say how clocks of decisions are shown, what their life is, and who may open their papers."""
        from approvals.access import files, papers_visible
        from approvals.leaving import hand_over, open_work
        from approvals.life import own_events, party_events
        from approvals.neighbours import move_decisions, organs_of_party, unlisted
        from approvals.presenting import present, visible
        from approvals.succession import follow_succession
        from catalogue.hooks import unlisted_items
        from foundation.common import hooks
        from foundation.organizations.succession import organ_succeeded
        from foundation.papers.access import attachment_visible
        from parties.merging import organs_with_matter, party_merged

        hooks.present.register("approvals.decision", present)
        hooks.visible_of.register("approvals.decision", visible)
        hooks.timeline_of.register("approvals.decision", own_events)
        hooks.timeline_of.register("parties.party", party_events)
        hooks.files_of.register("approvals.decision", files)
        hooks.open_work_of.register("approvals", open_work)
        hooks.hand_over_work.register("approvals", hand_over)
        organ_succeeded.register("approvals", follow_succession)
        attachment_visible.register("approvals.decision", papers_visible)
        organs_with_matter.register("approvals", organs_of_party)
        party_merged.register("approvals", move_decisions)
        unlisted_items.register("approvals", unlisted)
