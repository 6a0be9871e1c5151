"""What a batch costs the server: thirty people in a second, two hundred in three."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW
from tests.volunteers.logging import logged, logging
from volunteers.operations.deciding import confirm_batch, void_batch

pytestmark = pytest.mark.django_db


def timed(act):
    with CaptureQueriesContext(connection) as asked:
        started_at = time.perf_counter()
        result = act()
    return result, time.perf_counter() - started_at, len(asked)


@pytest.mark.parametrize(("count", "seconds"), [(30, 1), (200, 3)])
def test_a_batch_is_quick_and_asks_as_often_for_many(community, duojie, wangping, count, seconds):
    people = [factories.make_volunteer(community, f"居民{n}", by=duojie) for n in range(count)]
    facts = {"community": community, "by": wangping, "at": NOW}
    logged(community, people[:1], by=duojie, confirmed_by=wangping, title="第一场")  # warmed up

    batch, entered, entering = timed(logging(community, people, by=duojie))
    _, confirmed, confirming = timed(lambda: confirm_batch(batch_id=batch.pk, **facts))
    _, undone, undoing = timed(lambda: void_batch(batch_id=batch.pk, reason="下雨", **facts))

    print(f"{count}: entered {entered:.2f} s, confirmed {confirmed:.2f} s, undone {undone:.2f} s")
    assert (entering, confirming, undoing) == (12, 12, 15)
    assert max(entered, confirmed, undone) < seconds
