import pytest

from ledger.models import Hold, HoldEnd, Posting
from ledger.operations import (
    NewHold,
    capture_hold,
    expire_hold,
    place_hold,
    place_holds,
    release_hold,
    release_holds,
)
from ledger.refusals import HoldEnded, NotEnoughPoints
from tests.ledger.planting import refused_by
from tests.ledger.story import AT, CLERK, TODAY


def hold(member, points, kind=Hold.Kind.SPECIAL_ORDER):
    return place_hold(account_id=member.account_id, points=points, kind=kind, by=CLERK, at=AT)


def capture(book, hold, **fields):
    return capture_hold(
        hold_id=hold.pk, target_id=book.shop, kind=Posting.Kind.COLLECT, by=CLERK, at=AT, **fields
    )


def test_a_hold_sets_points_aside(book):
    lamao = book.member(100)
    placed = hold(lamao, 60)
    assert (lamao.balance, lamao.held, lamao.available) == (100, 60, 40)
    assert (placed.seq, placed.held_after, placed.effective_date) == (1, 60, TODAY)
    assert list(Hold.objects.open()) == [placed]


def test_held_points_cannot_be_spent(book):
    lamao = book.member(100)
    hold(lamao, 60)
    with pytest.raises(NotEnoughPoints) as refusal:
        book.redeem(lamao, 41)
    assert refusal.value.available == 40


def test_no_more_than_is_available_can_be_held(book):
    lamao = book.member(100)
    hold(lamao, 60)
    with pytest.raises(NotEnoughPoints) as refusal:
        hold(lamao, 41)
    assert (refusal.value.available, refusal.value.needed) == (40, 41)


def test_capturing_moves_the_held_points(book):
    lamao = book.member(100)
    placed = hold(lamao, 60)
    posting = capture(book, placed)
    assert (lamao.balance, lamao.held) == (40, 0)
    assert posting.hold == placed
    assert placed.end.posting == posting
    assert not Hold.objects.open().exists()


def test_capturing_less_makes_the_rest_available(book):
    lamao = book.member(100)
    posting = capture(book, hold(lamao, 60), points=45)
    assert posting.points == 45
    assert (lamao.balance, lamao.held) == (55, 0)


def test_capturing_more_than_was_held_is_refused_by_the_database(book):
    lamao = book.member(100)
    with refused_by("ledger_posting_hold_covers"):
        capture(book, hold(lamao, 60), points=61)


def test_everything_held_can_be_captured_when_nothing_else_is_left(book):
    lamao = book.member(60)
    capture(book, hold(lamao, 60))
    assert (lamao.balance, lamao.held) == (0, 0)


@pytest.mark.parametrize(("end", "how"), [(release_hold, "released"), (expire_hold, "expired")])
def test_an_ended_hold_makes_its_points_available(book, end, how):
    lamao = book.member(100)
    placed = hold(lamao, 60)
    ended = end(hold_id=placed.pk, by=CLERK, at=AT)
    assert (ended.how, ended.seq, ended.held_after) == (how, 2, 0)
    assert lamao.available == 100


@pytest.mark.parametrize("first", ["capture", "release", "expire"])
@pytest.mark.parametrize("second", ["capture", "release", "expire"])
def test_a_hold_ends_once(book, first, second):
    lamao = book.member(100)
    placed = hold(lamao, 60)
    ends = {
        "capture": lambda: capture(book, placed),
        "release": lambda: release_hold(hold_id=placed.pk, by=CLERK, at=AT),
        "expire": lambda: expire_hold(hold_id=placed.pk, by=CLERK, at=AT),
    }
    ends[first]()
    with pytest.raises(HoldEnded) as refusal:
        ends[second]()
    assert refusal.value.hold_id == placed.pk
    assert refusal.value.how == HoldEnd.objects.get(hold=placed).how


def test_many_holds_are_placed_and_released_in_a_constant_number_of_statements(
    book, django_assert_num_queries
):
    members = [book.member(10) for _ in range(30)]
    new = [NewHold(account_id=member.account_id, points=4) for member in members]
    with django_assert_num_queries(4):  # lock, insert; the savepoint
        placed = place_holds(holds=new, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT)
    assert [each.account_id for each in placed] == [each.account_id for each in new]
    with django_assert_num_queries(6):  # whose, lock, open?, insert; the savepoint
        ended = release_holds(hold_ids=[each.pk for each in placed], by=CLERK, at=AT)
    assert [each.hold_id for each in ended] == [each.pk for each in placed]
    assert all(member.held == 0 for member in members)


def test_many_holds_are_placed_all_or_none(book):
    lamao = book.member(10)
    new = [NewHold(account_id=lamao.account_id, points=6)] * 2
    with pytest.raises(NotEnoughPoints) as refusal:
        place_holds(holds=new, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT)
    assert (refusal.value.available, refusal.value.needed) == (4, 6)
    assert lamao.held == 0


def test_no_holds_are_placed_or_released_without_asking(book):
    assert place_holds(holds=[], kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT) == []
    assert release_holds(hold_ids=[], by=CLERK, at=AT) == []


def test_a_publicity_hold_is_not_spent(book):
    lamao = book.member(100)
    with refused_by("ledger_posting_hold_covers"):
        capture(book, hold(lamao, 60, Hold.Kind.PUBLICITY))


def test_an_unknown_hold_is_unknown(book):
    with pytest.raises(Hold.DoesNotExist):
        release_hold(hold_id=10**9, by=CLERK, at=AT)
    with pytest.raises(Hold.DoesNotExist):
        capture_hold(hold_id=10**9, target_id=book.shop, kind=Posting.Kind.COLLECT, by=CLERK, at=AT)


def test_points_of_nobody_cannot_be_held(book):
    with refused_by("ledger_hold_on_member"):
        place_hold(account_id=book.shop, points=1, kind=Hold.Kind.SPECIAL_ORDER, by=CLERK, at=AT)
