"""What a phone fetches on its first visit, over a slow line: page, styles and scripts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from rewards.operations.goals import choose_goal
from tests import factories, residents
from volunteers.operations.people import issue_card

MOST_BYTES = 60 * 1024
PARTS = re.compile(r'<(?:link rel="stylesheet" href|script src)="/static/([^"?]+)"')


@pytest.fixture
def mine(client, community, lamao, duojie, wangping):
    """A resident with a full handbook before a shelf of eighteen."""
    shelf = [
        factories.make_reward(
            community, f"不锈钢水壶 {number}升", by=duojie, stock=3, symbol="kettle"
        )
        for number in range(18)
    ]
    choose_goal(volunteer=lamao, reward_id=shelf[0].pk, at=timezone.now())
    issue_card(volunteer=lamao, by=duojie, at=timezone.now())
    rule = factories.make_rule(community)
    for days_ago in range(20):
        residents.serve(lamao, rule, by=duojie, confirmed_by=wangping, days_ago=days_ago)
    return residents.sign_in(client, lamao)


def weigh(html):
    """Return the bytes of the page, not compressed, and of its parts as WhiteNoise stores them.

    Browsers that take Brotli get somewhat less than this gzip.
    """
    parts = 0
    for name in PARTS.findall(html):
        found = finders.find(name)
        assert found, name
        parts += len(gzip.compress(Path(found).read_bytes()))
    return len(html.encode()) + parts


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["mine:handbook", "mine:statement", "mine:card", "mine:account", "shop", "sign-in"]
)
def test_a_first_visit_is_light(mine, address):
    places = {"shop": "/shop/chengxi/", "sign-in": "/c/chengxi/"}
    html = mine.get(places.get(address) or reverse(address)).text

    weight = weigh(html)

    print(f"{address}: {weight / 1024:.1f} KB")
    assert len(PARTS.findall(html)) >= 6
    assert weight <= MOST_BYTES
