"""Addresses of the calendar."""

from django.urls import path

from foundation.workdays import views

urlpatterns = [
    path("calendar/", views.calendar_page, name="calendar"),
    path("calendar/import/", views.calendar_import, name="calendar_import"),
]
