from datetime import UTC, date, datetime

import pytest
from django.db import DataError

from ledger.models import Account, Closing, FlowRule, Hold, HoldEnd, Posting, Request
from ledger.operations import Movement, post_many, post_points, reverse_posting
from ledger.refusals import NotEnoughPoints
from tests.ledger.planting import refused_by
from tests.ledger.story import AT, CLERK, TODAY


def redeem(book, member, points):
    return Movement(
        kind=Posting.Kind.REDEEM, source_id=member.account_id, target_id=book.shop, points=points
    )


def test_post_points_moves_them_and_numbers_the_line(book):
    lamao = book.member(180)
    posting = book.redeem(lamao, 60)
    assert lamao.balance == 120
    assert (posting.source_seq, posting.source_after) == (2, 120)
    assert (posting.target_seq, posting.target_after) == (None, None)
    assert posting.by_id == CLERK
    assert posting.effective_date == TODAY
    assert posting.created_at is not None
    assert len(posting.hash) == 32
    assert posting == Posting.objects.get(pk=posting.pk)


def test_post_points_takes_accounts_or_their_ids(book):
    lamao = book.member(10)
    shop = Account.objects.system(book.number, Account.Kind.SHOP)
    post_points(
        kind=Posting.Kind.REDEEM, source=lamao.account, target=shop, points=4, by=CLERK, at=AT
    )
    assert lamao.balance == 6


def test_a_posting_is_one_statement(book, django_assert_num_queries):
    lamao, shop = book.member(10), book.shop
    with django_assert_num_queries(3):  # the savepoint around it
        post_points(
            kind=Posting.Kind.REDEEM, source=lamao.account_id, target=shop, points=4,
            by=CLERK, at=AT,
        )  # fmt: skip


def test_the_day_is_the_shanghai_day_of_the_moment(book):
    lamao = book.member(10)
    late = datetime(2023, 11, 15, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert book.redeem(lamao, 1, at=late).effective_date == date(2023, 11, 16)


def test_a_given_day_wins(book):
    lamao = book.member(10)
    day = date(2019, 5, 4)
    assert book.redeem(lamao, 1, effective_date=day).effective_date == day


def test_more_than_is_available_is_refused_with_the_figures(book):
    lamao = book.member(50)
    with pytest.raises(NotEnoughPoints) as refusal:
        book.redeem(lamao, 60)
    assert (refusal.value.available, refusal.value.needed) == (50, 60)
    assert lamao.balance == 50
    assert Posting.objects.count() == 1


def test_exactly_what_is_there_can_be_spent(book):
    lamao = book.member(50)
    book.redeem(lamao, 50)
    assert lamao.balance == 0


def test_post_many_keeps_its_order_in_two_statements(book, django_assert_num_queries):
    members = [book.member(10) for _ in range(5)]
    movements = [redeem(book, member, points) for points, member in enumerate(members, start=1)]
    movements.reverse()
    with django_assert_num_queries(4):  # lock, insert, and the savepoint around them
        postings = post_many(movements, by=CLERK, at=AT)
    assert [posting.points for posting in postings] == [5, 4, 3, 2, 1]
    assert [posting.pk for posting in postings] == sorted(posting.pk for posting in postings)


def test_post_many_counts_what_earlier_movements_took(book):
    lamao = book.member(50)
    with pytest.raises(NotEnoughPoints) as refusal:
        post_many([redeem(book, lamao, 30), redeem(book, lamao, 30)], by=CLERK, at=AT)
    assert (refusal.value.available, refusal.value.needed) == (20, 30)
    assert refusal.value.account_id == lamao.account_id
    assert lamao.balance == 50


def test_post_many_of_nothing_posts_nothing(book):
    assert post_many([], by=CLERK, at=AT) == []


def test_post_many_refuses_an_unknown_hold(book):
    lamao = book.member(50)
    with pytest.raises(Hold.DoesNotExist, match="no hold 99"):
        post_many(
            [
                Movement(
                    kind=Posting.Kind.COLLECT,
                    source_id=lamao.account_id,
                    target_id=book.shop,
                    points=1,
                    hold_id=99,
                )
            ],
            by=CLERK,
            at=AT,
        )


@pytest.mark.parametrize("points", [0, -1, 1_000_001, 2**63])
def test_points_are_between_one_and_a_million(points):
    with pytest.raises(ValueError, match="points"):
        Movement(kind=Posting.Kind.EARN, source_id=1, target_id=2, points=points)


def test_a_memo_has_at_most_a_hundred_characters(book):
    lamao = book.member(10)
    tibetan = "ཀ" * 100
    shop = book.shop
    posting = post_points(
        kind=Posting.Kind.REDEEM, source=lamao.account_id, target=shop, points=1,
        by=CLERK, at=AT, memo=tibetan,
    )  # fmt: skip
    assert posting.memo == tibetan
    with pytest.raises(ValueError, match="100"):
        Movement(kind=Posting.Kind.REDEEM, source_id=1, target_id=2, points=1, memo=tibetan + "ཀ")


def test_a_nul_in_a_memo_never_reaches_the_ledger(book):
    lamao = book.member(10)
    with pytest.raises((ValueError, DataError), match=r"NUL|0x00"):
        post_points(
            kind=Posting.Kind.REDEEM, source=lamao.account_id, target=book.shop, points=1,
            by=CLERK, at=AT, memo="\0",
        )  # fmt: skip
    assert lamao.balance == 10


def test_an_unknown_account_is_refused_at_once(book):
    with refused_by("ledger_posting_accounts_known"):
        post_points(
            kind=Posting.Kind.EARN, source=book.system("issue"), target=10**9, points=1,
            by=CLERK, at=AT,
        )  # fmt: skip


def test_postings_are_found_by_account_and_by_whether_they_stand(book):
    lamao, tashi = book.member(10), book.member(20)
    spent = book.redeem(lamao, 4)
    void = reverse_posting(spent.pk, by=CLERK, at=AT)
    touching = Posting.objects.touching(lamao.account_id)
    assert touching.count() == 3
    assert set(touching.unreversed()) == set(touching) - {spent}
    assert void in touching.unreversed()
    assert Posting.objects.touching(tashi.account_id).count() == 1


def test_rows_say_what_they_are(story):
    said = {str(row) for model in (Account, Closing, FlowRule, Hold, HoldEnd, Posting)
            for row in model.objects.all()}  # fmt: skip
    assert {"得分 50", "点单 10", "已动用", "redeem: member → shop"} <= said
    assert str(Request(client="user:7", key="k")) == "user:7 k"
