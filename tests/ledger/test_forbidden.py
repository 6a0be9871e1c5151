"""Every forbidden statement is refused by the database.

The application is stopped by its rights or a guard, the owner by a guard that carries its name.
"""

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from tests.database import as_owner

POST = """
    INSERT INTO ledger_posting (kind, source_id, target_id, points, effective_date, by_id, memo {0})
    VALUES ('{kind}', {source}, {target}, {points}, '2023-11-16', 7, '' {1})
"""
HOLD = """
    INSERT INTO ledger_hold (account_id, points, kind, effective_date, by_id {0})
    VALUES ({account}, {points}, 'special_order', '2023-11-16', 7 {1})
"""
END = """
    INSERT INTO ledger_holdend (hold_id, how, posting_id, effective_date, by_id {0})
    VALUES ({hold}, '{how}', {posting}, '2023-11-16', 7 {1})
"""
REQUEST = """
    INSERT INTO ledger_request (client, key, content_hash, result) VALUES ('c', 'k', '', '1');
"""


def post(kind, source, target, points, **more):
    columns = "".join(f", {name}" for name in more)
    values = "".join(f", {value}" for value in more.values())
    return POST.format(columns, values, kind=kind, source=source, target=target, points=points)


def hold(account, points, columns="", values=""):
    return HOLD.format(columns, values, account=account, points=points)


def end(hold, how, posting="NULL", columns="", values=""):
    return END.format(columns, values, hold=hold, how=how, posting=posting)


FORBIDDEN = [
    # history
    ("edit a posting", "UPDATE ledger_posting SET points = 29 WHERE id = {spent}",
     "ledger_posting_forever"),
    ("edit a memo", "UPDATE ledger_posting SET memo = 'x'", "ledger_posting_forever"),
    ("delete a posting", "DELETE FROM ledger_posting WHERE id = {spent}",
     "ledger_posting_forever"),
    ("empty the postings", "TRUNCATE ledger_posting CASCADE", "ledger_posting_forever"),
    ("edit a hold", "UPDATE ledger_hold SET points = 1 WHERE id = {held}", "ledger_hold_forever"),
    ("delete a hold", "DELETE FROM ledger_hold WHERE id = {held}", "ledger_hold_forever"),
    ("empty the holds", "TRUNCATE ledger_hold CASCADE", "ledger_hold_forever"),
    ("edit an end", "UPDATE ledger_holdend SET how = 'released'", "ledger_holdend_forever"),
    ("reopen a hold", "DELETE FROM ledger_holdend WHERE hold_id = {ended}",
     "ledger_holdend_forever"),
    ("reopen all holds", "TRUNCATE ledger_holdend", "ledger_holdend_forever"),
    ("edit a closing", "UPDATE ledger_closing SET balance = 0", "ledger_closing_forever"),
    ("delete a closing", "DELETE FROM ledger_closing", "ledger_closing_forever"),
    ("empty the closings", "TRUNCATE ledger_closing", "ledger_closing_forever"),
    ("edit an answer", REQUEST + "UPDATE ledger_request SET result = '2'",
     "ledger_request_forever"),
    ("forget an answer at once", REQUEST + "DELETE FROM ledger_request",
     "ledger_request_kept_a_day"),
    ("forget all answers", REQUEST + "TRUNCATE ledger_request", "ledger_request_forever"),
    ("backdate an answer and forget it",
     REQUEST.replace("key,", "created_at, key,").replace("'k',", "'2020-01-01', 'k',")
     + "DELETE FROM ledger_request", "ledger_request_kept_a_day"),
    # accounts
    ("set a balance", "UPDATE ledger_account SET balance = 105 WHERE id = {lamao}",
     "ledger_account_paired"),
    ("set a balance and count a line",
     "UPDATE ledger_account SET balance = balance + 5, seq = seq + 1 WHERE id = {lamao}",
     "ledger_account_paired"),
    ("count a line back", "UPDATE ledger_account SET seq = seq - 1 WHERE id = {lamao}",
     "ledger_account_paired"),
    ("set a head", "UPDATE ledger_account SET head = '' WHERE id = {lamao}",
     "ledger_account_paired"),
    ("set a system balance", "UPDATE ledger_account SET balance = 5 WHERE id = {shop}",
     "ledger_account_paired"),
    ("free held points", "UPDATE ledger_account SET held = 0 WHERE id = {lamao}",
     "ledger_account_held_paired"),
    ("free held points and count it",
     "UPDATE ledger_account SET held = 0, hold_seq = hold_seq + 1 WHERE id = {lamao}",
     "ledger_account_held_paired"),
    ("hold more than there is", "UPDATE ledger_account SET held = 999 WHERE id = {lamao}",
     "ledger_account_enough"),
    ("owe less than nothing", "UPDATE ledger_account SET balance = 1 WHERE id = {tashi_debt}",
     "ledger_account_debt_owed"),
    ("change a kind", "UPDATE ledger_account SET kind = 'shop' WHERE id = {lamao}",
     "ledger_account_frozen"),
    ("change a book", "UPDATE ledger_account SET book = 2 WHERE id = {lamao}",
     "ledger_account_frozen"),
    ("stop counting", "UPDATE ledger_account SET counted = false WHERE id = {lamao}",
     "ledger_account_frozen"),
    ("change a debtor", "UPDATE ledger_account SET debtor_id = {lamao} WHERE id = {tashi_debt}",
     "ledger_account_frozen"),
    ("renumber an account", "UPDATE ledger_account SET id = 9999 WHERE id = {lamao}",
     "ledger_account_frozen"),
    ("delete an account", "DELETE FROM ledger_account WHERE id = {lamao_debt}",
     "ledger_account_forever"),
    ("empty the accounts", "TRUNCATE ledger_account CASCADE", "ledger_account_forever"),
    # postings
    ("overspend", post("redeem", "{lamao}", "{shop}", 71), "ledger_account_enough"),
    ("spend what is held", post("redeem", "{lamao}", "{shop}", 80), "ledger_account_enough"),
    ("post nothing", post("earn", "{issue}", "{lamao}", 0), "ledger_posting_points_in_range"),
    ("post less than nothing", post("earn", "{issue}", "{lamao}", -5),
     "ledger_posting_points_in_range"),
    ("post a thousand million", post("earn", "{issue}", "{lamao}", 10**9),
     "ledger_posting_points_in_range"),
    ("post to oneself", post("gift", "{lamao}", "{lamao}", 5), "ledger_posting_flow_allowed"),
    ("give to a person", post("gift", "{lamao}", "{tashi}", 5), "ledger_posting_flow_allowed"),
    ("earn from the shop", post("earn", "{shop}", "{lamao}", 5), "ledger_posting_flow_allowed"),
    ("post an unknown kind", post("tip", "{lamao}", "{shop}", 5), "ledger_posting_flow_allowed"),
    ("cross the books", post("redeem", "{lamao}", "{other_shop}", 5), "ledger_posting_one_book"),
    ("post to nobody", post("redeem", "{lamao}", 9999, 5), "ledger_posting_accounts_known"),
    ("reverse twice", post("reversal", "{shop}", "{lamao}", 30, reverses_id="{spent}"),
     "ledger_posting_reversed_once"),
    ("reverse another amount", post("reversal", "{shop}", "{lamao}", 19, reverses_id="{collected}"),
     "ledger_posting_mirrors_original"),
    ("reverse to another", post("reversal", "{shop}", "{tashi}", 20, reverses_id="{collected}"),
     "ledger_posting_mirrors_original"),
    ("reverse a reversal", post("reversal", "{lamao}", "{shop}", 30, reverses_id="{void}"),
     "ledger_posting_mirrors_original"),
    ("reverse a debt", post("reversal", "{tashi}", "{tashi_debt}", 50, reverses_id="{advance}"),
     "ledger_posting_mirrors_original"),
    ("reverse nothing", post("reversal", "{shop}", "{lamao}", 5),
     "ledger_posting_mirrors_original"),
    ("reverse under another kind", post("earn", "{issue}", "{lamao}", 5, reverses_id="{spent}"),
     "ledger_posting_mirrors_original"),
    ("lend points", post("advance", "{lamao_debt}", "{lamao}", 5), "ledger_posting_advance_used"),
    ("lend another's points", post("advance", "{tashi_debt}", "{lamao}", 5),
     "ledger_posting_own_debt"),
    ("repay another's debt", post("repay", "{lamao}", "{tashi_debt}", 5),
     "ledger_posting_own_debt"),
    ("repay more than is owed", post("repay", "{lamao}", "{lamao_debt}", 5),
     "ledger_account_debt_owed"),
    ("load a posting", post("earn", "{issue}", "{lamao}", 5, created_at="now()"),
     "ledger_posting_not_loaded"),
    ("load a numbered posting", post("earn", "{issue}", "{lamao}", 5, target_seq=9),
     "ledger_posting_not_loaded"),
    ("spend a hold on something else", post("redeem", "{lamao}", "{shop}", 10, hold_id="{held}"),
     "ledger_posting_hold_covers"),
    ("spend another's hold", post("collect", "{tashi}", "{shop}", 10, hold_id="{held}"),
     "ledger_posting_hold_covers"),
    ("spend more than was held", post("collect", "{lamao}", "{shop}", 11, hold_id="{held}"),
     "ledger_posting_hold_covers"),
    ("spend a hold twice", post("collect", "{lamao}", "{shop}", 20, hold_id="{ended}"),
     "ledger_holdend_pkey"),
    ("spend an unknown hold", post("collect", "{lamao}", "{shop}", 20, hold_id=9999),
     "ledger_posting_hold_covers"),
    # holds
    ("hold more than is available", hold("{lamao}", 71), "ledger_account_enough"),
    ("hold nothing", hold("{lamao}", 0), "ledger_hold_points_in_range"),
    ("hold on the shop", hold("{shop}", 5), "ledger_hold_on_member"),
    ("hold on a debt", hold("{tashi_debt}", 5), "ledger_hold_on_member"),
    ("hold on nobody", hold(9999, 5), "ledger_hold_on_member"),
    ("load a hold", hold("{lamao}", 5, ", seq", ", 9"), "ledger_hold_not_loaded"),
    ("end a hold twice", end("{ended}", "released"), "ledger_holdend_pkey"),
    ("end an unknown hold", end(9999, "released"), "ledger_holdend_hold_known"),
    ("capture by no posting", end("{held}", "captured"), "ledger_holdend_captured_by_posting"),
    ("capture by another posting", end("{held}", "captured", "{spent}"),
     "ledger_holdend_captured"),
    ("release by a posting", end("{held}", "released", "{spent}"),
     "ledger_holdend_captured_by_posting"),
    ("end somehow", end("{held}", "lost"), "ledger_holdend_how_known"),
    ("load an end", end("{held}", "released", "NULL", ", seq", ", 9"),
     "ledger_holdend_not_loaded"),
    # the rest
    ("allow a flow", "INSERT INTO ledger_flowrule VALUES ('gift', 'member', 'member', true)",
     "ledger_flowrule_fixed"),
    ("forbid a flow", "DELETE FROM ledger_flowrule", "ledger_flowrule_fixed"),
    ("change a flow", "UPDATE ledger_flowrule SET is_reversible = true", "ledger_flowrule_fixed"),
    ("forbid every flow", "TRUNCATE ledger_flowrule", "ledger_flowrule_fixed"),
    ("close a member's account", "INSERT INTO ledger_closing (account_id) VALUES ({lamao})",
     "ledger_closing_of_system_account"),
    ("load a closing",
     "INSERT INTO ledger_closing (account_id, balance) VALUES ({shop}, 0)",
     "ledger_closing_not_loaded"),
]  # fmt: skip
CASES = [pytest.param(*case, id=name) for name, *case in FORBIDDEN]


def attempt(statement):
    """Run the statement and all that is checked at the end of its transaction, then undo it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the story left to check
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.parametrize(("statement", "constraint"), CASES)
def test_the_owner_is_refused(story, statement, constraint):
    with as_owner():
        with pytest.raises(IntegrityError) as refused:
            attempt(statement.format(**story.ids()))
        assert refused.value.__cause__.diag.constraint_name == constraint
        assert refused.value.__cause__.sqlstate.startswith("23")


@pytest.mark.parametrize(("statement", "constraint"), CASES)
def test_the_application_is_refused(story, statement, constraint):
    last = statement.rpartition(";")[2].strip()
    refusal = IntegrityError if last.startswith("INSERT") else ProgrammingError
    with pytest.raises(refusal) as refused:
        attempt(statement.format(**story.ids()))
    named = refused.value.__cause__.diag.constraint_name
    assert named == (constraint if refusal is IntegrityError else None)


@pytest.mark.parametrize("points", [2**31, 2**63])
def test_points_beyond_the_column_are_refused(story, points):
    with as_owner(), pytest.raises(DataError, match="out of range"):
        attempt(post("earn", "{issue}", "{lamao}", points).format(**story.ids()))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_enough",
        "DROP TRIGGER ledger_posting_apply ON ledger_posting",
        "DROP TABLE ledger_holdend",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE sql AS ''",
        "CREATE TEMPORARY TABLE ledger_posting (id bigint)",
        "CREATE TABLE forged (id bigint)",
        "CREATE FUNCTION forged() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_application_cannot_touch_the_guards(book, statement):
    with pytest.raises(ProgrammingError) as refused:
        attempt(statement)
    assert refused.value.__cause__.sqlstate == "42501"
