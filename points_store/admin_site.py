"""The Django admin as one more staff page: one way to sign in, one look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from volunteers.models import Membership

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class StaffAdminSite(AdminSite):
    """The catalogue, the rules, the users and the settings."""

    site_title = _("积分小超市")
    site_header = _("积分小超市 · 设置")
    index_title = _("设置")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who keeps some community, and the owner of the installation."""
        user = request.user
        if not user.is_active or not user.is_authenticated:
            return False
        return user.is_superuser or user.memberships.filter(role=Membership.Role.ADMIN).exists()

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send to the one sign-in page; who is signed in without the right is refused."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))
