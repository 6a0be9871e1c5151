"""A wish's life, and every arrow that is not in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import NOW, make_request
from tests.wishes import making
from volunteers.models import ServiceRecord
from volunteers.refusals import (
    ConfirmationNotValid,
    DateInFuture,
    ReasonMissing,
    StateMovedOn,
    UnknownVolunteers,
)
from wishes.models import Dispatch, Pledge, Tree, Wish, WishStep
from wishes.operations.asking import WishDraft, submit_wish, withdraw_wish
from wishes.operations.deciding import (
    Wording,
    approve_wish,
    decline_wish,
    reword_wish,
    unpublish_wish,
)
from wishes.operations.delivering import reopen_wish
from wishes.operations.dispatching import (
    Candidate,
    accept_offer,
    decline_offer,
    offer_wish,
    pass_on_unanswered,
)
from wishes.operations.pledging import (
    release_pledge,
    return_silent_pledges,
    say_done,
)
from wishes.refusals import (
    AlreadyPledged,
    ConsentMissing,
    DayOutOfRange,
    HandNotAllowed,
    NobodyToAsk,
    NoSharesLeft,
    NotMerging,
    OfferEnded,
    OwnWish,
    PledgeEnded,
    RuleMissing,
    TooManyPledges,
    WordsNameThePerson,
)

State = Wish.State


@pytest.fixture
def quizhuo(community, duojie):
    """曲杰卓玛 likes to help."""
    return factories.make_volunteer(community, "曲杰卓玛", by=duojie, estate="法院家属院")


@pytest.fixture
def huadan(community, duojie):
    return factories.make_volunteer(community, "华旦", by=duojie)


def test_numbers_run_per_community(community, other_community, duojie, stranger):
    first, second = making.ask(community, duojie), making.ask(community, duojie)
    elsewhere = making.ask(other_community, stranger)

    assert [first.number, second.number, elsewhere.number] == [1, 2, 1]


def test_the_same_key_asks_once(community, duojie):
    request = make_request()
    draft = WishDraft(kind="thing", asked_by="phone", wisher_name="尕藏加措", request="一盏灯")

    wishes = [
        submit_wish(request=request, community=community, draft=draft, by=duojie, at=NOW)
        for _ in range(2)
    ]

    assert wishes[0] == wishes[1]
    assert Wish.objects.count() == 1


def test_from_a_sentence_to_a_lamp(community, duojie, wangping, quizhuo):
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=quizhuo)
    making.deliver(wish, duojie, hands=[making.hand(quizhuo)])

    wish = making.light(wish, wangping, rating=5, thanks="褥子很厚，晚上不冷了")

    assert wish.state == State.LIT
    assert wish.lit_names == "曲**玛"
    assert Pledge.objects.get().state == Pledge.State.KEPT
    record = ServiceRecord.objects.get()
    assert (record.origin, record.state, record.points) == ("wish", "confirmed", 5)
    quizhuo.account.refresh_from_db()
    assert quizhuo.account.balance == 5
    assert [step.kind for step in wish.steps.all()] == [
        "submitted",
        "approved",
        "pledged",
        "delivered",
        "lit",
    ]


def test_the_one_who_noted_the_delivery_does_not_pay_it(community, duojie, quizhuo):
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=quizhuo)
    making.deliver(wish, duojie, hands=[making.hand(quizhuo)])

    making.light(wish, duojie)

    record = ServiceRecord.objects.get()
    assert record.state == "submitted"
    assert record.posting is None


def test_goods_given_are_not_hours(community, duojie, wangping):
    wish = making.lit(community, duojie)

    assert wish.state == State.LIT
    assert not ServiceRecord.objects.exists()


def test_every_change_wakes_the_screens(community, duojie, quizhuo):
    def version():
        return Tree.objects.get(community=community).version

    wish = making.hang(community, duojie)
    versions = [version()]
    pledge = making.pledge(wish, volunteer=quizhuo)
    versions.append(version())
    release_pledge(community=community, number=wish.number, pledge_id=pledge.pk, by=quizhuo, at=NOW)
    versions.append(version())

    assert versions == sorted(set(versions))


# The arrows. Each act is tried in each state; only those listed may pass.

ALLOWED = {
    "approve": {State.SUBMITTED},
    "decline": {State.SUBMITTED, State.APPROVED},
    "reword": {State.APPROVED},
    "pledge": {State.APPROVED},
    "offer": {State.APPROVED},
    "withdraw": {State.SUBMITTED, State.APPROVED, State.PLEDGED},
    "release": {State.PLEDGED},
    "say_done": {State.PLEDGED},
    "deliver": {State.PLEDGED},
    "reopen": {State.DELIVERED},
    "light": {State.DELIVERED},
}


def bring_to(state, community, by, volunteer):
    if state == State.SUBMITTED:
        return making.ask(community, by)
    if state == State.DECLINED:
        wish = making.ask(community, by)
        return decline_wish(
            community=community,
            number=wish.number,
            ending="refused",
            reason="办不了",
            by=by,
            at=NOW,
        )
    wish = making.hang(community, by)
    if state == State.WITHDRAWN:
        return withdraw_wish(community=community, number=wish.number, by=by, at=NOW)
    if state in {State.PLEDGED, State.DELIVERED, State.LIT}:
        making.pledge(wish, volunteer=volunteer)
    if state in {State.DELIVERED, State.LIT}:
        making.deliver(wish, by)
    if state == State.LIT:
        making.light(wish, by)
    return Wish.objects.get(pk=wish.pk)


def act_on(act, wish, by, volunteer):
    common = {"community": wish.community, "number": wish.number, "by": by, "at": NOW}
    pledge = wish.pledges.order_by("-id").first()
    pledge_id = pledge.pk if pledge else 0
    acts = {
        "approve": lambda: approve_wish(wording=Wording(title="一盏灯"), consent="paper", **common),
        "decline": lambda: decline_wish(ending="refused", reason="办不了", **common),
        "reword": lambda: reword_wish(wording=Wording(title="一盏灯"), consent="paper", **common),
        "pledge": lambda: making.pledge(wish, volunteer=volunteer),
        "offer": lambda: offer_wish(candidates=[Candidate(volunteer_id=volunteer.pk)], **common),
        "withdraw": lambda: withdraw_wish(**common),
        "release": lambda: release_pledge(pledge_id=pledge_id, **common),
        "say_done": lambda: say_done(pledge_id=pledge_id, **common),
        "deliver": lambda: making.deliver(wish, by),
        "reopen": lambda: reopen_wish(reason="还差一点", due_date=making.DAY, **common),
        "light": lambda: making.light(wish, by),
    }
    return acts[act]()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ALLOWED)
def test_only_the_legal_arrows_pass(act, state, community, duojie, quizhuo, huadan):
    wish = bring_to(state, community, duojie, quizhuo)

    if state in ALLOWED[act]:
        act_on(act, wish, duojie, huadan)
        return
    with pytest.raises((StateMovedOn, NoSharesLeft, PledgeEnded, Pledge.DoesNotExist)):
        act_on(act, wish, duojie, huadan)
    wish.refresh_from_db()
    assert wish.state == state


# Approving


def test_public_words_need_the_wishers_consent(community, duojie):
    wish = making.ask(community, duojie)

    with pytest.raises(ConsentMissing):
        approve_wish(
            community=community, number=wish.number, wording=Wording(title="一盏灯"),
            consent="", by=duojie, at=NOW,
        )  # fmt: skip


def test_a_request_off_the_tree_needs_no_public_words_consent(community, duojie):
    wish = making.ask(community, duojie)

    approve_wish(
        community=community, number=wish.number, by=duojie, at=NOW, consent="",
        wording=Wording(title="陪同就医", is_on_tree=False),
    )  # fmt: skip

    assert not Wish.objects.public().exists()


@pytest.mark.parametrize(
    "words",
    [
        {"title": "尕藏加措的电话机"},
        {"title": "电话机", "story": "请打139 8765 4321"},
        {"title": "电话机", "needs": "送到牧民新村9栋2单元501"},
    ],
)
def test_public_words_never_name_the_person(words, community, duojie):
    wish = making.ask(community, duojie)

    with pytest.raises(WordsNameThePerson):
        approve_wish(
            community=community, number=wish.number, wording=Wording(**words), consent="paper",
            by=duojie, at=NOW,
        )  # fmt: skip


def test_consent_keeps_the_exact_words(community, duojie):
    wish = making.hang(community, duojie, story="眼睛花了")
    reword_wish(
        community=community, number=wish.number, by=duojie, at=NOW, consent="thumb",
        wording=Wording(title="一部大按键电话机"),
    )  # fmt: skip

    words = list(wish.consents.order_by("id").values_list("title", "story", "withdrawn_by"))

    assert words == [
        ("想要一个大字号的电话机", "眼睛花了", duojie.pk),
        ("一部大按键电话机", "", None),
    ]


def test_consent_taken_back_leaves_a_lamp_without_words(community, duojie):
    wish = making.lit(community, duojie, story="晚上冷")

    wish = unpublish_wish(community=community, number=wish.number, by=duojie, at=NOW)

    assert (wish.title, wish.story, wish.public_name, wish.estate) == ("", "", "", "")
    assert Wish.objects.public().tally()["lit"] == 1


def test_consent_taken_back_takes_a_waiting_wish_off_the_tree(community, duojie):
    wish = making.hang(community, duojie)

    unpublish_wish(community=community, number=wish.number, by=duojie, at=NOW)

    assert not Wish.objects.public().exists()


def test_declining_needs_a_reason_and_a_wish_to_merge_into(community, duojie):
    wish = making.ask(community, duojie)
    common = {"community": community, "number": wish.number, "by": duojie, "at": NOW}

    with pytest.raises(ReasonMissing):
        decline_wish(ending="refused", reason=" ", **common)
    with pytest.raises(NotMerging):
        decline_wish(ending="merged", reason="提过了", merged_into=wish.number, **common)


# Pledging


def test_nobody_pledges_their_own_wish(community, duojie, lamao):
    wish = making.hang(community, duojie, facts={"wisher_id": lamao.pk})

    with pytest.raises(OwnWish):
        making.pledge(wish, volunteer=lamao)


def test_nobody_pledges_their_households_wish(community, duojie, lamao, quizhuo):
    household = factories.make_household(community, [lamao, quizhuo])
    wish = making.hang(community, duojie, facts={"wisher_id": lamao.pk})

    with pytest.raises(OwnWish):
        making.pledge(wish, volunteer=quizhuo)
    assert household is not None


def test_shares_add_up_and_no_more(community, duojie, lamao, quizhuo, huadan):
    wish = making.hang(community, duojie, shares=3)
    making.pledge(wish, volunteer=quizhuo, shares=2)
    wish.refresh_from_db()
    assert (wish.state, wish.shares_left) == (State.APPROVED, 1)

    with pytest.raises(NoSharesLeft) as refused:
        making.pledge(wish, volunteer=huadan, shares=2)
    making.pledge(wish, volunteer=huadan)

    assert refused.value.left == 1
    wish.refresh_from_db()
    assert (wish.state, wish.pledged_shares) == (State.PLEDGED, 3)


def test_the_same_person_pledges_once(community, duojie, quizhuo):
    wish = making.hang(community, duojie, shares=2)
    making.pledge(wish, volunteer=quizhuo)

    with pytest.raises(AlreadyPledged):
        making.pledge(wish, volunteer=quizhuo)


def test_promises_are_not_hoarded(community, duojie, quizhuo):
    wishes = [making.hang(community, duojie) for _ in range(4)]
    for wish in wishes[:3]:
        making.pledge(wish, volunteer=quizhuo)

    with pytest.raises(TooManyPledges):
        making.pledge(wishes[3], volunteer=quizhuo)


@pytest.mark.parametrize("due_date", [date(2023, 11, 15), date(2023, 12, 2)])
def test_the_day_is_within_a_fortnight(due_date, community, duojie, quizhuo):
    wish = making.hang(community, duojie)

    with pytest.raises(DayOutOfRange):
        making.pledge(wish, volunteer=quizhuo, due_date=due_date)


def test_people_of_another_community_do_not_pledge(community, other_community, duojie, stranger):
    wish = making.hang(community, duojie)
    outsider = factories.make_volunteer(other_community, by=stranger)

    with pytest.raises(UnknownVolunteers):
        making.pledge(wish, volunteer=outsider)
    with pytest.raises(UnknownVolunteers):
        making.pledge(wish, unit=making.make_unit(other_community), by=duojie)


def test_a_silent_promise_returns_by_itself(community, duojie, guanli, quizhuo):
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=quizhuo)

    on_the_day = return_silent_pledges(by=guanli, at=NOW + timedelta(days=4))
    [returned] = return_silent_pledges(by=guanli, at=NOW + timedelta(days=5))

    assert on_the_day == []
    assert returned.state == Pledge.State.LAPSED
    wish.refresh_from_db()
    assert (wish.state, wish.pledged_shares) == (State.APPROVED, 0)
    assert wish.steps.last().kind == WishStep.Kind.LAPSED


def test_who_said_it_is_done_is_not_silent(community, duojie, guanli, quizhuo):
    wish = making.hang(community, duojie)
    pledge = making.pledge(wish, volunteer=quizhuo)
    say_done(community=community, number=wish.number, pledge_id=pledge.pk, by=quizhuo, at=NOW)

    assert return_silent_pledges(by=guanli, at=NOW + timedelta(days=40)) == []


def test_withdrawing_frees_whoever_promised(community, duojie, quizhuo):
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=quizhuo)

    withdraw_wish(community=community, number=wish.number, by=duojie, at=NOW)

    assert Pledge.objects.get().state == Pledge.State.RELEASED


# Delivering


def test_the_wisher_earns_nothing_by_their_own_wish(community, duojie, lamao, quizhuo):
    wish = making.hang(community, duojie, facts={"wisher_id": lamao.pk})
    making.pledge(wish, volunteer=quizhuo)

    with pytest.raises(HandNotAllowed):
        making.deliver(wish, duojie, hands=[making.hand(lamao)])


def test_time_given_needs_a_rule_and_a_day_that_was(community, duojie, quizhuo):
    wish = making.hang(community, duojie, rule=None)
    making.pledge(wish, volunteer=quizhuo)

    with pytest.raises(RuleMissing):
        making.deliver(wish, duojie, hands=[making.hand(quizhuo)])
    Wish.objects.update(rule=making.wish_rule(community))
    with pytest.raises(DateInFuture):
        making.deliver(wish, duojie, hands=[making.hand(quizhuo, service_date=making.DAY)])


def test_an_unhappy_neighbour_reopens_the_wish(community, duojie, quizhuo):
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=quizhuo)
    making.deliver(wish, duojie, hands=[making.hand(quizhuo)])

    wish = reopen_wish(
        community=community, number=wish.number, reason="没有装好", due_date=making.DAY,
        by=duojie, at=NOW,
    )  # fmt: skip

    assert (wish.state, wish.delivered_at, wish.hands.count()) == (State.PLEDGED, None, 0)
    making.deliver(wish, duojie, hands=[making.hand(quizhuo)])


def test_a_pin_that_was_not_typed_lights_nothing(community, duojie, lamao, quizhuo):
    wish = making.hang(community, duojie, facts={"wisher_id": lamao.pk})
    making.pledge(wish, volunteer=quizhuo)
    making.deliver(wish, duojie)

    with pytest.raises(ConfirmationNotValid):
        making.light(wish, duojie, confirmed_how="pin")


# Dispatch


def offer(wish, by, *people, **how):
    return offer_wish(
        community=wish.community, number=wish.number, by=by, at=NOW,
        candidates=[Candidate(volunteer_id=person.pk) for person in people], **how,
    )  # fmt: skip


def test_who_accepts_has_pledged(community, duojie, quizhuo, huadan):
    wish = making.hang(community, duojie)
    first, second = offer(wish, duojie, quizhuo, huadan)

    pledge = accept_offer(community=community, dispatch_id=first.pk, by=quizhuo, at=NOW)

    assert pledge.volunteer == quizhuo
    wish.refresh_from_db()
    assert wish.state == State.PLEDGED
    second.refresh_from_db()
    assert second.state == Dispatch.State.CANCELLED


def test_declining_asks_the_next(community, duojie, quizhuo, huadan):
    wish = making.hang(community, duojie)
    first, second = offer(wish, duojie, quizhuo, huadan)

    decline_offer(community=community, dispatch_id=first.pk, by=quizhuo, at=NOW)

    second.refresh_from_db()
    assert second.state == Dispatch.State.OFFERED
    with pytest.raises(OfferEnded):
        accept_offer(community=community, dispatch_id=first.pk, by=quizhuo, at=NOW)


def test_no_answer_in_time_asks_the_next(community, duojie, guanli, quizhuo, huadan):
    wish = making.hang(community, duojie)
    first, second = offer(wish, duojie, quizhuo, huadan, hours_to_answer=4)

    early = pass_on_unanswered(by=guanli, at=NOW + timedelta(hours=3))
    late = pass_on_unanswered(by=guanli, at=NOW + timedelta(hours=4))

    assert (early, late) == (0, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Dispatch.State.LAPSED, Dispatch.State.OFFERED)
    assert second.answer_until == NOW + timedelta(hours=8)


def test_one_to_three_are_asked_and_never_the_wisher(community, duojie, lamao, quizhuo):
    wish = making.hang(community, duojie, facts={"wisher_id": lamao.pk})

    with pytest.raises(NobodyToAsk):
        offer(wish, duojie)
    with pytest.raises(NobodyToAsk):
        offer(wish, duojie, quizhuo, quizhuo)
    with pytest.raises(OwnWish):
        offer(wish, duojie, lamao)
