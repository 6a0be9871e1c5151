"""Declared deeds: told, asked about, trimmed, paid, declined, with their pictures."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from ledger.models import Posting
from tests import factories
from tests.factories import NOW
from tests.volunteers.logging import balance, clean_up
from tests.volunteers.telling import kept, story, told
from volunteers.models import Deed, Photo
from volunteers.operations.deeds import (
    amend_deed,
    ask_about_deed,
    decline_deed,
    pass_deed,
    withdraw_deed,
)
from volunteers.refusals import (
    CapReached,
    DateInFuture,
    OwnPoints,
    PointsOutOfRange,
    ReasonMissing,
    RuleNotInForce,
    SamePersonDecides,
    StateMovedOn,
    TooManyPhotos,
    UnknownVolunteers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def passed(deed, *, by, points=None, reason=""):
    return pass_deed(
        deed_id=deed.pk,
        community=deed.community,
        points=points,
        reason=reason,
        by=by,
        at=NOW,
    )


def test_a_deed_that_passes_is_a_record_with_points(community, wangping, lamao):
    deed = passed(told(lamao), by=wangping)

    record = deed.record
    assert (record.state, record.origin, record.points, record.minutes) == (
        "confirmed",
        "self",
        2,
        60,
    )
    assert balance(lamao) == 182
    assert (record.submitted_by, record.decided_by) == (None, wangping)


def test_whom_it_helped_stays_with_the_reviewer(community, wangping, lamao):
    record = passed(told(lamao), by=wangping).record
    written = {str(getattr(record, field.name)) for field in record._meta.fields}
    assert not any("增太" in text for text in written)
    assert "增太" not in record.posting.memo


def test_one_key_is_one_deed(lamao):
    request = factories.make_request()
    assert told(lamao, request=request) == told(lamao, request=request)
    assert Deed.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"service_date": date(2023, 11, 17)}, DateInFuture),
        ({"service_date": date(2022, 12, 31)}, RuleNotInForce),
    ],
)
def test_a_deed_on_an_impossible_day_is_refused(lamao, said, refusal):
    with pytest.raises(refusal):
        told(lamao, **said)


def test_a_person_of_another_community_is_unknown(community, other_community, duojie):
    outsider = factories.make_volunteer(other_community, "才让", by=duojie)
    with pytest.raises(UnknownVolunteers):
        told(SimpleNamespace(pk=outsider.pk, community=community))


def test_what_staff_entered_needs_a_second_person(community, duojie, wangping, lamao):
    with pytest.raises(SamePersonDecides):
        passed(told(lamao, by=wangping), by=wangping)
    assert passed(told(lamao, by=duojie), by=wangping).state == Deed.State.PASSED


def test_nobody_decides_for_the_own_household(community, duojie, wangping, lamao):
    neighbour = factories.make_volunteer(community, "才让", by=duojie)
    factories.make_household(community, [lamao, neighbour])
    wangping.own_volunteer = neighbour
    wangping.save()
    deed = told(lamao)
    facts = {"deed_id": deed.pk, "community": community, "by": wangping, "at": NOW}

    for decide in (
        lambda: passed(deed, by=wangping),
        lambda: decline_deed(reason="不对", **facts),
        lambda: ask_about_deed(question="哪天？", **facts),
    ):
        with pytest.raises(OwnPoints):
            decide()


def test_other_points_need_a_reason_and_have_bounds(wangping, lamao):
    deed = told(lamao)
    with pytest.raises(ReasonMissing):
        passed(deed, by=wangping, points=3)
    with pytest.raises(PointsOutOfRange):
        passed(deed, by=wangping, points=5, reason="很重的活")

    record = passed(deed, by=wangping, points=4, reason="很重的活").record

    assert record.points == 4
    assert record.calculation["points"] == 2
    assert record.calculation["given_reason"] == "很重的活"


def test_caps_cut_the_standard_and_bind_the_reviewer(community, wangping, lamao):
    clean_up(community, per_occasion_points=3, month_cap_points=4)
    assert passed(told(lamao), by=wangping).record.points == 3
    with pytest.raises(CapReached):
        passed(told(lamao), by=wangping, points=2, reason="很重的活")
    assert passed(told(lamao), by=wangping).record.points == 1
    nothing_left = passed(told(lamao), by=wangping).record
    assert (nothing_left.points, nothing_left.posting) == (0, None)


def test_asked_back_and_amended_it_waits_again(community, wangping, lamao):
    deed = told(lamao)
    facts = {"deed_id": deed.pk, "community": community, "by": wangping, "at": NOW}
    ask_about_deed(question="是哪一天？", **facts)
    with pytest.raises(StateMovedOn):
        passed(deed, by=wangping)

    amend_deed(
        deed_id=deed.pk,
        volunteer=lamao,
        story=story(community, story="是星期三。"),
        upload_key=uuid4(),
        at=NOW,
    )

    deed.refresh_from_db()
    assert (deed.state, deed.story, deed.question) == ("submitted", "是星期三。", "是哪一天？")


def test_declined_with_a_reason_it_earns_nothing(community, wangping, lamao):
    deed = told(lamao)
    facts = {"deed_id": deed.pk, "community": community, "by": wangping, "at": NOW}
    with pytest.raises(ReasonMissing):
        decline_deed(reason="", **facts)
    declined = decline_deed(reason="这是家里的事", **facts)
    assert (declined.state, declined.reason, balance(lamao)) == ("declined", "这是家里的事", 180)
    with pytest.raises(StateMovedOn):
        passed(deed, by=wangping)


def test_only_the_own_and_undecided_deed_is_changed(community, duojie, wangping, lamao):
    neighbour = factories.make_volunteer(community, "才让", by=duojie)
    deed = told(lamao)
    with pytest.raises(StateMovedOn):
        withdraw_deed(deed_id=deed.pk, volunteer=neighbour)
    assert withdraw_deed(deed_id=deed.pk, volunteer=lamao).state == "withdrawn"
    with pytest.raises(StateMovedOn):
        withdraw_deed(deed_id=deed.pk, volunteer=lamao)
    assert Posting.objects.filter(kind="earn").count() == 0


def test_pictures_of_the_page_become_the_deeds(lamao, duojie):
    key = uuid4()
    kept(lamao, key, seed=1)
    kept(lamao, key, seed=1)
    strangers = kept(lamao, key, by=duojie, seed=2)

    deed = told(lamao, key=key)

    assert deed.photos.count() == 1
    strangers.refresh_from_db()
    assert strangers.deed is None


def test_a_page_takes_six_pictures(lamao):
    key = uuid4()
    for seed in range(6):
        kept(lamao, key, seed=seed)
    with pytest.raises(TooManyPhotos):
        kept(lamao, key, seed=6)


def test_the_same_picture_is_found_again_in_another_size(lamao):
    first, second, other = uuid4(), uuid4(), uuid4()
    kept(lamao, first, seed=3)
    told(lamao, key=first)
    kept(lamao, other, seed=4)
    told(lamao, key=other)
    again = kept(lamao, second, seed=3, size=(640, 480), form="PNG")

    alike = Photo.objects.of(lamao.community).alike([again])

    assert [photo.deed.photos.get().upload_key for photo in alike] == [first]
