from __future__ import annotations

from django.urls import path

from evaluations.views import public

app_name = "evaluations"
# /e/<code>/ … what a scanned code opens
urlpatterns = [
    path("<str:token>/", public.answer, name="answer"),
    path("<str:token>/thanks/", public.thanks, name="thanks"),
]
