"""/people/ … who lives here: search, enrolment, dossiers, cards."""

from __future__ import annotations

from django.urls import path

from volunteers.views.people import find

app_name = "people"

urlpatterns = [
    path("find/", find.find, name="find"),
]
