"""Addresses of the board, for staff."""

from __future__ import annotations

from django.urls import path

from board.views import today

app_name = "board"

urlpatterns = [
    path("today/", today.today, name="today"),
]
