"""A book of the ledger and its members, for tests: no community, no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ledger.models import Account, Hold, HoldEnd, Posting
from ledger.operations import (
    Award,
    capture_hold,
    close_book,
    earn_points,
    open_accounts,
    open_book,
    place_hold,
    post_points,
    reverse_posting,
)

AT = datetime(2023, 11, 16, 2, 0, tzinfo=UTC)  # 10:00 of 16 November in Shanghai
TODAY = date(2023, 11, 16)
CLERK = 7


@dataclass(frozen=True)
class Member:
    """A member's two accounts, read afresh whenever a test looks."""

    account_id: int
    debt_id: int

    @property
    def account(self):
        return Account.objects.get(pk=self.account_id)

    @property
    def balance(self):
        return self.account.balance

    @property
    def held(self):
        return self.account.held

    @property
    def available(self):
        return self.account.available

    @property
    def owed(self):
        return -Account.objects.get(pk=self.debt_id).balance


@dataclass(frozen=True)
class Book:
    number: int

    def member(self, points=0):
        """Return a new member who has these points from the paper book."""
        [(account, debt)] = open_accounts(book=self.number, count=1)
        member = Member(account.pk, debt.pk)
        if points:
            self.earn(member, points, kind=Posting.Kind.OPENING)
        return member

    def system(self, kind):
        return Account.objects.system(self.number, kind).pk

    @property
    def shop(self):
        return self.system(Account.Kind.SHOP)

    def earn(self, member, points, *, kind=Posting.Kind.EARN, at=AT, effective_date=None):
        award = Award(
            account_id=member.account_id,
            debt_account_id=member.debt_id,
            points=points,
            effective_date=effective_date,
        )
        [posting] = earn_points(awards=[award], book=self.number, kind=kind, by=CLERK, at=at)
        return posting

    def redeem(self, member, points, *, at=AT, effective_date=None):
        return post_points(
            kind=Posting.Kind.REDEEM,
            source=member.account_id,
            target=self.shop,
            points=points,
            by=CLERK,
            at=at,
            effective_date=effective_date,
        )


def make_book(number=1):
    open_book(book=number)
    return Book(number)


@dataclass
class Story:
    """One of each thing that a ledger can hold."""

    book: Book
    lamao: Member  # 100 opened, 30 redeemed and voided, 10 held, 20 held and collected
    tashi: Member  # 50 earned, spent, undone (a debt of 50), 60 earned, 50 of it repaid
    spent: Posting
    void: Posting
    held: Hold
    collected: Posting

    def ids(self):
        return {
            "lamao": self.lamao.account_id,
            "tashi": self.tashi.account_id,
            "tashi_debt": self.tashi.debt_id,
            "lamao_debt": self.lamao.debt_id,
            "shop": self.book.shop,
            "issue": self.book.system("issue"),
            "other_shop": Book(2).shop,
            "spent": self.spent.pk,
            "void": self.void.pk,
            "held": self.held.pk,
            "ended": HoldEnd.objects.get(posting=self.collected).hold_id,
            "collected": self.collected.pk,
            "advance": Posting.objects.get(kind="advance").pk,
            "repay": Posting.objects.get(kind="repay").pk,
            "last": Posting.objects.order_by("id").last().pk,
        }


def tell_story(book):
    """Live through one of each thing; return it with the ids to plant with."""
    open_book(book=2)
    lamao, tashi = book.member(100), book.member()
    spent = book.redeem(lamao, 30)
    void = reverse_posting(spent.pk, by=CLERK, at=AT)
    hold = {"account_id": lamao.account_id, "kind": Hold.Kind.SPECIAL_ORDER, "by": CLERK, "at": AT}
    held = place_hold(points=10, **hold)
    order = place_hold(points=20, **hold)
    collected = capture_hold(
        hold_id=order.pk, target_id=book.shop, kind=Posting.Kind.COLLECT, by=CLERK, at=AT
    )
    entry = book.earn(tashi, 50)
    book.redeem(tashi, 50)
    reverse_posting(entry.pk, debt_account_id=tashi.debt_id, by=CLERK, at=AT)
    book.earn(tashi, 60)
    close_book(book=book.number)
    return Story(book, lamao, tashi, spent, void, held, collected)
