"""/imports/ … an office's own tables, and the points of its paper books."""

from __future__ import annotations

from django.urls import path

from volunteers.views.imports import files, openings

app_name = "imports"

urlpatterns = [
    path("", files.start, name="start"),
    path("file/<slug:slug>/", files.upload, name="upload"),
    path("draft/<int:draft_id>/", files.preview, name="preview"),
    path("draft/<int:draft_id>/give-up/", files.give_up, name="give_up"),
    path("openings/", openings.openings, name="openings"),
    path("openings/sign-off/", openings.sign_off, name="sign_off"),
    path("openings/<int:volunteer_id>/", openings.enter, name="enter_opening"),
]
