import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.models import Hold
from ledger.operations import place_hold
from tests import factories
from tests.ledger.story import AT, CLERK, Book, make_book
from volunteers.models import Membership

pytestmark = pytest.mark.django_db
MODELS = ("account", "posting", "hold")


@pytest.fixture
def keeper(client, community):
    user = factories.make_user("keeper", "社区管理员", community, Membership.Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def own(community):
    """One member of the keeper's community, with a hold, and one of another's."""
    book = Book(community.pk)
    member = book.member(30)
    elsewhere = make_book(community.pk + 1).member(77)
    for each in (member, elsewhere):
        place_hold(account_id=each.account_id, points=7, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT)
    return member


@pytest.mark.parametrize("model", MODELS)
def test_the_keeper_sees_the_own_book_only(client, keeper, own, model):
    page = client.get(reverse(f"admin:ledger_{model}_changelist"))
    assert page.status_code == 200
    shown = page.context["cl"].queryset
    books = {
        "account": lambda row: row.book,
        "posting": lambda row: row.source.book,
        "hold": lambda row: row.account.book,
    }
    assert {books[model](row) for row in shown} == {keeper.memberships.get().community_id}


@pytest.mark.parametrize("model", MODELS)
def test_nobody_adds_changes_or_deletes(client, keeper, own, model):
    listed = client.get(reverse(f"admin:ledger_{model}_changelist")).context["cl"].queryset
    row = listed.first()
    assert client.get(reverse(f"admin:ledger_{model}_add")).status_code == 403
    assert client.get(reverse(f"admin:ledger_{model}_change", args=[row.pk])).status_code == 200
    for action in ("change", "delete"):
        url = reverse(f"admin:ledger_{model}_{action}", args=[row.pk])
        assert client.post(url, {"points": 99, "post": "yes"}).status_code == 403
    assert own.balance == 30


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(client, keeper, own, model):
    url = reverse(f"admin:ledger_{model}_changelist")
    client.get(url)  # the first page of a session asks for more
    with CaptureQueriesContext(connection) as for_one:
        client.get(url)
    book = Book(keeper.memberships.get().community_id)
    for _ in range(2):
        member = book.member(5)
        place_hold(
            account_id=member.account_id, points=5, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT
        )
    with CaptureQueriesContext(connection) as for_three:
        client.get(url)
    assert len(for_three) == len(for_one)


def test_an_account_of_another_community_is_not_there(client, keeper, own):
    elsewhere = Book(keeper.memberships.get().community_id + 1).member(1)
    url = reverse("admin:ledger_account_change", args=[elsewhere.account_id])
    assert client.get(url).status_code == 302  # the admin's own way of saying 404
