"""Addresses of pushes."""

from django.urls import path

from pushes import views

urlpatterns = [
    path("pushes/", views.inbox_page, name="inbox"),
    path("pushes.xlsx", views.inbox_export, name="inbox_export"),
    path("pushes/claim/", views.claim_pushes, name="claim_pushes"),
    path("pushes/<int:pk>/", views.push_page, name="push_page"),
    path("pushes/<int:pk>/return/", views.push_return, name="push_return"),
    path("pushes/<int:pk>/answer/", views.push_answer, name="push_answer"),
    path("pushes/<int:pk>/withdraw/", views.push_withdraw, name="push_withdraw"),
]
