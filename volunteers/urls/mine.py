"""/mine/, /c/<community>/, /k/<card's code>: a resident's own pages and the way in."""

from __future__ import annotations

from django.urls import path

from volunteers.views import mine, mine_deeds, mine_sign_in

app_name = "mine"

urlpatterns = [
    path("mine/", mine.show_handbook, name="handbook"),
    path("mine/statement/", mine.show_statement, name="statement"),
    path("mine/card/", mine.show_card, name="card"),
    path("mine/notices/", mine.show_notices, name="notices"),
    path("mine/account/", mine.show_account, name="account"),
    path("mine/data/", mine.show_data, name="data"),
    path("mine/data/file/", mine.download_data, name="download_data"),
    path("mine/deeds/", mine_deeds.deeds, name="deeds"),
    path("mine/deeds/new/", mine_deeds.declare, name="declare"),
    path("mine/deeds/<int:deed_id>/", mine_deeds.amend, name="amend"),
    path("mine/deeds/<int:deed_id>/withdraw/", mine_deeds.withdraw, name="withdraw_deed"),
    path("mine/photos/<int:photo_id>/", mine_deeds.photo, name="photo"),
    path("mine/pin/", mine_sign_in.change_pin, name="change_pin"),
    path("mine/pin/choose/", mine_sign_in.choose_first_pin, name="choose_pin"),
    path("mine/sign-in/", mine_sign_in.choose_community, name="sign_in"),
    path("mine/sign-out/", mine_sign_in.sign_out, name="sign_out"),
    path("c/<slug:slug>/", mine_sign_in.enter, name="enter"),
    path("c/<slug:slug>/other/", mine_sign_in.forget_card, name="forget_card"),
    path("k/<str:token>", mine_sign_in.open_card, name="open_card"),
]
