from __future__ import annotations

from django.urls import path

from wishes.views import tv

app_name = "tv"
# /tv/<community>/ … the screen in the hall
urlpatterns = [
    path("<slug:slug>/", tv.screen, name="screen"),
    path("<slug:slug>/live/", tv.live, name="live"),
]
