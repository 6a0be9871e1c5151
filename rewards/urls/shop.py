"""/shop/ … what the shop has, for residents and for everybody."""

from __future__ import annotations

from django.urls import path

from rewards.views import catalogue, goal

app_name = "shop"

urlpatterns = [
    path("shop/", catalogue.home, name="home"),
    path("kiosk/goods/", catalogue.show_on_kiosk, name="kiosk"),
    path("shop/<slug:slug>/", catalogue.show_catalogue, name="catalogue"),
    path("shop/<slug:slug>/<int:reward_id>/", catalogue.show_item, name="item"),
    path("shop/<slug:slug>/<int:reward_id>/goal/", goal.choose, name="choose_goal"),
    path("shop/<slug:slug>/<int:reward_id>/goal/drop/", goal.drop, name="drop_goal"),
]
