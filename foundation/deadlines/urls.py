"""Addresses of rules and dates."""

from django.urls import path

from foundation.deadlines import views

urlpatterns = [
    path("rules/", views.rules_page, name="rules"),
    path("rules/export/", views.rules_export, name="rules_export"),
    path("why/<int:pk>/", views.why, name="why"),
    path("why/<int:pk>/popover/", views.why_popover, name="why_popover"),
]
