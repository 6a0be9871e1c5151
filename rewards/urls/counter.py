"""/counter/ … serving residents in the shop."""

from __future__ import annotations

from django.urls import path

from rewards.views.counter import basket, find, pins, slips

app_name = "counter"

# /counter/<volunteer>/ … one person's basket
person_urls = [
    path("<int:volunteer_id>/", basket.redeem, name="redeem"),
    path("<int:volunteer_id>/change/", basket.change, name="change"),
    path("<int:volunteer_id>/confirm/", basket.confirm, name="confirm"),
    path("<int:volunteer_id>/park/", basket.park, name="park"),
    path("<int:volunteer_id>/drop/", basket.drop, name="drop"),
    path("<int:volunteer_id>/pin/", pins.check_pin, name="check_pin"),
    path("<int:volunteer_id>/pin/choose/", pins.choose_pin, name="choose_pin"),
    path("<int:volunteer_id>/pin/identify/", pins.identify, name="identify"),
    path("<int:volunteer_id>/pin/code/", pins.print_code, name="print_code"),
    path("<int:volunteer_id>/pin/forget/", pins.forget_pin, name="forget_pin"),
]

# /counter/slips/<number>/ … what was handed over
slip_urls = [
    path("slips/<str:number>/", slips.slip, name="slip"),
    path("slips/<str:number>/void/", slips.void, name="void"),
    path("slips/<str:number>/file/", slips.file_slip, name="file_slip"),
    path("paper/", slips.choose_paper, name="choose_paper"),
    path("day/", slips.day, name="day"),
]

urlpatterns = [
    path("", find.find, name="find"),
    path("scan/", find.scan, name="scan"),
    *person_urls,
    *slip_urls,
]
