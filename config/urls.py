"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dashboards.urls")),
    path("", include("foundation.organizations.urls")),
    path("", include("foundation.journal.urls")),
    path("", include("foundation.papers.urls")),
    path("", include("foundation.notices.urls")),
    path("", include("foundation.workdays.urls")),
    path("", include("foundation.deadlines.urls")),
    path("", include("catalogue.urls")),
    path("", include("parties.urls")),
    path("", include("pushes.urls")),
    path("", include("approvals.urls")),
    path("", include("supervision.urls")),
    path("", include("exchange.urls")),
]
