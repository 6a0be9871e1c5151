import json

import pytest
from django.core.management import call_command

from ledger import invariants
from tests.database import as_owner
from tests.ledger.planting import plant


@pytest.fixture(autouse=True)
def _the_ledger_alone(monkeypatch):
    """These books have no documents: what other apps say about postings is not asked."""
    own = {name: sql for name, sql in invariants.registered().items() if name.startswith("ledger.")}
    monkeypatch.setattr(invariants, "_registered", own)


def test_sound_books_are_proved(book, capsys):
    lamao = book.member(30)
    book.redeem(lamao, 10)
    call_command("verify_ledger")
    assert "0" in capsys.readouterr().out


def test_the_books_are_read_at_one_moment(committed_book, capsys):
    """Outside a transaction the command takes a snapshot of its own, read-only."""
    committed_book.redeem(committed_book.member(30), 10)
    call_command("verify_ledger")
    assert "0" in capsys.readouterr().out


def test_a_breach_is_named_and_the_exit_code_is_one(book, capsys):
    lamao = book.member(30)
    plant(f"UPDATE ledger_account SET balance = 31 WHERE id = {lamao.account_id}")
    with pytest.raises(SystemExit) as exit_with:
        call_command("verify_ledger")
    assert exit_with.value.code == 1
    assert f"account {lamao.account_id} has 31" in capsys.readouterr().out


def test_json_lists_what_was_checked_and_found(book, capsys):
    lamao = book.member(30)
    plant(f"UPDATE ledger_account SET held = 5 WHERE id = {lamao.account_id}")
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert "ledger.chain_is_unbroken" in report["checked"]
    assert {breach["invariant"] for breach in report["breaches"]} == {
        "ledger.held_is_the_sum_of_open_holds"
    }
    assert report["breaches"][0]["book"] == book.number


def test_another_books_breach_is_left_out_when_asked(book, capsys):
    lamao = book.member(30)
    plant(f"UPDATE ledger_account SET balance = 31 WHERE id = {lamao.account_id}")
    call_command("verify_ledger", "--book", str(book.number + 1))
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--book", str(book.number))


def test_an_excess_right_of_the_application_is_a_breach(book, capsys):
    with as_owner():
        plant("GRANT UPDATE ON ledger_posting TO points_app")
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert "ledger_posting" in capsys.readouterr().out


def test_other_apps_add_their_own_invariants(book):
    invariants.register("test.nothing_is_seven", "SELECT 1::bigint AS book, 'seven' AS what")
    assert list(invariants.find_breaches("test.nothing_is_seven")) == [
        invariants.Breach("test.nothing_is_seven", 1, "seven")
    ]
    assert list(invariants.find_breaches("test.nothing_is_seven", book=2)) == []
