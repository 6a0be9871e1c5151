"""Signing in and out, one's own account, and the community one works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from points_store.access import COMMUNITY_SESSION_KEY, ROLE_PERMISSIONS, require_staff
from points_store.navigation import places
from points_store.permissions import Permission
from points_store.staff_forms import PasswordForm, SignInForm, lock_attempts
from volunteers.models import Community, Membership

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from points_store.http import StaffRequest

NEXT = "next"


def safe_next(request: HttpRequest) -> str:
    """Return the page the visitor came from, if it is one of ours; else where staff start."""
    wanted = request.POST.get(NEXT, request.GET.get(NEXT, ""))
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Sign a member of staff in. Too many wrong passwords: django-axes answers 429 instead."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(safe_next(request))
    form = SignInForm(request, request.POST or None)
    with transaction.atomic():
        if request.method == "POST":
            lock_attempts(request.POST.get("username", ""))
        is_right = form.is_valid()
    if is_right:
        start_session(request, form.get_user())
        return redirect(safe_next(request))
    context = {"form": form, "next": request.POST.get(NEXT, request.GET.get(NEXT, ""))}
    context["community"] = Community.objects.order_by("pk").first()
    return render(request, "registration/login.html", context, status=422 if form.errors else 200)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out, for residents on a shared computer too: the whole session goes."""
    end_session(request)
    return redirect("staff:login")


@require_GET
@require_staff
def home(request: StaffRequest) -> HttpResponse:
    """Send staff to the first page of their rail; who has none sees their account."""
    first = next(iter(places(request)), None)
    return redirect(first.url if first else "staff:account")


@sensitive_post_parameters()
@require_staff
def account(request: StaffRequest) -> HttpResponse:
    """Show one's own name, roles and rights, and change the password."""
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码改好了，别处的登录都已退出。"))
        return redirect("staff:account")
    permissions = [permission for permission in Permission if permission in request.permissions]
    context = {"form": form, "permissions": permissions}
    return render(request, "staff/account.html", context, status=422 if form.errors else 200)


@require_POST
def switch_community(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own communities from now on."""
    if not request.user.is_authenticated:
        return redirect("staff:login")
    own = request.user.memberships.all()
    chosen = request.POST.get("community", "")
    if chosen.isascii() and chosen.isdigit() and own.filter(community_id=int(chosen[:18])).exists():
        request.session[COMMUNITY_SESSION_KEY] = int(chosen[:18])
    return redirect("staff:home")


@require_GET
def choose_community(request: HttpRequest) -> HttpResponse:
    """Ask staff of several communities which one they work in now."""
    if not request.user.is_authenticated:
        return redirect("staff:login")
    communities = (
        Community.objects.filter(memberships__user=request.user).distinct().order_by("name")
    )
    return render(request, "staff/choose_community.html", {"communities": communities})


@require_GET
@require_staff
def roles(request: StaffRequest) -> HttpResponse:
    """Show which role may do what, from the very table the pages ask."""
    table = [
        (permission, [permission in ROLE_PERMISSIONS[role] for role in Membership.Role])
        for permission in Permission
    ]
    return render(request, "staff/roles.html", {"roles": Membership.Role, "table": table})
