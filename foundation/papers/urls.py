"""Addresses of files."""

from django.urls import path

from foundation.papers import views

urlpatterns = [path("files/<uuid:public_id>/", views.attachment, name="attachment")]
