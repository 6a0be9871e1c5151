"""Where lamps hang: balanced for any number, and steady while they do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from wishes.lamps import MOST_LAMPS, MOST_STARS, PLACES, hang_lamps, star_paths
from wishes.models import Wish


def wishes(state, numbers):
    return [
        Wish(pk=number, number=number, state=state, lit_at=NOW - timedelta(days=number))
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("waiting", "lit", "hung"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (11, 20, 31), (60, 440, 48)]
)
def test_each_lamp_has_its_own_place(waiting, lit, hung):
    lamps = hang_lamps(
        wishes("approved", range(lit + 1, lit + waiting + 1)),
        wishes("lit", range(lit, 0, -1)),
        at=NOW,
    )

    assert len(lamps) == hung
    assert len({lamp.slot for lamp in lamps}) == hung
    assert all(0 <= lamp.slot < PLACES for lamp in lamps)


def test_the_first_wishes_take_the_first_places():
    lamps = hang_lamps(wishes("approved", [1, 2, 3]), [], at=NOW)

    assert [lamp.slot for lamp in lamps] == [0, 1, 2]


def test_a_lamp_keeps_its_place_when_another_is_lit_or_comes():
    before = hang_lamps(wishes("approved", range(3, 40)), wishes("lit", [2, 1]), at=NOW)
    after = hang_lamps(wishes("approved", range(4, 42)), wishes("lit", [3, 2, 1]), at=NOW)

    places = {lamp.wish.number: lamp.slot for lamp in after}
    assert all(places[lamp.wish.number] == lamp.slot for lamp in before)


def test_some_light_stays_however_many_wait():
    lamps = hang_lamps(
        wishes("approved", range(101, 200)), wishes("lit", range(100, 0, -1)), at=NOW
    )

    assert sum(lamp.shine == "lit" for lamp in lamps) == 24
    assert len(lamps) == MOST_LAMPS


def test_what_was_lit_within_a_day_rings():
    new, old = wishes("lit", [1, 2])
    new.lit_at = NOW - timedelta(hours=23)
    lamps = hang_lamps([], [new, old], at=NOW)

    assert [lamp.is_fresh for lamp in lamps] == [True, False]


def test_stars_stay_where_they_are_when_more_come():
    few, many = star_paths(5), star_paths(400)

    assert all(more.startswith(less) for less, more in zip(few, many, strict=True))
    assert sum(path.count("M") for path in many) == MOST_STARS
