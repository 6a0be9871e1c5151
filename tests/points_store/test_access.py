"""Who gets in where: every role against every right, and everybody who has no business here."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from points_store.access import ROLE_PERMISSIONS, Permission, require_permission, require_staff
from tests import factories
from volunteers.models import Membership

Role = Membership.Role
MOVES_POINTS_OR_OPENS_DOSSIERS = {
    Permission.REDEEM_AT_COUNTER,
    Permission.VOID_OWN_REDEMPTION,
    Permission.VOID_ANY_REDEMPTION,
    Permission.RECORD_SERVICE,
    Permission.CONFIRM_SERVICE,
    Permission.VOID_SERVICE,
    Permission.SIGN_OFF_OPENING,
    Permission.VIEW_DOSSIER,
    Permission.EDIT_VOLUNTEER,
}


def ask(user, permission, session=None):
    """Call a view that asks for `permission`; return the request it got."""
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = user
    request.session = {} if session is None else session
    seen = []

    @require_permission(permission)
    def view(request):
        seen.append(request)
        return HttpResponse("in")

    response = view(request)
    return seen[0] if seen else response


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_has_what_the_table_says_and_no_more(community, role, permission):
    user = factories.make_user("someone", "某人", community, role)
    if permission in ROLE_PERMISSIONS[role]:
        assert ask(user, permission).permissions == ROLE_PERMISSIONS[role]
    else:
        with pytest.raises(PermissionDenied):
            ask(user, permission)


def test_every_right_belongs_to_some_role_and_every_role_is_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == frozenset(Permission)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.UNIT_CONTACT])
def test_who_keeps_the_house_moves_no_points_and_opens_no_dossier(role):
    assert not ROLE_PERMISSIONS[role] & MOVES_POINTS_OR_OPENS_DOSSIERS


def test_who_records_does_not_confirm():
    assert Permission.CONFIRM_SERVICE not in ROLE_PERMISSIONS[Role.RECORDER]
    assert Permission.CONFIRM_SERVICE not in ROLE_PERMISSIONS[Role.CLERK]


def test_a_visitor_signs_in_and_comes_back(db):
    response = ask(AnonymousUser(), Permission.VIEW_BOARD)
    assert response.status_code == 302
    assert response.url == "/staff/login/?next=/somewhere/%3Fpage%3D2"


def test_a_user_without_a_role_is_refused(community):
    with pytest.raises(PermissionDenied):
        ask(factories.make_user("nobody", "没有角色"), Permission.VIEW_BOARD)


def test_a_machine_is_refused_whatever_its_role(community):
    machine = factories.make_user("api", "接口", community, Role.APPROVER, is_machine=True)
    with pytest.raises(PermissionDenied):
        ask(machine, Permission.VIEW_BOARD)


def test_one_community_needs_no_choice(yangjin, community, django_assert_num_queries):
    with django_assert_num_queries(1):
        request = ask(yangjin, Permission.VIEW_BOARD)
    assert request.community == community
    assert request.communities == (community,)
    assert request.roles == (Role.CLERK,)


def test_several_communities_are_asked_about_first(yangjin, community, other_community):
    Membership.objects.create(user=yangjin, community=other_community, role=Role.RECORDER)
    assert ask(yangjin, Permission.VIEW_BOARD).url == "/staff/community/"
    request = ask(yangjin, Permission.VIEW_BOARD, {"community_id": other_community.pk})
    assert request.community == other_community
    assert request.permissions == ROLE_PERMISSIONS[Role.RECORDER]


def test_a_right_in_one_community_is_none_in_another(yangjin, other_community):
    Membership.objects.create(user=yangjin, community=other_community, role=Role.UNIT_CONTACT)
    with pytest.raises(PermissionDenied):
        ask(yangjin, Permission.VIEW_BOARD, {"community_id": other_community.pk})


def test_a_community_one_no_longer_belongs_to_is_not_entered(yangjin, community, other_community):
    request = ask(yangjin, Permission.VIEW_BOARD, {"community_id": other_community.pk})
    assert request.community == community


def test_roles_of_one_community_add_up(yangjin, community):
    Membership.objects.create(user=yangjin, community=community, role=Role.ADMIN)
    request = ask(yangjin, Permission.MANAGE_SETTINGS)
    assert Permission.REDEEM_AT_COUNTER in request.permissions


def test_any_member_of_staff_sees_their_own_account(community):
    user = factories.make_user("contact", "联络人", community, Role.UNIT_CONTACT)
    request = RequestFactory().get("/")
    request.user, request.session = user, SessionStore()
    assert require_staff(lambda _request: HttpResponse("in"))(request).status_code == 200
