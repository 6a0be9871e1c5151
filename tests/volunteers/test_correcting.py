"""Putting a record right: asked for, answered, and the old one reversed when the new one stands."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import NOW
from tests.volunteers.logging import balance, logged
from volunteers.models import Correction
from volunteers.operations.correcting import (
    RightFigures,
    ask_correction,
    propose_correction,
    refuse_correction,
    void_wrong_record,
)
from volunteers.operations.deciding import confirm_record, decline_record, void_record
from volunteers.refusals import (
    AlreadyAsked,
    DateInFuture,
    DayOverfull,
    OwnPoints,
    ReasonMissing,
    SamePersonDecides,
    StateMovedOn,
)

pytestmark = pytest.mark.django_db

DAY = date(2023, 11, 14)


@pytest.fixture
def record(community, duojie, wangping, lamao):
    """An hour of clean-up, confirmed: 2 points."""
    return logged(community, [lamao], by=duojie, confirmed_by=wangping).records.get()


@pytest.fixture
def wish(record):
    return ask_correction(
        record_id=record.pk,
        community=record.community,
        wish="是重活，做了两小时",
        by=None,
        at=NOW,
    )


def proposed(wish, *, by, minutes=120, day=DAY, answer="查过了，确实"):
    return propose_correction(
        correction_id=wish.pk,
        community=wish.record.community,
        figures=RightFigures(day, minutes, "heavy"),
        answer=answer,
        by=by,
        at=NOW,
    )


def decided(verb, record, *, by, **facts):
    return verb(record_id=record.pk, community=record.community, by=by, at=NOW, **facts)


def test_the_old_stands_until_the_new_is_confirmed(wish, record, duojie, wangping, lamao):
    right = proposed(wish, by=duojie)
    assert balance(lamao) == 182

    decided(confirm_record, right, by=wangping)

    record.refresh_from_db()
    wish.refresh_from_db()
    assert (record.state, record.void_reason) == ("voided", "查过了，确实")
    assert (right.corrects, wish.state, balance(lamao)) == (record, "made", 184)
    record.batch.refresh_from_db()
    assert record.batch.state == "voided"


def test_who_proposed_it_does_not_confirm_it(wish, wangping):
    right = proposed(wish, by=wangping)
    with pytest.raises(SamePersonDecides):
        decided(confirm_record, right, by=wangping)


def test_a_declined_proposal_opens_the_wish_again(wish, record, duojie, wangping, lamao):
    right = proposed(wish, by=duojie)
    decided(decline_record, right, by=wangping, reason="不是两小时")

    wish.refresh_from_db()
    assert (wish.state, wish.answer, balance(lamao)) == ("open", "", 182)
    again = proposed(wish, by=duojie, minutes=90)
    decided(confirm_record, again, by=wangping)
    assert balance(lamao) == 184


def test_a_record_undone_meanwhile_is_not_corrected(wish, record, duojie, wangping):
    right = proposed(wish, by=duojie)
    decided(void_record, record, by=wangping, reason="整场取消")
    with pytest.raises(StateMovedOn):
        decided(confirm_record, right, by=wangping)


def test_a_wish_is_answered_once_and_with_words(wish, community, wangping):
    facts = {"correction_id": wish.pk, "community": community, "by": wangping, "at": NOW}
    with pytest.raises(ReasonMissing):
        refuse_correction(answer=" ", **facts)
    refuse_correction(answer="签到表上是一小时", **facts)
    with pytest.raises(StateMovedOn):
        refuse_correction(answer="签到表上是一小时", **facts)


def test_a_record_that_should_not_be_there_is_undone(wish, community, wangping, lamao):
    made = void_wrong_record(
        correction_id=wish.pk, community=community, answer="那天没有来", by=wangping, at=NOW
    )
    assert (made.state, made.record.state, balance(lamao)) == (Correction.State.MADE, "voided", 180)


def test_one_wish_at_a_time(wish, record, community):
    with pytest.raises(AlreadyAsked):
        ask_correction(record_id=record.pk, community=community, wish="再看看", by=None, at=NOW)


def test_nobody_answers_for_the_own_household(wish, wangping, lamao):
    wangping.own_volunteer = lamao
    wangping.save()
    with pytest.raises(OwnPoints):
        proposed(wish, by=wangping)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"day": date(2023, 11, 17)}, DateInFuture),
        ({"minutes": 1441}, DayOverfull),
        ({"answer": ""}, ReasonMissing),
    ],
)
def test_a_wrong_proposal_is_refused(wish, duojie, facts, refusal):
    with pytest.raises(refusal):
        proposed(wish, by=duojie, **facts)
