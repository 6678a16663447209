"""Addresses of notices."""

from django.urls import path

from foundation.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notice_read, name="notice_read"),
    path("notices/<int:pk>/open/", views.notice_open, name="notice_open"),
    path("notices/preferences/", views.notice_preferences, name="notice_preferences"),
    path("notices/undelivered/", views.delivery_pen, name="delivery_pen"),
    path("notices/undelivered/<int:pk>/resend/", views.delivery_resend, name="delivery_resend"),
]
