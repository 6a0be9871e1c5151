"""/kiosk/ … the machine in the shop where residents look up their points."""

from __future__ import annotations

from django.urls import path

from volunteers.views import kiosk

app_name = "kiosk"

urlpatterns = [
    path("", kiosk.idle, name="idle"),
    path("number/", kiosk.number, name="number"),
    path("pin/", kiosk.pin, name="pin"),
    path("pin/first/", kiosk.first_pin, name="first_pin"),
    path("pin/choose/", kiosk.choose_own_pin, name="choose_own_pin"),
    path("mine/", kiosk.mine, name="mine"),
    # for staff
    path("set-up/", kiosk.set_up, name="set_up"),
    path("set-up/on/", kiosk.switch_on, name="switch_on"),
    path("set-up/off/", kiosk.switch_off, name="switch_off"),
]
