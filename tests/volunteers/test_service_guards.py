"""What the database keeps of a service record, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.volunteers.logging import logged
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"points": 9}, "never_rewritten"),
        ({"minutes": 9}, "never_rewritten"),
        ({"service_date": "2023-01-01"}, "never_rewritten"),
        ({"submitted_by": None}, "never_rewritten"),
        ({"calculation": {}}, "never_rewritten"),
        ({"state": "submitted"}, "only_forward"),
        ({"state": "declined"}, "only_forward"),
        ({"posting": None}, "only_forward"),
    ],
)
def test_a_confirmed_record_is_not_rewritten(community, duojie, wangping, lamao, change, guard):
    logged(community, [lamao], by=duojie, confirmed_by=wangping)
    with pytest.raises(IntegrityError, match=f"volunteers_servicerecord_{guard}"):
        ServiceRecord.objects.update(**change)


def test_a_record_is_never_deleted(community, duojie, lamao):
    logged(community, [lamao], by=duojie)
    with pytest.raises(IntegrityError, match="volunteers_servicerecord_never_deleted"):
        ServiceRecord.objects.all().delete()
