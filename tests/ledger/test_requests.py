from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from ledger.models import Request
from ledger.refusals import KeyReused, NotEnoughPoints
from ledger.requests import RequestId, find_result, forget_requests, hash_of, store_result
from tests.ledger.planting import plant, refused_by

REQUEST = RequestId(client="user:7", key="4f2a")
CONTENT = {"volunteer": 3, "lines": [[1, 2]]}


def test_the_first_time_nothing_is_found(book):
    assert find_result(REQUEST, content=CONTENT) is None


def test_the_same_key_answers_what_happened_first(book):
    store_result(REQUEST, content=CONTENT, result={"redemption": 9})
    assert find_result(REQUEST, content=CONTENT) == {"redemption": 9}


def test_the_order_of_the_content_does_not_matter(book):
    store_result(REQUEST, content={"a": 1, "b": 2}, result={"done": 1})
    assert find_result(REQUEST, content={"b": 2, "a": 1}) == {"done": 1}


def test_other_content_under_a_used_key_is_refused(book):
    store_result(REQUEST, content=CONTENT, result={"redemption": 9})
    with pytest.raises(KeyReused):
        find_result(REQUEST, content={**CONTENT, "volunteer": 4})


@pytest.mark.parametrize(
    "other", [RequestId(client="user:8", key="4f2a"), RequestId(client="user:7", key="4f2b")]
)
def test_another_client_or_key_is_another_request(book, other):
    store_result(REQUEST, content=CONTENT, result={"redemption": 9})
    assert find_result(other, content=CONTENT) is None


def test_a_refusal_leaves_no_key(book):
    lamao = book.member(10)

    @transaction.atomic
    def redeem_too_much():
        find_result(REQUEST, content=CONTENT)
        store_result(REQUEST, content=CONTENT, result={"redemption": 9})
        book.redeem(lamao, 11)

    with pytest.raises(NotEnoughPoints):
        redeem_too_much()
    assert find_result(REQUEST, content=CONTENT) is None


def test_looking_takes_one_statement_and_keeping_one(book, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_result(REQUEST, content=CONTENT)
    with django_assert_num_queries(1):
        store_result(REQUEST, content=CONTENT, result={"redemption": 9})


def test_a_key_is_stored_once(book):
    store_result(REQUEST, content=CONTENT, result={"redemption": 9})
    with refused_by("ledger_request_once"):
        store_result(REQUEST, content=CONTENT, result={"redemption": 10})


def test_an_empty_result_is_not_kept(book):
    with pytest.raises(ValueError, match="empty"):
        store_result(REQUEST, content=CONTENT, result={})


@pytest.mark.django_db(transaction=True)
def test_a_request_is_found_inside_its_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        find_result(REQUEST, content=CONTENT)


@pytest.mark.parametrize(
    ("client", "key"),
    [("", "k"), ("c", ""), ("c" * 65, "k"), ("c", "k" * 101), ("c", "a\0b"), ("c", "a\nb")],
)
def test_a_key_is_short_and_printable(client, key):
    with pytest.raises(ValueError, match="printable"):
        RequestId(client=client, key=key)


def test_what_no_codec_takes_can_still_be_compared():
    assert hash_of({"name": "\ud800"}) != hash_of({"name": "\ud801"})


def test_keys_are_forgotten_when_they_are_old(book):
    store_result(REQUEST, content=CONTENT, result={"redemption": 9})
    old = RequestId(client="user:7", key="old")
    store_result(old, content=CONTENT, result={"redemption": 8})
    plant("UPDATE ledger_request SET created_at = now() - interval '8 days' WHERE key = 'old'")
    assert forget_requests(older_than=timedelta(days=7)) == 1
    assert list(Request.objects.values_list("key", flat=True)) == ["4f2a"]


def test_no_key_is_forgotten_within_a_day(book):
    with pytest.raises(ValueError, match="24 hours"):
        forget_requests(older_than=timedelta(hours=23))


def test_a_database_that_fails_is_not_taken_for_a_busy_key(book, monkeypatch):
    def fail(*_arguments):
        raise OperationalError("the server went away")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        with pytest.raises(OperationalError, match="went away"):
            find_result(REQUEST, content=CONTENT)
