"""Who may do what: the roles, the table of their rights, and the decorators that ask it.

The table is published to staff at /help/roles/ from this code, so that it cannot say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from points_store import resident_sessions
from points_store.devices import kiosk_of
from points_store.http import ResidentRequest, StaffRequest
from points_store.permissions import Permission
from volunteers.models import Membership, Volunteer

__all__ = [
    "ROLE_PERMISSIONS",
    "Permission",
    "require_permission",
    "require_resident",
    "require_resident_before_pin",
    "require_staff",
    "signed_in_resident",
]

P = ParamSpec("P")
Role = Membership.Role
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
ResidentView = Callable[Concatenate[ResidentRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

COMMUNITY_SESSION_KEY = "community_id"

_CLERK = frozenset(
    {
        Permission.VIEW_BOARD,
        Permission.REDEEM_AT_COUNTER,
        Permission.VOID_OWN_REDEMPTION,
        Permission.VIEW_DOSSIER,
        Permission.ENROL_VOLUNTEER,
        Permission.COUNT_STOCK,
        Permission.ORDER_SPECIAL,
        Permission.MANAGE_WISHES,
    }
)
_RECORDER = _CLERK | {
    Permission.RECORD_SERVICE,
    Permission.EDIT_VOLUNTEER,
    Permission.IMPORT_FILES,
    Permission.MANAGE_STOCK,
    Permission.VIEW_REPORTS,
    Permission.PUBLISH_NOTICE,
    Permission.MANAGE_EVALUATIONS,
    Permission.ISSUE_CERTIFICATE,
}
_APPROVER = _RECORDER | {
    Permission.CONFIRM_SERVICE,
    Permission.VOID_SERVICE,
    Permission.VOID_ANY_REDEMPTION,
    Permission.SIGN_OFF_OPENING,
    Permission.APPROVE_COUNT,
    Permission.APPROVE_SPECIAL,
    Permission.APPROVE_WISH,
    Permission.EXPORT_DATA,
    Permission.VIEW_AUDIT,
}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CLERK: _CLERK,
    Role.RECORDER: _RECORDER,
    Role.APPROVER: _APPROVER,
    # An administrator keeps the house in order and moves no points.
    Role.ADMIN: frozenset(
        {
            Permission.VIEW_BOARD,
            Permission.IMPORT_FILES,
            Permission.MANAGE_STOCK,
            Permission.VIEW_REPORTS,
            Permission.VIEW_AUDIT,
            Permission.MANAGE_SETTINGS,
            Permission.MANAGE_USERS,
        }
    ),
    Role.UNIT_CONTACT: frozenset({Permission.VIEW_REPORTS}),
    # Stands in where a community has one member of staff only, and looks in everywhere.
    Role.COUNTY_APPROVER: frozenset(
        {
            Permission.VIEW_BOARD,
            Permission.CONFIRM_SERVICE,
            Permission.VOID_SERVICE,
            Permission.SIGN_OFF_OPENING,
            Permission.APPROVE_COUNT,
            Permission.APPROVE_SPECIAL,
            Permission.VIEW_DOSSIER,
            Permission.VIEW_REPORTS,
            Permission.VIEW_AUDIT,
        }
    ),
}


def permissions_of(roles: tuple[Role, ...]) -> frozenset[Permission]:
    """Return the rights that `roles` give together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def require_permission(permission: Permission) -> Callable[[StaffView[P]], View[P]]:
    """Let a view be called only by staff who have `permission` in the community they chose.

    An anonymous visitor goes to the sign-in page and comes back; staff of several communities who
    chose none go to the switcher; everybody else is refused with the 403 page. One query.
    """

    def decorate(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if elsewhere := _enter(request):
                return elsewhere
            staff = cast("StaffRequest", request)
            if permission not in staff.permissions:
                raise PermissionDenied
            return view(staff, *args, **kwargs)

        return guarded

    return decorate


def require_staff(view: StaffView[P]) -> View[P]:
    """Let a view be called by any member of staff: their own account, the table of roles."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _enter(request) or view(cast("StaffRequest", request), *args, **kwargs)

    return guarded


def require_resident(view: ResidentView[P]) -> View[P]:
    """Let a view be called only by a resident who signed in with a PIN of their own. One query.

    A visitor goes to the residents' sign-in page and comes back; who came in with a printed
    one-time code chooses a PIN first. No browser keeps what is shown.
    """
    return _residents_only(view, before_own_pin=False)


def require_resident_before_pin(view: ResidentView[P]) -> View[P]:
    """Like require_resident, for the one page that is open to who has a one-time code only."""
    return _residents_only(view, before_own_pin=True)


def signed_in_resident(request: HttpRequest) -> Volunteer | None:
    """Return who signed in with a PIN, or None for a visitor; pages that both may read ask it.

    Puts the attributes of a ResidentRequest on the request. One query, none for a visitor.
    """
    access = resident_sessions.access_of(request)
    if access is None:
        return None
    resident = cast("ResidentRequest", request)
    resident.access = access
    resident.volunteer = access.volunteer
    resident.community = access.volunteer.community
    return None if access.must_change else access.volunteer


def _residents_only(view: ResidentView[P], *, before_own_pin: bool) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        was_here = resident_sessions.is_begun(request)
        if signed_in_resident(request) is None and not hasattr(request, "access"):
            return _to_residents_sign_in(request, was_here=was_here)
        resident = cast("ResidentRequest", request)
        if resident.access.must_change and not before_own_pin:
            return redirect("kiosk:choose_own_pin" if kiosk_of(request) else "mine:choose_pin")
        response = view(resident, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def _to_residents_sign_in(request: HttpRequest, *, was_here: bool) -> HttpResponseBase:
    if kiosk_of(request):
        return redirect("kiosk:idle")
    if was_here:
        messages.info(request, _("您离开了一会儿，请重新登录。"))
    # What was being sent is not repeated after the sign-in; a page that was read is.
    back = {"next": request.get_full_path()} if request.method == "GET" else None
    return redirect(reverse("mine:sign_in", query=back))


def _enter(request: HttpRequest) -> HttpResponseBase | None:
    """Turn `request` into a StaffRequest, or return where the visitor has to go first."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    user = request.user
    memberships = list(
        Membership.objects.filter(user=user)
        .select_related("community")
        .order_by("community__name", "role")
    )
    if user.is_machine or not memberships:
        raise PermissionDenied
    communities = {membership.community.pk: membership.community for membership in memberships}
    chosen = request.session.get(COMMUNITY_SESSION_KEY)
    if chosen not in communities:
        if len(communities) > 1:
            return redirect("staff:choose_community")
        chosen = next(iter(communities))
    staff = cast("StaffRequest", request)
    staff.community = communities[chosen]
    staff.communities = tuple(communities.values())
    staff.roles = tuple(
        Role(membership.role) for membership in memberships if membership.community_id == chosen
    )
    staff.permissions = permissions_of(staff.roles)
    return None
