"""A resident at work in tests: signed in, with deeds behind the points."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.operations.deciding import confirm_batch
from volunteers.operations.pins import choose_pin
from volunteers.operations.recording import Occasion, ServiceLine, record_batch

PIN = "480215"


def sign_in(client, volunteer, pin=PIN):
    """Choose a PIN for the resident and sign in with it."""
    choose_pin(volunteer=volunteer, pin=pin, at=timezone.now())
    url = reverse("mine:enter", args=[volunteer.community.slug])
    response = client.post(url, {"number": str(volunteer.number), "pin": pin})
    assert response.status_code == 302
    return client


def serve(volunteer, rule, *, by, confirmed_by=None, days_ago=0, place="藏式小区北门"):
    """Record an hour of light work, and confirm it if somebody is named."""
    now = timezone.now()
    batch = record_batch(
        request=factories.make_request(),
        community=volunteer.community,
        occasion=Occasion(
            rule=rule,
            title=rule.name,
            service_date=timezone.localdate() - timedelta(days=days_ago),
            place=place,
        ),
        lines=[ServiceLine(volunteer.pk, 60, "light")],
        by=by,
        at=now,
    )
    if confirmed_by:
        confirm_batch(batch_id=batch.pk, community=volunteer.community, by=confirmed_by, at=now)
    return batch
