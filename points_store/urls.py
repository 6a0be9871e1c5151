"""Every address of the site, by audience; the order is the reader's, not the resolver's.

Each app keeps its own addresses in its urls.py, one namespace per audience, and is included here.
Pages for residents live under the paths named in points_store/language.py.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from points_store.health import healthz, readyz
from points_store.views import choices, gallery, staff

staff_urls = (
    [
        path("", staff.home, name="home"),
        path("login/", staff.login, name="login"),
        path("logout/", staff.logout, name="logout"),
        path("account/", staff.account, name="account"),
        path("community/", staff.choose_community, name="choose_community"),
        path("community/switch/", staff.switch_community, name="switch_community"),
    ],
    "staff",
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="staff:home"), name="home"),
    # /staff/ … who works here
    path("staff/", include(staff_urls)),
    path("help/roles/", staff.roles, name="roles"),
    # /healthz, /readyz … for whoever watches the installation
    path("healthz", healthz),
    path("readyz", readyz),
    path("alive/", choices.alive, name="alive"),
    # /language/, /large/ … what every reader may choose
    path("language/", choices.language, name="language"),
    path("large/", choices.large_type, name="large_type"),
    # /desk/ … logging service and deciding on it
    path("desk/", include("volunteers.urls.desk")),
    # /today/ … what staff look at first
    path("", include("board.urls")),
    # /tree/, /tv/ … the wish tree, for everybody; /wishes/ … for staff
    path("tree/", include("wishes.urls.tree")),
    path("tv/", include("wishes.urls.tv")),
    path("wishes/", include("wishes.urls.staff")),
    # /e/<code>/ … scoring a place, by everybody; /evaluations/ … for staff
    path("e/", include("evaluations.urls.public")),
    path("evaluations/", include("evaluations.urls.staff")),
    # /people/ … who lives here: the dossiers
    path("people/", include("volunteers.urls.people")),
    # /mine/, /c/, /k/ … residents' own pages
    path("", include("volunteers.urls.mine")),
    path("", include("rewards.urls.shop")),
    # /counter/ … serving residents in the shop
    path("counter/", include("rewards.urls.counter")),
    # /imports/ … the office's own tables
    path("imports/", include("volunteers.urls.imports")),
    path("kiosk/", include("volunteers.urls.kiosk")),
    # /api/v1/ … other systems
    path("api/v1/", include("points_store.api.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))

handler400 = "points_store.views.errors.bad_request"
handler403 = "points_store.views.errors.forbidden"
handler404 = "points_store.views.errors.not_found"
handler500 = "points_store.views.errors.server_fault"
