"""Addresses of decisions."""

from django.urls import path

from approvals import views, views_acts, views_duties

urlpatterns = [
    path("decisions/", views.decision_list, name="decision_list"),
    path("decisions/export/", views.decision_export, name="decision_export"),
    path("decisions/new/", views.decision_new, name="decision_new"),
    path("decisions/report/", views.decision_report, name="decision_report"),
    path("decisions/pen/", views.routing_pen_page, name="routing_pen"),
    path("decisions/pick-item/", views_acts.handling_pick, name="handling_pick"),
    path("decisions/pick-party/", views_acts.party_pick, name="party_pick"),
    path("decisions/targets/", views_acts.target_preview, name="target_preview"),
    path("decisions/<int:pk>/", views.decision_page, name="decision_page"),
    path("decisions/<int:pk>/edit/", views.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/submit/", views_acts.decision_submit, name="decision_submit"),
    path("decisions/<int:pk>/send-back/", views_acts.decision_send_back, name="decision_send_back"),
    path("decisions/<int:pk>/issue/", views_acts.decision_issue, name="decision_issue"),
    path("decisions/<int:pk>/papers/", views_acts.decision_papers, name="decision_papers"),
    path("decisions/<int:pk>/route/", views_acts.decision_route, name="decision_route"),
    path("decisions/<int:pk>/correct/", views_acts.decision_correct, name="decision_correct"),
    path("decisions/publish/", views_duties.decisions_publish, name="decisions_publish"),
    path("decisions/<int:pk>/deliver/", views_duties.decision_deliver, name="decision_deliver"),
    path("decisions/<int:pk>/publish/", views_duties.decision_publish, name="decision_publish"),
    path("decisions/<int:pk>/remind/<int:clock_id>/", views_acts.decision_remind, name="decision_remind"),
    path("corrections/<int:pk>/decide/", views_acts.correction_decide, name="correction_decide"),
]
