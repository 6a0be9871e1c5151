"""Every address of the site, app by app; the order is the reader's, not the resolver's."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
