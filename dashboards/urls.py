"""Addresses of the workbench, the overview and the search."""

from django.urls import path

from dashboards import views

urlpatterns = [
    path("", views.workbench_page, name="workbench"),
    path("workbench.xlsx", views.workbench_export, name="workbench_export"),
    path("overview/", views.overview_page, name="overview"),
    path("overview/rows/", views.overview_rows, name="overview_rows"),
    path("overview.xlsx", views.overview_export, name="overview_export"),
    path("search/", views.search_page, name="search"),
]
