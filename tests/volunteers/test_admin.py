from __future__ import annotations

import pytest
from django.urls import reverse

from ledger.models import Account
from tests import factories
from volunteers.models import Community, Membership, PointsRule, User

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def keeper(client, community):
    user = factories.make_user("keeper", "社区管理员", community, Role.ADMIN)
    client.force_login(user)
    return user


def user_form(community, role=Role.CLERK, **fields):
    return {
        "username": "newclerk",
        "name": "新值班",
        "usable_password": "true",
        "password1": "leaf-river-7",
        "password2": "leaf-river-7",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-community": community.pk,
        "memberships-0-role": role,
    } | fields


def test_admin_makes_a_clerk(client, community, keeper):
    answer = client.post(reverse("admin:volunteers_user_add"), user_form(community))

    assert answer.status_code == 302
    made = User.objects.get(username="newclerk")
    assert [m.role for m in made.memberships.all()] == ["clerk"]
    assert not made.is_superuser


def test_admin_gives_no_role_elsewhere(client, keeper, other_community):
    client.post(reverse("admin:volunteers_user_add"), user_form(other_community))

    assert not User.objects.filter(username="newclerk").exists()


def test_admin_gives_no_county_role(client, community, keeper):
    client.post(
        reverse("admin:volunteers_user_add"), user_form(community, role=Role.COUNTY_APPROVER)
    )

    assert not User.objects.filter(username="newclerk").exists()


def test_nobody_becomes_superuser_by_a_form_field(client, community, keeper, yangjin):
    client.post(
        reverse("admin:volunteers_user_change", args=[yangjin.pk]),
        {
            "username": "yangjin",
            "name": "央金",
            "is_active": "on",
            "is_superuser": "on",
            "is_staff": "on",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    yangjin.refresh_from_db()
    assert not yangjin.is_superuser


def test_new_community_gets_its_book(client, guanli):
    client.force_login(guanli)

    client.post(
        reverse("admin:volunteers_community_add"),
        {
            "name": "河东社区",
            "official_name": "新源镇河东社区党群服务中心",
            "slug": "hedong",
            "number_prefix": "HD",
            "light_percent": "100",
            "medium_percent": "150",
            "heavy_percent": "200",
            "publicity_days": "0",
            "points_per_yuan_percent": "100",
            "void_minutes": "10",
        },
    )

    opened = Community.objects.get(slug="hedong")
    assert Account.objects.filter(book=opened.pk, kind=Account.Kind.ISSUE).exists()


def test_new_figures_of_a_rule_are_a_new_version(client, community, keeper):
    client.post(
        reverse("admin:volunteers_pointsrule_add"),
        {
            "community": community.pk,
            "name": "冬季清雪",
            "symbol": "broom",
            "order": "1",
            "is_active": "on",
            "versions-TOTAL_FORMS": "1",
            "versions-INITIAL_FORMS": "0",
            "versions-0-valid_from_date": "2023-11-01",
            "versions-0-per_occasion_points": "0",
            "versions-0-per_hour_points": "2",
        },
    )

    rule = PointsRule.objects.get(name="冬季清雪")
    assert [version.per_hour_points for version in rule.versions.all()] == [2]
