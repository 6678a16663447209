"""Addresses of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from exchange.api import views

urlpatterns = [
    path("v1/decisions/", views.DecisionsView.as_view(), name="api_decisions"),
    path("v1/decisions/<int:pk>/", views.DecisionView.as_view(), name="api_decision"),
    path("v1/pushes/", views.PushesView.as_view(), name="api_pushes"),
    path("v1/pushes/<int:pk>/claim/", views.ClaimView.as_view(), name="api_claim"),
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="exchange/api_docs.html"), name="api_docs"),
]
