from __future__ import annotations

from django.urls import path

from wishes.views import tree

app_name = "tree"
# /tree/… what everybody may read of the wishes
urlpatterns = [
    path("", tree.phone, name="phone"),
    path("<slug:slug>/", tree.community_tree, name="community"),
    path("<slug:slug>/text/", tree.text_list, name="text"),
    path("<slug:slug>/<int:number>/", tree.wish_page, name="wish"),
]
