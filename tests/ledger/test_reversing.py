import pytest

from ledger.models import Hold, Posting
from ledger.operations import place_hold, reverse_many, reverse_posting
from ledger.refusals import AlreadyReversed, HoldEnded, NotEnoughPoints
from tests.ledger.planting import refused_by
from tests.ledger.story import AT, CLERK


def reverse(posting, member=None, **fields):
    debt = member.debt_id if member else None
    return reverse_posting(posting.pk, debt_account_id=debt, by=CLERK, at=AT, **fields)


def test_a_reversal_mirrors_its_original(book):
    lamao = book.member(100)
    spent = book.redeem(lamao, 60)
    mirror = reverse(spent, memo="拿错了")
    assert (mirror.source_id, mirror.target_id) == (spent.target_id, spent.source_id)
    assert (mirror.points, mirror.kind, mirror.memo) == (60, "reversal", "拿错了")
    assert mirror.reverses_id == spent.pk
    assert spent.reversed_by == mirror
    assert lamao.balance == 100


def test_a_posting_is_reversed_once(book):
    lamao = book.member(100)
    spent = book.redeem(lamao, 60)
    reverse(spent)
    with pytest.raises(AlreadyReversed) as refusal:
        reverse(spent)
    assert refusal.value.posting_id == spent.pk
    assert lamao.balance == 100


def test_the_same_posting_twice_in_a_batch_is_refused(book):
    lamao = book.member(100)
    spent = book.redeem(lamao, 60)
    with pytest.raises(AlreadyReversed):
        reverse_many([(spent.pk, None), (spent.pk, None)], by=CLERK, at=AT)


def test_an_unknown_posting_cannot_be_reversed(book):
    with pytest.raises(Posting.DoesNotExist):
        reverse_posting(10**9, by=CLERK, at=AT)


def test_a_reversal_cannot_be_reversed(book):
    lamao = book.member(100)
    mirror = reverse(book.redeem(lamao, 60))
    with refused_by("ledger_posting_mirrors_original"):
        reverse(mirror)


def test_points_already_spent_become_a_debt(book):
    lamao = book.member()
    entry = book.earn(lamao, 50)
    book.redeem(lamao, 40)
    mirror = reverse(entry, lamao)
    assert mirror.points == 50
    assert (lamao.balance, lamao.owed) == (0, 40)
    advance = Posting.objects.get(kind="advance")
    assert (advance.points, advance.target_seq + 1) == (40, mirror.source_seq)


def test_held_points_are_not_taken_by_a_reversal(book):
    lamao = book.member()
    entry = book.earn(lamao, 50)
    place_hold(
        account_id=lamao.account_id, points=30, kind=Hold.Kind.SPECIAL_ORDER, by=CLERK, at=AT
    )
    reverse(entry, lamao)
    assert (lamao.balance, lamao.held, lamao.owed) == (30, 30, 30)


def test_without_a_debt_account_spent_points_refuse_the_reversal(book):
    lamao = book.member()
    entry = book.earn(lamao, 50)
    book.redeem(lamao, 40)
    with pytest.raises(NotEnoughPoints) as refusal:
        reverse(entry)
    assert (refusal.value.available, refusal.value.needed) == (10, 50)
    assert lamao.balance == 10


def test_a_void_pays_back_what_is_owed(book):
    lamao = book.member()
    entry = book.earn(lamao, 50)
    spent = book.redeem(lamao, 50)
    reverse(entry, lamao)
    reverse(spent, lamao)
    assert (lamao.balance, lamao.owed) == (0, 0)


def test_a_batch_is_undone_in_a_constant_number_of_statements(book, django_assert_num_queries):
    members = [book.member() for _ in range(30)]
    entries = [book.earn(member, 5) for member in members]
    book.redeem(members[0], 5)
    pairs = [(entry.pk, member.debt_id) for entry, member in zip(entries, members, strict=True)]
    with django_assert_num_queries(6):  # read, lock, reversed before, insert; the savepoint
        mirrors = reverse_many(pairs, by=CLERK, at=AT)
    assert [mirror.reverses_id for mirror in mirrors] == [entry.pk for entry in entries]
    assert (members[0].balance, members[0].owed) == (0, 5)


def test_a_batch_with_several_entries_of_one_member_lends_what_is_missing_once(book):
    lamao = book.member()
    entries = [book.earn(lamao, 10), book.earn(lamao, 10)]
    book.redeem(lamao, 15)
    reverse_many([(entry.pk, lamao.debt_id) for entry in entries], by=CLERK, at=AT)
    assert (lamao.balance, lamao.owed) == (0, 15)


def test_an_upheld_objection_captures_its_hold_into_the_reversal(book):
    lamao = book.member()
    entry = book.earn(lamao, 50)
    hold = place_hold(
        account_id=lamao.account_id, points=50, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT
    )
    mirror = reverse(entry, lamao, hold_id=hold.pk)
    assert (lamao.balance, lamao.held, lamao.owed) == (0, 0, 0)
    assert hold.end.how == "captured"
    assert hold.end.posting == mirror
    with pytest.raises((AlreadyReversed, HoldEnded)):
        reverse(entry, lamao, hold_id=hold.pk)


def test_an_objection_to_points_that_repaid_a_debt_lends_the_rest_again(book):
    """What repays a debt is not held (DECISIONS 7): the hold is smaller than the entry."""
    lamao = book.member()
    first = book.earn(lamao, 30)
    book.redeem(lamao, 30)
    reverse(first, lamao)
    entry = book.earn(lamao, 50)
    hold = place_hold(
        account_id=lamao.account_id, points=20, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT
    )
    reverse(entry, lamao, hold_id=hold.pk)
    assert (lamao.balance, lamao.held, lamao.owed) == (0, 0, 30)
