"""What everybody may read, and what nobody may."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests import factories
from tests.factories import NOW
from tests.wishes import making
from wishes.models import Wish, WishFacts
from wishes.operations.deciding import unpublish_wish

KILOBYTE = 1024


@pytest.fixture
def kaizhe(community, duojie):
    """One wish in every state, one of them made by a resident with a dossier."""
    helper = factories.make_volunteer(community, "曲杰卓玛", by=duojie)
    wisher = factories.make_volunteer(
        community, "完么吉", by=duojie, estate="牧民新村", door="7栋302", phone="13711112222"
    )
    making.ask(community, duojie)
    making.hang(
        community, duojie, title="一张小桌", story="孩子写字用", facts={"wisher_id": wisher.pk}
    )
    making.pledge(making.hang(community, duojie, title="修一修院门"), volunteer=helper)
    wish = making.hang(community, duojie, title="量血压", shares=2)
    making.pledge(wish, volunteer=helper)
    making.deliver(making.pledge(making.hang(community, duojie), volunteer=helper).wish, duojie)
    making.lit(community, duojie, facts={"wisher_id": wisher.pk, "guardian_name": "达瓦才仁"})
    return community


def public_addresses(community):
    numbers = Wish.objects.of(community).values_list("number", flat=True)
    slug = [community.slug]
    return [
        reverse("tree:phone"),
        reverse("tv:screen", args=slug),
        reverse("tv:live", args=slug),
        *(
            reverse("tree:community", args=slug) + f"?show={show}"
            for show in ("wait", "claim", "lit")
        ),
        reverse("tree:text", args=slug),
        reverse("tree:year", args=[community.slug, 2023]),
        *(reverse("tree:wish", args=[community.slug, number]) for number in numbers),
    ]


def private_facts():
    found = set()
    for facts in WishFacts.objects.select_related("wisher"):
        found |= {facts.wisher_name, facts.guardian_name, facts.phone, facts.address, facts.request}
        if facts.wisher:
            found |= {facts.wisher.name, facts.wisher.phone, facts.wisher.door}
    return found - {""}


def test_no_anonymous_answer_says_who_it_is(client, kaizhe):
    secrets = private_facts()
    assert len(secrets) == 8
    for address in public_addresses(kaizhe):
        answer = client.get(address, follow=True)
        text = answer.content.decode()
        assert [secret for secret in secrets if secret in text] == [], address


def test_only_cleared_wishes_have_a_page(client, kaizhe):
    submitted = Wish.objects.get(state="submitted")

    assert client.get(reverse("tree:wish", args=["chengxi", submitted.number])).status_code == 404
    for wish in Wish.objects.public():
        assert client.get(reverse("tree:wish", args=["chengxi", wish.number])).status_code == 200


def test_a_lamp_without_words_says_so(client, kaizhe, duojie):
    wish = Wish.objects.get(state="lit")
    title = wish.title
    unpublish_wish(community=kaizhe, number=wish.number, by=duojie, at=NOW)

    for address in public_addresses(kaizhe):
        assert title not in client.get(address, follow=True).content.decode()
    page = client.get(reverse("tree:wish", args=["chengxi", wish.number])).content.decode()
    assert "一个点亮了的心愿" in page


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_of_the_screen_reads_little(
    how_many, client, community, duojie, django_assert_num_queries
):
    for _ in range(how_many):
        making.hang(community, duojie)

    with django_assert_num_queries(5):
        client.get(reverse("tv:screen", args=["chengxi"]))
    with django_assert_num_queries(5):
        client.get(reverse("tv:live", args=["chengxi"]))
    with django_assert_num_queries(8):
        client.get(reverse("tree:community", args=["chengxi"]))


def test_nothing_new_is_one_query_and_no_body(client, kaizhe, django_assert_num_queries):
    first = client.get(reverse("tv:live", args=["chengxi"]))

    with django_assert_num_queries(1):
        again = client.get(
            reverse("tv:live", args=["chengxi"]), headers={"if-none-match": first["ETag"]}
        )

    assert (again.status_code, again.content) == (304, b"")
    assert "Set-Cookie" not in again


def test_the_screen_and_its_questions_agree(client, kaizhe):
    page = client.get(reverse("tv:screen", args=["chengxi"])).content.decode()
    live = client.get(reverse("tv:live", args=["chengxi"]))

    assert live["ETag"].replace('"', "&quot;") in page


def test_another_answer_as_soon_as_the_tree_changes(client, kaizhe, duojie):
    address = reverse("tv:live", args=["chengxi"])
    before = client.get(address)["ETag"]

    making.light(Wish.objects.get(state="delivered"), duojie)

    after = client.get(address, headers={"if-none-match": before})
    assert after.status_code == 200
    assert "刚刚点亮" in after.content.decode()


@pytest.mark.parametrize("name", ["tv:screen", "tv:live", "tree:community", "tree:text"])
def test_no_such_community(name, client, db):
    assert client.get(reverse(name, args=["nowhere"])).status_code == 404


def test_several_communities_are_chosen_from(client, community, other_community):
    page = client.get(reverse("tree:phone")).content.decode()

    assert "城西社区" in page
    assert "河东社区" in page


def test_the_screen_is_light(client, community, duojie):
    for number in range(1, 49):
        making.hang(community, duojie, title=f"第{number}个心愿，想要一样小小的东西")
    page = client.get(reverse("tv:screen", args=["chengxi"])).content
    assets = set(re.findall(rb'(?:href|src)="/static/([^"#?]+)', page))
    assets -= {b"img/tree.svg", b"img/scene.svg"}

    size = len(gzip.compress(page))
    for asset in assets:
        size += len(gzip.compress(Path(str(finders.find(asset.decode()))).read_bytes()))

    assert len(assets) > 8
    assert size < 150 * KILOBYTE, f"{size / KILOBYTE:.0f} KB"


def test_a_year_on_paper_names_nobody_in_full(client, kaizhe):
    page = client.get(reverse("tree:year", args=["chengxi", 2023])).content.decode()

    assert "县人民法院党支部" in page
    assert [secret for secret in private_facts() if secret in page] == []
    for year in (1999, 9999):
        assert client.get(reverse("tree:year", args=["chengxi", year])).status_code == 404
