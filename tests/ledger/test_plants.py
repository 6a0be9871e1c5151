"""Every corruption planted past the guards is found, and under the name that says what it is."""

import pytest

from ledger import invariants
from tests.ledger.planting import breached, plant


def test_the_story_itself_is_sound(story):
    assert breached() == set()


ACCOUNT = "UPDATE ledger_account SET {} WHERE id = {}"
POSTING = "UPDATE ledger_posting SET {} WHERE id = {}"
ASLEEP = """
    CREATE TRIGGER ledger_posting_forever BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_refuse('x', 'x')
"""
NARROWED = """
    CREATE TRIGGER ledger_account_frozen BEFORE UPDATE OF id ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse('x', 'x')
"""
HOLLOW = """
    CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NEW; END'
"""
PLANTS = [
    # the 23 of the reliability page, as far as they are the ledger's
    ("cached balance bumped", [ACCOUNT.format("balance = balance + 1", "{lamao}")],
     "balances_are_sums_of_postings"),
    ("points from nowhere", [ACCOUNT.format("balance = balance + 1", "{lamao}")],
     "points_are_neither_made_nor_lost"),
    ("two balances swapped, the sum kept",
     [ACCOUNT.format("balance = balance + 5", "{tashi}"),
      ACCOUNT.format("balance = balance - 5", "{lamao}")], "balances_are_sums_of_postings"),
    ("held leaked", [ACCOUNT.format("held = held - 1", "{lamao}")],
     "held_is_the_sum_of_open_holds"),
    ("held beyond the balance",
     ["ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_enough",
      ACCOUNT.format("held = balance + 1", "{lamao}")], "nobody_is_overdrawn"),
    ("entry missing", ["DELETE FROM ledger_posting WHERE id = {spent}"],
     "lines_run_without_a_gap"),
    ("newest entry missing", ["DELETE FROM ledger_posting WHERE id = {last}"],
     "lines_run_without_a_gap"),
    ("entry rewritten", [POSTING.format("points = 29", "{spent}")], "chain_is_unbroken"),
    ("entry rewritten, the balance too",
     [POSTING.format("points = 59, target_after = target_after - 1", "{last}")],
     "lines_run_without_a_gap"),
    ("negative amount",
     ["ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_points_in_range",
      POSTING.format("points = -30", "{spent}")], "points_flow_where_they_may"),
    ("too large an amount",
     ["ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_points_in_range",
      POSTING.format("points = 1000001", "{spent}")], "points_flow_where_they_may"),
    ("reversal of another amount", [POSTING.format("points = 31", "{void}")],
     "reversals_mirror_once"),
    ("reversal of a reversal", [POSTING.format("reverses_id = {void}", "{void}")],
     "reversals_mirror_once"),
    ("reversal of another posting", [POSTING.format("reverses_id = {collected}", "{void}")],
     "reversals_mirror_once"),
    ("second reversal",
     ["DROP INDEX ledger_posting_reversed_once",
      POSTING.format("reverses_id = {spent}", "{last}")], "reversals_mirror_once"),
    ("constraint dropped",
     ["ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_enough"], "guards_are_in_place"),
    ("trigger disabled", ["ALTER TABLE ledger_posting DISABLE TRIGGER ledger_posting_forever"],
     "guards_are_in_place"),
    # and what else can be done to it
    ("memo edited", [POSTING.format("memo = 'x'", "{spent}")], "chain_is_unbroken"),
    ("day edited", [POSTING.format("effective_date = '2020-01-01'", "{spent}")],
     "chain_is_unbroken"),
    ("time edited", [POSTING.format("created_at = now() - interval '1 day'", "{spent}")],
     "chain_is_unbroken"),
    ("actor edited", [POSTING.format("by_id = 8", "{spent}")], "chain_is_unbroken"),
    ("hash edited", [POSTING.format("hash = '\\x00'", "{spent}")], "chain_is_unbroken"),
    ("head edited", [ACCOUNT.format("head = '\\x00'", "{lamao}")], "chain_is_unbroken"),
    ("line number edited", [ACCOUNT.format("seq = seq + 1", "{lamao}")],
     "lines_run_without_a_gap"),
    ("lines of an account without any", [ACCOUNT.format("seq = 1", "{lamao_debt}")],
     "lines_run_without_a_gap"),
    ("entry put on another account",
     [POSTING.format("source_id = {tashi}, source_seq = 99", "{spent}")],
     "balances_are_sums_of_postings"),
    ("entry put into another book", [POSTING.format("target_id = {other_shop}", "{spent}")],
     "points_flow_where_they_may"),
    ("entry of a kind that does not flow there", [POSTING.format("kind = 'earn'", "{spent}")],
     "points_flow_where_they_may"),
    ("account gone", ["DELETE FROM ledger_account WHERE id = {shop}"],
     "points_flow_where_they_may"),
    ("balance on a system account", [ACCOUNT.format("balance = 5", "{shop}")],
     "nobody_is_overdrawn"),
    ("member turned into a shop", [ACCOUNT.format("kind = 'shop'", "{lamao}")],
     "accounts_are_what_they_were"),
    ("debt of another", [ACCOUNT.format("debtor_id = {lamao_debt}", "{tashi_debt}")],
     "accounts_are_what_they_were"),
    ("two shops",
     ["DROP INDEX ledger_account_one_of_each_system_kind",
      ACCOUNT.format("kind = 'shop'", "{issue}")], "accounts_are_what_they_were"),
    ("new flow", ["INSERT INTO ledger_flowrule VALUES ('gift', 'member', 'member', true)"],
     "flow_rules_are_the_published_ones"),
    ("flow gone", ["DELETE FROM ledger_flowrule WHERE kind = 'gift'"],
     "flow_rules_are_the_published_ones"),
    ("hold gone", ["DELETE FROM ledger_hold WHERE id = {held}"],
     "held_is_the_sum_of_open_holds"),
    ("hold shrunk", ["UPDATE ledger_hold SET points = 9 WHERE id = {held}"],
     "holds_run_without_a_gap"),
    ("hold events of an account without any", [ACCOUNT.format("hold_seq = 1", "{tashi}")],
     "holds_run_without_a_gap"),
    ("hold on a debt", ["UPDATE ledger_hold SET account_id = {tashi_debt} WHERE id = {held}"],
     "holds_end_as_they_say"),
    ("hold reopened", ["DELETE FROM ledger_holdend WHERE hold_id = {ended}"],
     "holds_end_as_they_say"),
    ("capture turned into a release",
     ["UPDATE ledger_holdend SET how = 'released', posting_id = NULL WHERE hold_id = {ended}"],
     "holds_end_as_they_say"),
    ("capture by another posting",
     ["UPDATE ledger_holdend SET posting_id = {spent} WHERE hold_id = {ended}"],
     "holds_end_as_they_say"),
    ("more captured than held", ["UPDATE ledger_hold SET points = 19 WHERE id = {ended}"],
     "holds_end_as_they_say"),
    ("points lent for nothing", [POSTING.format("target_seq = 9", "{advance}")],
     "debts_are_of_reversals"),
    ("another's debt repaid", [POSTING.format("source_id = {lamao}", "{repay}")],
     "debts_are_of_reversals"),
    ("debt not repaid", [POSTING.format("kind = 'redeem'", "{repay}")],
     "earnings_pay_debts_first"),
    ("closing edited",
     ["UPDATE ledger_closing SET balance = balance + 1 WHERE account_id = {shop}"],
     "closings_add_up"),
    ("trigger dropped", ["DROP TRIGGER ledger_posting_apply ON ledger_posting"],
     "guards_are_in_place"),
    ("trigger put to sleep by a condition",
     ["DROP TRIGGER ledger_posting_forever ON ledger_posting",
      ASLEEP],
     "guards_are_in_place"),
    ("trigger on fewer columns",
     ["DROP TRIGGER ledger_account_frozen ON ledger_account",
      NARROWED], "guards_are_in_place"),
    ("guard hollowed out", [HOLLOW], "guards_are_in_place"),
    ("unique index gone", ["DROP INDEX ledger_posting_source_seq_once"], "guards_are_in_place"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "found_by"),
    [pytest.param(*plant_, id=name) for name, *plant_ in PLANTS],
)
def test_a_plant_is_found(story, statements, found_by):
    ids = story.ids()
    plant(*(statement.format(**ids) for statement in statements))
    assert found_by in breached()


def test_every_invariant_finds_some_plant():
    own = {name for name in invariants.registered() if name.startswith("ledger.")}
    assert {f"ledger.{found_by}" for _name, _statements, found_by in PLANTS} == own
