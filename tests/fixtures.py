"""Named people with fixed roles in one community, and a stranger in another."""

from __future__ import annotations

import pytest

from tests import factories
from volunteers.models import Membership

Role = Membership.Role


@pytest.fixture
def community(db):
    return factories.make_community()


@pytest.fixture
def yangjin(community):
    """央金 serves at the counter."""
    return factories.make_user("yangjin", "央金", community, Role.CLERK)


@pytest.fixture
def duojie(community):
    """多杰 is the social worker who records."""
    return factories.make_user("duojie", "多杰", community, Role.RECORDER)


@pytest.fixture
def wangping(community):
    """王萍 is the secretary who approves."""
    return factories.make_user("wangping", "王萍", community, Role.APPROVER)


@pytest.fixture
def guanli(community):
    """管理员 keeps catalogue, users and settings."""
    return factories.make_user(
        "guanli", "管理员", community, Role.ADMIN, is_staff=True, is_superuser=True
    )


@pytest.fixture
def other_community(db):
    return factories.make_community(slug="hedong", name="河东社区")


@pytest.fixture
def stranger(other_community):
    """A clerk, recorder and approver of another community: nothing here is theirs."""
    user = factories.make_user("stranger", "外人", other_community, Role.CLERK)
    for role in (Role.RECORDER, Role.APPROVER, Role.ADMIN):
        Membership.objects.create(user=user, community=other_community, role=role)
    return user


@pytest.fixture
def lamao(community, duojie):
    """索南拉毛 has 180 points."""
    return factories.make_volunteer(
        community,
        "索南拉毛",
        by=duojie,
        points=180,
        estate="藏式小区",
        door="3栋102",
        birth_year=1968,
        phone="13800001234",
    )
