from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ledger.models import Account
from points_store import installation
from volunteers.models import Community, Membership, User

SHOP = {
    "community": "河东社区",
    "official_name": "新源镇河东社区党群服务中心",
    "slug": "hedong",
    "admin": "boss",
    "admin_name": "王主任",
}


@pytest.fixture
def own(settings, tmp_path):
    """An installation begun with `run.py new`."""
    settings.INSTALLATION = replace(settings.INSTALLATION, folder=tmp_path, kind=installation.OWN)
    return settings.INSTALLATION


@pytest.fixture
def demo(settings, tmp_path):
    settings.INSTALLATION = replace(settings.INSTALLATION, folder=tmp_path)
    return settings.INSTALLATION


def said(*arguments, **options):
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


@pytest.mark.django_db
def test_open_shop_begins_with_one_community_and_its_admin(own, client):
    printed = said("open_shop", **SHOP)

    community = Community.objects.get()
    assert (community.slug, community.name) == ("hedong", "河东社区")
    assert Account.objects.filter(book=community.pk).exists()
    membership = Membership.objects.get()
    assert (membership.user.username, membership.role) == ("boss", Membership.Role.ADMIN)
    written = own.folder / "logins.txt"
    password = written.read_text().split()[1]
    assert password in printed
    assert oct(written.stat().st_mode & 0o777) == "0o600"
    assert membership.user.check_password(password)


@pytest.mark.django_db
def test_open_shop_refuses_the_demos_folder(demo):
    with pytest.raises(CommandError, match="演示"):
        said("open_shop", **SHOP)


@pytest.mark.django_db
def test_open_shop_refuses_where_a_community_is(own, community):
    with pytest.raises(CommandError, match="已经有社区"):
        said("open_shop", **SHOP)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"), [("slug", "河东"), ("admin", "a b"), ("community", "河" * 41)]
)
def test_open_shop_refuses_what_a_form_would_refuse(own, name, value):
    with pytest.raises(CommandError):
        said("open_shop", **{**SHOP, name: value})
    assert not Community.objects.exists()


@pytest.mark.django_db
def test_open_shop_asks_nothing_where_nobody_can_answer(own):
    with pytest.raises(CommandError, match="管理员姓名"):
        said("open_shop", **{**SHOP, "admin_name": None})


@pytest.mark.django_db
def test_demo_refuses_an_installation_of_ones_own(own):
    with pytest.raises(CommandError, match="正式"):
        said("demo")


@pytest.mark.django_db
def test_demo_refuses_where_a_community_is(demo, community):
    with pytest.raises(CommandError, match="空的"):
        said("demo")


@pytest.mark.django_db
def test_demo_makes_a_login_for_each_role_with_a_password_of_its_own(demo):
    printed = said("demo")

    roles = set(Membership.objects.values_list("role", flat=True))
    assert roles == set(Membership.Role.values)
    passwords = [line.split()[1] for line in (demo.folder / "logins.txt").read_text().splitlines()]
    assert len(set(passwords)) == len(roles)
    assert all(password in printed for password in passwords)


@pytest.mark.django_db
def test_reset_password_replaces_the_old_one_and_ends_the_session(yangjin, client):
    client.force_login(yangjin)
    printed = said("reset_password", "yangjin")

    yangjin.refresh_from_db()
    assert yangjin.check_password(printed.strip().rsplit("：", 1)[1])
    assert client.get("/staff/account/").status_code == 302


@pytest.mark.django_db
def test_reset_password_of_nobody_says_so():
    with pytest.raises(CommandError, match="没有“nobody”这个账号"):
        said("reset_password", "nobody")
    assert not User.objects.exists()
