from datetime import date

from ledger.models import Posting
from ledger.operations import Award, earn_points, reverse_posting
from tests.ledger.story import AT, CLERK, TODAY


def award(member, points, **fields):
    return Award(
        account_id=member.account_id, debt_account_id=member.debt_id, points=points, **fields
    )


def earn(book, *awards, **fields):
    return earn_points(awards=list(awards), book=book.number, by=CLERK, at=AT, **fields)


def test_each_award_is_one_posting_in_its_order(book):
    lamao, tashi = book.member(), book.member()
    postings = earn(book, award(tashi, 3), award(lamao, 2), award(tashi, 5))
    assert [posting.target_id for posting in postings] == [
        tashi.account_id, lamao.account_id, tashi.account_id,
    ]  # fmt: skip
    assert [posting.kind for posting in postings] == ["earn"] * 3
    assert (lamao.balance, tashi.balance) == (2, 8)


def test_thirty_awards_take_three_statements(book, django_assert_num_queries):
    members = [book.member() for _ in range(30)]
    with django_assert_num_queries(5):  # issue, lock, insert, and the savepoint
        earn(book, *(award(member, 2) for member in members))


def test_an_award_has_its_own_memo_and_day(book):
    lamao = book.member()
    [posting] = earn(book, award(lamao, 2, memo="清扫", effective_date=date(2019, 5, 4)))
    assert (posting.memo, posting.effective_date) == ("清扫", date(2019, 5, 4))


def test_opening_balances_come_from_the_opening_account(book):
    lamao = book.member()
    [posting] = earn(book, award(lamao, 120), kind=Posting.Kind.OPENING)
    assert posting.source_id == book.system("opening")
    assert posting.effective_date == TODAY


def test_nobody_awarded_posts_nothing(book):
    assert earn(book) == []


def owing(book, points):
    """Return a member who spent all of `points` before the entry that earned them was undone."""
    member = book.member()
    entry = book.earn(member, points)
    book.redeem(member, points)
    reverse_posting(entry.pk, debt_account_id=member.debt_id, by=CLERK, at=AT)
    return member


def test_a_debt_is_paid_back_out_of_the_next_award(book):
    lamao = owing(book, 30)
    assert (lamao.balance, lamao.owed) == (0, 30)
    [posting] = earn(book, award(lamao, 20))
    assert posting.points == 20
    assert (lamao.balance, lamao.owed) == (0, 10)
    earn(book, award(lamao, 20))
    assert (lamao.balance, lamao.owed) == (10, 0)


def test_each_award_of_a_batch_pays_back_in_turn(book):
    lamao = owing(book, 30)
    postings = earn(book, award(lamao, 20), award(lamao, 20), award(lamao, 5))
    assert [posting.points for posting in postings] == [20, 20, 5]
    assert (lamao.balance, lamao.owed) == (15, 0)
    repaid = Posting.objects.filter(kind="repay").order_by("id")
    assert [posting.points for posting in repaid] == [20, 10]


def test_a_repayment_takes_no_more_than_the_award(book):
    """Points that a released hold gave back stay the member's: only service pays a debt off."""
    lamao = owing(book, 30)
    earn(book, award(lamao, 4))
    assert (lamao.balance, lamao.owed) == (0, 26)
