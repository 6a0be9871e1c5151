"""The ledger against a plain model, whatever is done in whatever order. ROUNDS=200 for more."""

import os
from collections import defaultdict

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ledger.models import Hold, Posting
from ledger.operations import capture_hold, place_hold, release_hold, reverse_posting
from ledger.refusals import AlreadyReversed, HoldEnded, NotEnoughPoints
from ledger.statements import outstanding_points, statement, system_balance
from tests.ledger.planting import breached
from tests.ledger.story import AT, CLERK, make_book

MEMBERS = 3
ROUNDS = int(os.environ.get("ROUNDS", "15"))
points = st.integers(min_value=1, max_value=60)
members = st.integers(min_value=0, max_value=MEMBERS - 1)


class Shop(RuleBasedStateMachine):
    entries = Bundle("entries")  # postings that may be reversed: (id, member, points, sign)
    holds = Bundle("holds")

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.book = make_book()
        self.members = [self.book.member() for _ in range(MEMBERS)]
        self.balance, self.held, self.owed = defaultdict(int), defaultdict(int), defaultdict(int)
        self.given, self.taken = 0, 0
        self.reversed, self.ended = set(), set()

    def teardown(self):
        found = breached()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert found == set()

    def credit(self, who, points):
        repaid = min(points, self.owed[who])
        self.owed[who] -= repaid
        self.balance[who] += points - repaid

    @rule(target=entries, who=members, points=points)
    def earn(self, who, points):
        posting = self.book.earn(self.members[who], points)
        self.credit(who, points)
        self.given += points
        return (posting.pk, who, points, +1)

    @rule(target=entries, who=members, points=points)
    def redeem(self, who, points):
        if self.balance[who] - self.held[who] < points:
            with pytest.raises(NotEnoughPoints) as refusal:
                self.book.redeem(self.members[who], points)
            assert refusal.value.available == self.balance[who] - self.held[who]
            return multiple()
        posting = self.book.redeem(self.members[who], points)
        self.balance[who] -= points
        self.taken += points
        return (posting.pk, who, points, -1)

    @rule(entry=entries)
    def reverse(self, entry):
        pk, who, points, sign = entry
        act = {"debt_account_id": self.members[who].debt_id, "by": CLERK, "at": AT}
        if pk in self.reversed:
            with pytest.raises(AlreadyReversed):
                reverse_posting(pk, **act)
            return
        reverse_posting(pk, **act)
        self.reversed.add(pk)
        if sign < 0:
            self.credit(who, points)
            self.taken -= points
            return
        lent = max(0, points - (self.balance[who] - self.held[who]))
        self.owed[who] += lent
        self.balance[who] += lent - points
        self.given -= points

    @rule(target=holds, who=members, points=points)
    def place(self, who, points):
        act = {"kind": Hold.Kind.SPECIAL_ORDER, "by": CLERK, "at": AT}
        account_id = self.members[who].account_id
        if self.balance[who] - self.held[who] < points:
            with pytest.raises(NotEnoughPoints):
                place_hold(account_id=account_id, points=points, **act)
            return multiple()
        hold = place_hold(account_id=account_id, points=points, **act)
        self.held[who] += points
        return (hold.pk, who, points)

    @rule(hold=holds)
    def release(self, hold):
        pk, who, points = hold
        if pk in self.ended:
            with pytest.raises(HoldEnded):
                release_hold(hold_id=pk, by=CLERK, at=AT)
            return
        release_hold(hold_id=pk, by=CLERK, at=AT)
        self.ended.add(pk)
        self.held[who] -= points

    @rule(target=entries, hold=consumes(holds), share=st.integers(1, 100))
    def capture(self, hold, share):
        pk, who, held = hold
        points = max(1, held * share // 100)
        act = {"target_id": self.book.shop, "kind": Posting.Kind.COLLECT, "by": CLERK, "at": AT}
        if pk in self.ended:
            with pytest.raises(HoldEnded):
                capture_hold(hold_id=pk, points=points, **act)
            return multiple()
        posting = capture_hold(hold_id=pk, points=points, **act)
        self.ended.add(pk)
        self.held[who] -= held
        self.balance[who] -= points
        self.taken += points
        return (posting.pk, who, points, -1)

    @invariant()
    def the_ledger_says_the_same(self):
        for who, member in enumerate(self.members):
            account = member.account
            assert (account.balance, account.held) == (self.balance[who], self.held[who])
            assert member.owed == self.owed[who]
            newest = statement(member.account_id, limit=1)
            assert (newest[0].balance_after if newest else 0) == self.balance[who]
        assert outstanding_points(self.book.number) == sum(self.balance.values())
        assert system_balance(self.book.system("issue")) == -self.given
        assert system_balance(self.book.shop) == self.taken


def test_the_ledger_and_its_model_agree(db):
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=ROUNDS,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
