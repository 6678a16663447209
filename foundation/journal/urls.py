"""Addresses of the journal."""

from django.urls import path

from foundation.journal import views

urlpatterns = [
    path("journal/", views.journal_list, name="journal_list"),
    path("journal/export/", views.journal_export, name="journal_export"),
]
