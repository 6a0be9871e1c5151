from datetime import date

import pytest

from ledger.models import Hold
from ledger.operations import close_book, open_accounts, place_hold, reverse_posting
from ledger.statements import (
    PeriodTotals,
    book_totals,
    expirable_by_account,
    expirable_points,
    opening_and_totals,
    outstanding_points,
    statement,
    system_balance,
)
from tests.ledger.story import AT, CLERK

OCTOBER = (date(2023, 10, 1), date(2023, 10, 31))


def test_a_statement_is_newest_first_with_signed_points(book):
    lamao = book.member(100)
    book.redeem(lamao, 30)
    book.earn(lamao, 5)
    lines = statement(lamao.account_id)
    assert [(line.seq, line.points, line.balance_after) for line in lines] == [
        (3, 5, 75), (2, -30, 70), (1, 100, 100),
    ]  # fmt: skip
    assert [line.kind for line in lines] == ["earn", "redeem", "opening"]


def test_a_reversal_and_its_original_name_each_other(book):
    lamao = book.member(100)
    spent = book.redeem(lamao, 30)
    undone = reverse_posting(spent.pk, by=CLERK, at=AT)
    newest, original, _opening = statement(lamao.account_id)
    assert (newest.posting_id, newest.reverses_id) == (undone.pk, spent.pk)
    assert original.reversed_by_id == undone.pk


def test_pages_follow_each_other_by_line_number(book):
    lamao = book.member(100)
    for points in range(1, 10):
        book.redeem(lamao, points)
    seen = []
    before = None
    while page := statement(lamao.account_id, before_seq=before, limit=4):
        seen += [line.seq for line in page]
        before = page[-1].seq
    assert seen == list(range(10, 0, -1))


@pytest.mark.parametrize("lines", [1, 3])
def test_a_statement_takes_one_query(book, django_assert_num_queries, lines):
    lamao = book.member(100)
    for _ in range(lines):
        book.redeem(lamao, 1)
    with django_assert_num_queries(1):
        statement(lamao.account_id)


def test_a_debt_has_a_statement_too(book):
    lamao = book.member()
    entry = book.earn(lamao, 30)
    book.redeem(lamao, 30)
    reverse_posting(entry.pk, debt_account_id=lamao.debt_id, by=CLERK, at=AT)
    assert [(line.points, line.balance_after) for line in statement(lamao.debt_id)] == [(-30, -30)]


def october(book):
    """A member with a line before, five in and one after October."""
    lamao = book.member()
    book.earn(lamao, 100, effective_date=date(2023, 9, 30))
    book.earn(lamao, 10, effective_date=date(2023, 10, 1))
    wrong = book.earn(lamao, 7, effective_date=date(2023, 10, 2))
    book.redeem(lamao, 40, effective_date=date(2023, 10, 31))
    book.redeem(lamao, 20, effective_date=date(2023, 11, 1))
    reverse_posting(wrong.pk, by=CLERK, at=AT)
    return lamao


def test_a_period_opens_moves_and_closes_by_business_date(book):
    lamao = october(book)
    tashi = book.member()
    totals = opening_and_totals([lamao.account_id, tashi.account_id], *OCTOBER)
    assert totals[lamao.account_id] == PeriodTotals(
        opening=100, moved={"earn": 17, "redeem": -40}, undone={}
    )
    assert totals[lamao.account_id].closing == 77
    assert totals[tashi.account_id] == PeriodTotals()


def test_a_reversal_counts_under_the_kind_it_undoes(book):
    lamao = october(book)
    november = opening_and_totals([lamao.account_id], date(2023, 11, 1), date(2023, 11, 30))[
        lamao.account_id
    ]
    assert (november.opening, november.closing) == (77, 50)
    assert (november.moved, november.undone) == ({"redeem": -20}, {"earn": -7})


def test_a_book_adds_up_its_members(book):
    october(book)
    october(book)
    totals = book_totals(book.number, *OCTOBER)
    assert (totals.opening, totals.closing) == (200, 154)
    assert totals.moved == {"earn": 34, "redeem": -80}


def test_outstanding_points_are_what_members_have(book):
    book.member(30)
    lamao = book.member(20)
    book.redeem(lamao, 5)
    open_accounts(book=book.number + 1, count=1)
    assert outstanding_points(book.number) == 45
    assert outstanding_points(book.number + 1) == 0


def test_a_system_account_comes_to_what_went_in_less_what_came_out(book):
    lamao = book.member(100)
    spent = book.redeem(lamao, 30)
    assert system_balance(book.shop) == 30
    assert system_balance(book.system("opening")) == -100
    reverse_posting(spent.pk, by=CLERK, at=AT)
    assert system_balance(book.shop) == 0


def test_a_closing_and_the_tail_are_the_same(book):
    lamao = book.member(100)
    book.redeem(lamao, 30)
    assert close_book(book=book.number) == 5
    assert close_book(book=book.number) == 0
    book.redeem(lamao, 12)
    assert system_balance(book.shop) == 42
    assert close_book(book=book.number) == 5
    assert system_balance(book.shop) == 42


CUTOFF = date(2023, 1, 1)
OLD, NEW = date(2022, 6, 1), date(2023, 6, 1)


def aged(book, *, old, new):
    member = book.member()
    for points, day in ((old, OLD), (new, NEW)):
        if points:
            book.earn(member, points, effective_date=day)
    return member


def expirable(member):
    return expirable_points(member.account_id, CUTOFF)


def test_points_expire_that_were_earned_before_the_cutoff(book):
    assert expirable(aged(book, old=50, new=20)) == 50


def test_the_oldest_points_are_spent_first(book):
    lamao = aged(book, old=50, new=20)
    book.redeem(lamao, 30)
    assert expirable(lamao) == 20
    book.redeem(lamao, 30)
    assert expirable(lamao) == 0


def test_a_void_gives_points_back_with_their_old_age(book):
    lamao = aged(book, old=50, new=20)
    spent = book.redeem(lamao, 60)
    reverse_posting(spent.pk, by=CLERK, at=AT)
    assert expirable(lamao) == 50


def test_an_entry_undone_takes_no_other_points_along(book):
    lamao = aged(book, old=50, new=0)
    wrong = book.earn(lamao, 20, effective_date=NEW)
    reverse_posting(wrong.pk, by=CLERK, at=AT)
    assert expirable(lamao) == 50


def test_held_points_do_not_expire(book):
    lamao = aged(book, old=50, new=20)
    place_hold(
        account_id=lamao.account_id, points=45, kind=Hold.Kind.SPECIAL_ORDER, by=CLERK, at=AT
    )
    assert expirable(lamao) == 5


def test_many_accounts_expire_in_one_query(book, django_assert_num_queries):
    members = [aged(book, old=old, new=3) for old in (0, 5, 7)]
    with django_assert_num_queries(1):
        found = expirable_by_account([member.account_id for member in members], CUTOFF)
    assert found == {members[1].account_id: 5, members[2].account_id: 7}
