"""Service that tests need: entered, and confirmed if somebody is named."""

from __future__ import annotations

from datetime import date
from functools import partial

from tests import factories
from tests.factories import NOW
from volunteers.models import PointsRule
from volunteers.operations.deciding import confirm_batch
from volunteers.operations.recording import Occasion, ServiceLine, record_batch

YESTERDAY = date(2023, 11, 15)


def clean_up(community, **figures):
    """Return the rule of the clean-up: two points each time."""
    return PointsRule.objects.filter(community=community).first() or factories.make_rule(
        community, **figures
    )


def logging(community, people, *, by, request=None, **said):
    """Return what enters one clean-up of these people when it is called."""
    facts = {
        "rule": clean_up(community),
        "title": "清洁",
        "service_date": YESTERDAY,
        "minutes": 60,
        **said,
    }
    minutes = facts.pop("minutes")
    return partial(
        record_batch,
        request=request or factories.make_request(),
        community=community,
        occasion=Occasion(**facts),
        lines=[ServiceLine(person.pk, minutes, "light") for person in people],
        by=by,
        at=NOW,
    )


def logged(community, people, *, by, confirmed_by=None, **said):
    """Enter a clean-up, confirm it if somebody is named, and return its batch."""
    batch = logging(community, people, by=by, **said)()
    if confirmed_by:
        confirm_batch(batch_id=batch.pk, community=community, by=confirmed_by, at=NOW)
        batch.refresh_from_db()
    return batch


def balance(volunteer):
    volunteer.account.refresh_from_db()
    return volunteer.account.balance
