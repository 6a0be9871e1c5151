"""The demo tells the newspaper's story to the figure."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Sum
from django.utils import timezone

from evaluations.models import Subject
from points_store.demo.story import Staff, tell_story
from rewards.models import Redemption, RedemptionLine
from volunteers.models import Volunteer
from wishes.models import Dispatch, Wish


@pytest.mark.django_db
def test_story_counts_what_the_newspaper_counted(community, yangjin, duojie, wangping):
    staff = Staff(clerk=yangjin, recorder=duojie, approver=wangping)

    tell_story(community=community, staff=staff, at=timezone.now())

    assert Redemption.objects.done().values("volunteer").distinct().count() == 76
    assert RedemptionLine.objects.aggregate(handed=Sum("quantity"))["handed"] == 80
    assert Volunteer.objects.filter(reported_in=True).count() == 25
    states = Counter(Wish.objects.values_list("state", flat=True))
    assert (states["lit"], states["pledged"], states["approved"]) == (20, 6, 5)
    assert Dispatch.objects.filter(state="offered").count() == 2
    assert Subject.objects.of(community).ranked()[:10].count() == 10
    heroine = Volunteer.objects.select_related("account", "goal__reward").get(name="索南拉毛")
    assert heroine.account.available == 180
    assert heroine.goal.reward.price_points == 200
