"""/people/ … who lives here: search, enrolment, dossiers, cards."""

from __future__ import annotations

from django.urls import path, re_path

from volunteers.views.people import cards, dossiers, enrolment, find, roster

app_name = "people"

# /people/<volunteer>/ … one dossier
dossier_urls = [
    path("<int:volunteer_id>/", dossiers.dossier, name="dossier"),
    path("<int:volunteer_id>/edit/", enrolment.edit, name="edit"),
    path("<int:volunteer_id>/consent/<slug:purpose>/", dossiers.consent, name="consent"),
    path("<int:volunteer_id>/revoke-card/", dossiers.revoke, name="revoke_card"),
]

urlpatterns = [
    path("", roster.roster, name="list"),
    path("find/", find.find, name="find"),
    path("new/", enrolment.enrol, name="enrol"),
    path("cards/", cards.cards, name="cards"),
    re_path(r"^export\.(?P<kind>csv|xlsx)$", roster.export, name="export"),
    *dossier_urls,
]
