"""Addresses of the parties' pages."""

from django.urls import path

from parties import views

urlpatterns = [
    path("parties/", views.party_list, name="party_list"),
    path("parties/<int:pk>/", views.party_page, name="party_page"),
    path("parties/<int:pk>/reveal/", views.party_reveal, name="party_reveal"),
    path("parties/<int:pk>/merge/", views.party_merge, name="party_merge"),
]
