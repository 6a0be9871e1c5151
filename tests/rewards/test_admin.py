from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from rewards.models import PriceChange, Reward, StockMovement
from tests import factories
from volunteers.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, community):
    """The community's admin, no superuser, signed in."""
    user = factories.make_user("keeper", "物品管理员", community, Membership.Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def kettle(community, keeper):
    return factories.make_reward(community, "水壶", by=keeper, price_points=60, stock=5)


def reward_form(community, **fields):
    return {
        "community": community.pk,
        "name": "高压锅",
        "price_points": "200",
        "measure": "口",
        "symbol": "cooker",
        "tone": "1",
        "low_stock_level": "3",
        "is_active": "on",
        "barcodes-TOTAL_FORMS": "0",
        "barcodes-INITIAL_FORMS": "0",
    } | fields


def test_new_reward_gets_search_keys_and_no_stock(client, community, keeper):
    answer = client.post(reverse("admin:rewards_reward_add"), reward_form(community))

    assert answer.status_code == 302
    cooker = Reward.objects.get(name="高压锅")
    assert (cooker.initials, cooker.on_hand) == ("gyg", 0)


def test_new_price_is_written_into_the_history(client, community, keeper, kettle):
    change = reverse("admin:rewards_reward_change", args=[kettle.pk])

    client.post(change, reward_form(community, name="水壶", price_points="55"))

    kettle.refresh_from_db()
    assert kettle.price_points == 55
    written = PriceChange.objects.get(reward=kettle)
    assert (written.before_points, written.after_points, written.changed_by) == (60, 55, keeper)


def test_stock_cannot_be_typed_over(client, community, keeper, kettle):
    change = reverse("admin:rewards_reward_change", args=[kettle.pk])

    client.post(change, reward_form(community, name="水壶", price_points="60", on_hand="99"))

    kettle.refresh_from_db()
    assert kettle.on_hand == 5


def test_stock_is_moved(client, community, keeper, kettle):
    client.post(
        reverse("admin:rewards_stockmovement_add"),
        {"reward": kettle.pk, "kind": "purchase", "quantity": "7", "reason": ""},
    )

    kettle.refresh_from_db()
    assert kettle.on_hand == 12
    assert StockMovement.objects.latest("pk").moved_by == keeper


@pytest.mark.parametrize("quantity", ["-6", "0", str(2**63), "", "一"])
def test_stock_that_cannot_be_moved_is_refused_on_the_field(client, keeper, kettle, quantity):
    answer = client.post(
        reverse("admin:rewards_stockmovement_add"),
        {"reward": kettle.pk, "kind": "purchase", "quantity": quantity, "reason": ""},
    )

    assert answer.status_code == 200
    assert "quantity" in answer.context["adminform"].form.errors
    kettle.refresh_from_db()
    assert kettle.on_hand == 5


def test_picture_is_drawn_anew(client, community, keeper, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drawn = BytesIO()
    Image.new("RGB", (1600, 400), "red").save(drawn, "PNG")
    upload = SimpleUploadedFile("../../锅.png", drawn.getvalue())

    client.post(reverse("admin:rewards_reward_add"), reward_form(community, picture=upload))

    picture = Reward.objects.get(name="高压锅").picture
    assert str(picture.name).startswith("rewards/")
    with Image.open(picture) as kept:
        assert (kept.format, kept.size) == ("JPEG", (800, 200))


def test_what_is_no_picture_is_refused(client, community, keeper):
    upload = SimpleUploadedFile("锅.png", b"<svg onload='alert(1)'/>")

    answer = client.post(
        reverse("admin:rewards_reward_add"), reward_form(community, picture=upload)
    )

    assert "picture" in answer.context["adminform"].form.errors


def test_another_communitys_reward_is_not_there(client, keeper, other_community):
    theirs = factories.make_reward(other_community, "别家的壶", by=keeper)

    answer = client.get(reverse("admin:rewards_reward_change", args=[theirs.pk]))

    assert answer.status_code == 302  # Django's admin sends back to the index: there is no such row
    assert "别家的壶" not in client.get(reverse("admin:rewards_reward_changelist")).text


def test_clerk_has_no_business_in_the_admin(client, yangjin):
    client.force_login(yangjin)

    assert client.get(reverse("admin:index")).status_code in {302, 403}
    assert client.get(reverse("admin:rewards_reward_changelist")).status_code in {302, 403}
