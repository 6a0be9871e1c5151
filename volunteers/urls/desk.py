"""Addresses of the desk: logging service and deciding on it."""

from __future__ import annotations

from django.urls import path

from volunteers.views.desk import batch, deeds, log, paste, review

app_name = "desk"

urlpatterns = [
    # /desk/log/ … one activity for many people
    path("log/", log.log, name="log"),
    path("log/rows/", log.rows, name="log_rows"),
    path("log/check/", log.check, name="log_check"),
    path("log/<uuid:key>/paste/", paste.paste, name="paste"),
    path("log/<uuid:key>/discard/", log.discard, name="log_discard"),
    # /desk/review/ … what waits for a second person
    path("review/", review.review, name="review"),
    # /desk/deeds/ … what residents declare themselves
    path("deeds/", deeds.deeds, name="deeds"),
    path("deeds/new/", deeds.declare, name="declare"),
    path("deeds/<int:deed_id>/", deeds.deed, name="deed"),
    path("deeds/<int:deed_id>/decide/", deeds.decide, name="decide_deed"),
    path("photos/<int:photo_id>/", deeds.photo, name="photo"),
    # /desk/batches/<id>/
    path("batches/<int:batch_id>/", batch.batch, name="batch"),
    path("batches/<int:batch_id>/confirm/", batch.confirm, name="confirm_batch"),
    path("batches/<int:batch_id>/decline/", batch.decline, name="decline_batch"),
    path("batches/<int:batch_id>/void/", batch.void, name="void_batch"),
]
