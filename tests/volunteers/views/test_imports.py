from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.office_files import ID_NUMBER, MESSY_ROSTER, hostile, xlsx
from volunteers.models import ImportDraft, OpeningBalance, Volunteer
from volunteers.operations.openings import enter_opening_balances

pytestmark = pytest.mark.django_db
UPLOAD = "imports:upload"


@pytest.fixture
def office(client, duojie):
    client.force_login(duojie)
    return client


def upload(client, data, *, slug="roster", name="花名册.xlsx", **more):
    return client.post(
        reverse(UPLOAD, args=[slug]), {"file": SimpleUploadedFile(name, data), **more}
    )


def test_upload_look_import(office):
    answer = upload(office, xlsx(MESSY_ROSTER))
    page = office.get(answer.url)

    assert page.status_code == 200
    assert "身份证号" in page.text
    assert ID_NUMBER not in page.text
    assert Volunteer.objects.count() == 0

    done = office.post(
        answer.url, {"act": "import", "fingerprint": page.context["plan"].fingerprint}
    )

    assert done.status_code == 302
    assert Volunteer.objects.count() == 7
    assert ImportDraft.objects.count() == 0
    assert office.post(answer.url, {"act": "import"}).url == reverse("imports:start")


def test_an_import_that_moved_on_is_shown_again(office):
    answer = upload(office, xlsx(MESSY_ROSTER))

    page = office.post(answer.url, {"act": "import", "fingerprint": "another"})

    assert page.status_code == 422
    assert Volunteer.objects.count() == 0


def test_answers_are_kept_and_change_the_plan(office, lamao):
    answer = upload(office, xlsx([["姓名"], ["索南拉毛"]]))
    question = next(iter(office.get(answer.url).context["plan"].questions))

    again = office.post(answer.url, {"act": "answer", f"answer-{question}": "new"}, follow=True)

    assert again.context["created"] == 1


@pytest.mark.parametrize(
    "name", ["words", "old or locked", "bomb", "far cell", "macro", "empty", "too big"]
)
def test_a_bad_file_gets_a_sentence(office, name):
    answer = upload(office, hostile()[name])

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert ImportDraft.objects.count() == 0


def test_a_file_of_another_kind_is_told_what_is_missing(office):
    answer = upload(office, xlsx([["物品", "积分"], ["水壶", 60]]))

    assert "姓名" in answer.context["form"].errors["file"][0]


@pytest.mark.parametrize("slug", ["roster", "rules", "rewards", "service", "opening"])
def test_every_kind_has_its_page(office, slug):
    assert office.get(reverse(UPLOAD, args=[slug])).status_code == 200


def test_a_kind_that_is_none_is_not_found(office):
    assert office.get(reverse(UPLOAD, args=["secrets"])).status_code == 404


def test_imports_are_for_those_who_may(client, yangjin, stranger, duojie, office):
    url = upload(office, xlsx(MESSY_ROSTER)).url
    client.force_login(yangjin)
    assert client.get(reverse("imports:start")).status_code == 403
    client.force_login(stranger)

    assert client.post(url, {"act": "import"}).url == reverse("imports:start")
    assert client.post(reverse("imports:give_up", args=[1])).status_code == 404
    assert Volunteer.objects.count() == 0


def test_giving_up_leaves_nothing(office):
    url = upload(office, xlsx(MESSY_ROSTER)).url

    office.post(f"{url}give-up/")

    assert ImportDraft.objects.count() == 0


def test_opening_points_are_typed_and_signed_off(office, client, wangping, lamao):
    typed = {"points": "120", "balance_date": "2023-11-01", "vouched_by": "王萍"}
    address = reverse("imports:enter_opening", args=[lamao.pk])
    assert office.post(address, {**typed, "points": "２０"}).status_code == 422
    assert office.post(address, {**typed, "points": str(2**63)}).status_code == 422
    office.post(address, typed)
    assert office.post(address, typed).status_code == 422  # once, ever
    assert office.post(reverse("imports:sign_off")).status_code == 403
    client.force_login(wangping)

    client.post(reverse("imports:sign_off"))

    lamao.account.refresh_from_db()
    assert OpeningBalance.objects.get().state == "signed_off"
    assert lamao.account.balance == 300


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_database_the_same_whatever_there_is(
    office, community, duojie, rows, django_assert_num_queries
):
    people = [factories.make_volunteer(community, f"居民{i}", by=duojie) for i in range(rows)]
    enter_opening_balances(
        community=community,
        points={person.pk: 5 for person in people},
        balance_date=factories.NOW.date(),
        vouched_by="王萍",
        by=duojie,
        at=factories.NOW,
    )
    preview = upload(office, xlsx(MESSY_ROSTER[: 3 + rows])).url

    with django_assert_num_queries(7):
        office.get(preview)
    with django_assert_num_queries(6):
        office.get(reverse("imports:openings"))
