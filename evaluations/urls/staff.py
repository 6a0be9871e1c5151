from __future__ import annotations

from django.urls import path

from evaluations.views import staff

app_name = "evaluations_staff"
# /evaluations/ … codes and results, for staff
urlpatterns = [
    path("", staff.subjects, name="list"),
    path("new/", staff.new, name="new"),
    path("ranking/", staff.ranking, name="ranking"),
    path("<int:subject_id>/", staff.show, name="show"),
    path("<int:subject_id>/sheet/", staff.sheet, name="sheet"),
    path("<int:subject_id>/invitations/", staff.invitations, name="invitations"),
    path("<int:subject_id>/switch/", staff.switch, name="switch"),
    path("<int:subject_id>/<int:evaluation_id>/hide/", staff.hide, name="hide"),
]
