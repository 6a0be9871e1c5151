"""The shop's book-keeping, example by example, with every balance on both sides."""

from ledger.models import Account, Hold, Posting
from ledger.operations import (
    capture_hold,
    place_hold,
    post_points,
    release_hold,
    reverse_posting,
)
from ledger.statements import outstanding_points, statement, system_balance
from tests.ledger.planting import breached
from tests.ledger.story import AT, CLERK


def books(book):
    """Return what every system account comes to, those at zero left out."""
    kinds = {
        account.kind: system_balance(account.pk)
        for account in Account.objects.in_book(book.number).filter(counted=False)
    }
    return {kind: points for kind, points in kinds.items() if points}


def test_a_kettle_and_twenty_points_short_of_a_pressure_cooker(book):
    """120 from the paper book, thirty clean-ups of 2, a kettle for 60: 120 left, 200 needed."""
    lamao = book.member(120)
    for _ in range(30):
        book.earn(lamao, 2)
    book.redeem(lamao, 60)
    assert lamao.available == 120
    assert books(book) == {"opening": -120, "issue": -60, "shop": 60}
    assert outstanding_points(book.number) == 120


def test_a_void_within_ten_minutes(book):
    lamao = book.member(60)
    kettle = book.redeem(lamao, 60)
    reverse_posting(kettle.pk, by=CLERK, at=AT, memo="拿错了")
    assert lamao.available == 60
    assert books(book) == {"opening": -60}
    assert [line.points for line in statement(lamao.account_id)] == [60, -60, 60]


def test_a_special_order_from_asking_to_collecting(book):
    """Quoted at 80 and held; the price turned out to be 72; the other 8 are free again."""
    lamao = book.member(100)
    hold = place_hold(
        account_id=lamao.account_id, points=80, kind=Hold.Kind.SPECIAL_ORDER, by=CLERK, at=AT
    )
    assert lamao.available == 20
    capture_hold(
        hold_id=hold.pk, target_id=book.shop, kind=Posting.Kind.COLLECT, points=72,
        by=CLERK, at=AT,
    )  # fmt: skip
    assert (lamao.balance, lamao.available) == (28, 28)
    assert books(book) == {"opening": -100, "shop": 72}


def test_a_clean_up_that_was_logged_twice(book):
    """Thirty points were spent before the second entry was found: a debt, paid off by service."""
    tashi = book.member()
    book.earn(tashi, 20)
    twice = book.earn(tashi, 20)
    book.redeem(tashi, 30)
    reverse_posting(twice.pk, debt_account_id=tashi.debt_id, by=CLERK, at=AT)
    assert (tashi.balance, tashi.owed) == (0, 10)
    assert [(line.kind, line.points) for line in statement(tashi.account_id, limit=2)] == [
        ("reversal", -20), ("advance", 10),
    ]  # fmt: skip
    book.earn(tashi, 6)
    assert (tashi.balance, tashi.owed) == (0, 4)
    book.earn(tashi, 6)
    assert (tashi.balance, tashi.owed) == (2, 0)
    assert books(book) == {"issue": -32, "shop": 30}
    assert breached() == set()


def test_points_under_public_notice(book):
    """Confirmed and held for the window; one entry stands, an objection to the other is upheld."""
    lamao, tashi = book.member(), book.member()
    notices = {}
    for member in (lamao, tashi):
        entry = book.earn(member, 15)
        hold = place_hold(
            account_id=member.account_id, points=15, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT
        )
        notices[member] = (entry, hold)
        assert member.available == 0
    release_hold(hold_id=notices[lamao][1].pk, by=CLERK, at=AT)
    entry, hold = notices[tashi]
    reverse_posting(entry.pk, debt_account_id=tashi.debt_id, hold_id=hold.pk, by=CLERK, at=AT)
    assert (lamao.available, tashi.available, tashi.owed) == (15, 0, 0)
    assert books(book) == {"issue": -15}


def test_points_given_to_a_wish_and_points_that_expired(book):
    lamao = book.member(50)
    for kind, target, points in (
        (Posting.Kind.GIFT, Account.Kind.WISH_FUND, 10),
        (Posting.Kind.EXPIRE, Account.Kind.EXPIRED, 15),
    ):
        post_points(
            kind=kind, source=lamao.account_id, target=book.system(target), points=points,
            by=CLERK, at=AT,
        )  # fmt: skip
    assert lamao.available == 25
    assert books(book) == {"opening": -50, "wish_fund": 10, "expired": 15}
