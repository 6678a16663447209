"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("foundation.journal.urls")),
    path("", include("foundation.papers.urls")),
    path("", include("foundation.notices.urls")),
]
