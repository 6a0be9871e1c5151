from __future__ import annotations

from django.urls import path

from wishes.views import staff_acts, staff_board, staff_offers

app_name = "wishes"
urlpatterns = [
    # /wishes/ … what waits
    path("", staff_board.board, name="list"),
    path("new/", staff_acts.ask, name="ask"),
    path("pledge/", staff_acts.counter_pledge, name="counter_pledge"),
    path("helpers/", staff_offers.helpers, name="helpers"),
    path("ours/", staff_board.our_wishes, name="ours"),
    path("units/<int:unit_id>/", staff_board.unit_wishes, name="unit"),
    # /wishes/<number>/ … one wish
    path("<int:number>/", staff_board.show, name="show"),
    path("<int:number>/photos/<int:photo_id>/", staff_board.photo, name="photo"),
    path("<int:number>/approve/", staff_acts.approve, name="approve"),
    path("<int:number>/decline/", staff_acts.decline, name="decline"),
    path("<int:number>/deliver/", staff_acts.deliver, name="deliver"),
    path("<int:number>/reopen/", staff_acts.reopen, name="reopen"),
    path("<int:number>/light/", staff_offers.light, name="light"),
    path("<int:number>/withdraw/", staff_acts.withdraw, name="withdraw"),
    path("<int:number>/unpublish/", staff_acts.unpublish, name="unpublish"),
    path("<int:number>/offer/", staff_offers.offer, name="offer"),
    path(
        "<int:number>/offers/<int:dispatch_id>/<slug:act>/",
        staff_offers.answer,
        name="answer_offer",
    ),
    path(
        "<int:number>/pledges/<int:pledge_id>/<slug:act>/",
        staff_acts.touch_pledge,
        name="touch_pledge",
    ),
]
