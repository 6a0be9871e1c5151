"""/api/v1/ … every row of the contract, and the schema that describes it."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from board.api import Summary
from points_store.api.missing import not_found

app_name = "api"

urlpatterns = [
    path("", include("volunteers.api.urls")),
    path("", include("rewards.api.urls")),
    path("summary/", Summary.as_view()),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", TemplateView.as_view(template_name="api_docs.html"), name="docs"),
    path("<path:_rest>", not_found),
]
