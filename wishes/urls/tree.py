from __future__ import annotations

from django.urls import path

from wishes.views import mine, tree

app_name = "tree"
urlpatterns = [
    path("", tree.phone, name="phone"),
    # /tree/mine/ … a resident's own
    path("mine/", mine.mine, name="mine"),
    path("mine/ask/", mine.ask, name="ask"),
    path("mine/give/", mine.give, name="give"),
    path("mine/wishes/<int:number>/withdraw/", mine.withdraw, name="withdraw"),
    path("mine/pledges/<int:pledge_id>/<slug:act>/", mine.touch_pledge, name="touch_pledge"),
    path("mine/offers/<int:dispatch_id>/<slug:act>/", mine.answer_offer, name="answer_offer"),
    # /tree/<community>/ … everybody's
    path("<slug:slug>/", tree.community_tree, name="community"),
    path("<slug:slug>/text/", tree.text_list, name="text"),
    path("<slug:slug>/years/<int:year>/", tree.year_sheet, name="year"),
    path("<slug:slug>/<int:number>/photo/", tree.photo, name="photo"),
    path("<slug:slug>/<int:number>/", tree.wish_page, name="wish"),
]
