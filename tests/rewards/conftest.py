"""The shop of these tests: two goods on the shelf, a clerk signed in, a PIN that is known."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests import factories
from volunteers.operations.people import issue_card
from volunteers.operations.pins import choose_pin

PIN = "480215"


@pytest.fixture
def soapy(community, duojie):
    return factories.make_reward(
        community, "洗衣液", by=duojie, price_points=25, stock=14, code="6901234560050"
    )


@pytest.fixture
def towel(community, duojie):
    return factories.make_reward(
        community, "毛巾", by=duojie, price_points=10, stock=3, code="6901234560067"
    )


@pytest.fixture
def card(lamao, duojie):
    return issue_card(volunteer=lamao, by=duojie, at=factories.NOW).card


@pytest.fixture
def with_pin(lamao):
    choose_pin(volunteer=lamao, pin=PIN, at=factories.NOW)
    return lamao


class Counter:
    """A signed-in clerk's browser without scripts."""

    def __init__(self, client, user):
        client.force_login(user)
        self.client = client

    def get(self, path):
        return self.client.get(f"/counter/{path}")

    def post(self, path, **fields):
        return self.client.post(f"/counter/{path}", fields)

    def basket(self, path, *lines, key=None, **fields):
        """Post a basket of (reward, quantity[, price]) to one of a person's addresses."""
        sent = [
            f"{reward.pk}:{quantity}:{price[0] if price else reward.price_points}"
            for reward, quantity, *price in lines
        ]
        return self.post(path, request_key=key or str(uuid4()), line=sent, **fields)


@pytest.fixture
def counter(client, yangjin):
    return Counter(client, yangjin)


@pytest.fixture
def counter_of(client):
    """Return the counter as another member of staff sees it."""
    return lambda user: Counter(client, user)
