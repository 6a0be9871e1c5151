"""What staff do with wishes, page by page."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests import factories
from tests.wishes import making
from volunteers.models import Membership
from volunteers.operations.pins import choose_pin
from wishes.models import Dispatch, Helper, Pledge, Wish, WishFacts, WishPhoto
from wishes.operations.deciding import unpublish_wish

NUL = "心\x00愿"
LONG = "ཀ" * 101


@pytest.fixture
def desk(client, wangping):
    """A browser where the secretary, who may do all of it, signed in."""
    client.force_login(wangping)
    return client


@pytest.fixture
def today():
    return timezone.localdate().isoformat()


def hang_now(community, by, **words):
    return making.hang(community, by, at=timezone.now(), **words)


def pledge_now(wish, **who):
    return making.pledge(wish, at=timezone.now(), due_date=timezone.localdate(), **who)


def post(browser, name, *args, **data):
    return browser.post(reverse(f"wishes:{name}", args=args), data)


def asked(**changes):
    return {
        "who": "索南拉毛", "kind": "thing", "request": "想要一盏起夜用的小灯", "asked_by": "visit",
        "request_key": str(uuid4()),
    } | changes  # fmt: skip


def worded(**changes):
    return {
        "title": "想要一盏小灯", "shares": "1", "is_on_tree": "on", "consent": "paper",
        "estate": "藏式小区",
    } | changes  # fmt: skip


def test_from_the_first_word_to_the_lamp(desk, community, lamao, duojie, today):
    rule = making.wish_rule(community)
    helper = factories.make_volunteer(community, "曲杰卓玛", by=duojie)

    post(desk, "ask", **asked())
    post(desk, "approve", 1, **worded(rule=rule.pk))
    post(
        desk, "counter_pledge", number="1", who="曲杰卓玛", shares="1", due_date=today,
        request_key=str(uuid4()),
    )  # fmt: skip
    post(
        desk, "deliver", 1, done="装好了", service_date=today, intensity="light",
        **{f"minutes_{helper.pk}": "60"},
    )  # fmt: skip
    answer = post(desk, "light", 1, confirmed_how="signature", rating="5", thanks="谢谢")

    wish = Wish.objects.get()
    assert answer.status_code == 302
    assert (wish.state, wish.thanks, wish.lit_names) == ("lit", "谢谢", "曲**玛")
    assert wish.facts.wisher == lamao
    assert list(wish.hands.values_list("record__points", flat=True)) == [5]


@pytest.mark.parametrize(
    "name",
    ["list", "ask", "counter_pledge", "helpers"],
)
def test_pages_open(name, desk, community):
    assert desk.get(reverse(f"wishes:{name}")).status_code == 200


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_board_reads_in_three_queries(
    how_many, desk, community, duojie, django_assert_num_queries
):
    unit = making.make_unit(community)
    for _ in range(how_many):
        pledge_now(hang_now(community, duojie), unit=unit, by=duojie)
        making.ask(community, duojie)
    desk.get(reverse("wishes:list"))

    with django_assert_num_queries(7):  # session, user, roles, rail, and the board's three
        page = desk.get(reverse("wishes:list")).content.decode()

    assert "县人民法院党支部" in page


@pytest.mark.parametrize("state", Wish.State)
def test_every_state_has_its_page(state, desk, community, duojie):
    wish = hang_now(community, duojie)
    if state in {"pledged", "delivered", "lit"}:
        pledge_now(wish, unit=making.make_unit(community), by=duojie)
    if state in {"delivered", "lit"}:
        making.deliver(wish, duojie)
    if state == "lit":
        making.light(wish, duojie)
    if state in {"submitted", "declined", "withdrawn"}:
        wish = making.ask(community, duojie)
    if state == "declined":
        post(desk, "decline", wish.number, ending="refused", reason="办不了")
    if state == "withdrawn":
        post(desk, "withdraw", wish.number)

    page = desk.get(reverse("wishes:show", args=[wish.number]))

    assert Wish.objects.get(pk=wish.pk).state == state
    assert page.status_code == 200
    assert making.SECRETS["wisher_name"] in page.content.decode()


def test_what_was_typed_stays_when_something_is_wrong(desk, community):
    answer = post(desk, "ask", **asked(who="不存在的人", request="想要一盏灯"))

    assert answer.status_code == 422
    assert "没有找到" in answer.content.decode()
    assert "想要一盏灯" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("request", ""), ("request", NUL), ("request", "字" * 501), ("who", ""), ("kind", "x"),
     ("ceiling_yuan", str(2**63)), ("ceiling_yuan", "１２"), ("wisher_name", LONG),
     ("phone", "123")],
)  # fmt: skip
def test_bad_input_writes_nothing(field, value, desk, community, lamao):
    answer = post(desk, "ask", **asked(**{field: value}))

    assert answer.status_code == 422
    assert not Wish.objects.exists()


def test_the_same_key_asks_once(desk, community, lamao):
    data = asked()

    assert [post(desk, "ask", **data).status_code for _ in range(2)] == [302, 302]
    assert Wish.objects.count() == 1


def test_namesakes_are_chosen_not_guessed(desk, community, lamao, duojie):
    other = factories.make_volunteer(
        community, "索南拉毛", by=duojie, door="7栋301", birth_year=1949
    )

    answer = post(desk, "ask", **asked())
    assert answer.status_code == 422
    assert "1949年生" in answer.content.decode()

    post(desk, "ask", **asked(volunteer=other.pk))
    assert WishFacts.objects.get().wisher == other


def test_a_child_without_a_dossier_asks_through_a_guardian(desk, community):
    child = asked(who="", wisher_name="小扎西", asked_by="guardian")

    assert post(desk, "ask", **child).status_code == 422
    post(desk, "ask", **child | {"guardian_name": "扎西才让"})

    assert WishFacts.objects.get().wisher_name == "小扎西"


def test_approving_says_what_must_stay_private(desk, community, duojie):
    wish = making.ask(community, duojie)

    answer = post(desk, "approve", wish.number, **worded(title="尕藏加措要小灯"))

    assert answer.status_code == 422
    assert "不能公开" in answer.content.decode()


def test_repeats_are_shown_to_who_approves(desk, community, duojie):
    making.ask(community, duojie)
    again = making.ask(community, duojie)

    page = desk.get(reverse("wishes:approve", args=[again.number])).content.decode()

    assert "提过、办过" in page


def test_words_are_changed_with_a_new_consent(desk, community, duojie):
    wish = hang_now(community, duojie)

    assert post(desk, "approve", wish.number, **worded(consent="")).status_code == 422
    post(desk, "approve", wish.number, **worded(title="一盏小夜灯"))

    wish.refresh_from_db()
    assert wish.title == "一盏小夜灯"


def test_a_second_pledge_says_somebody_was_quicker(desk, community, duojie, lamao, today):
    wish = hang_now(community, duojie)
    pledge_now(wish, unit=making.make_unit(community), by=duojie)

    answer = post(
        desk, "counter_pledge", number=wish.number, who="索南拉毛", shares="1", due_date=today,
        request_key=str(uuid4()),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "先一步" in answer.content.decode()


def test_a_number_that_is_not_there(desk, community, lamao, today):
    answer = post(
        desk, "counter_pledge", number="77", who="索南拉毛", shares="1", due_date=today,
        request_key=str(uuid4()),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "没有这个编号" in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "state"), [("release", "released"), ("done", "active"), ("remind", "active")]
)
def test_what_becomes_of_a_promise(act, state, desk, community, duojie):
    wish = hang_now(community, duojie)
    pledge = pledge_now(wish, unit=making.make_unit(community), by=duojie)

    post(desk, "touch_pledge", wish.number, pledge.pk, act)

    assert Pledge.objects.get().state == state


def test_asking_three_and_hearing_two_answers(desk, community, duojie):
    wish = hang_now(community, duojie)
    people = [factories.make_volunteer(community, name, by=duojie) for name in ("华旦", "更登")]
    for person in people:
        post(desk, "helpers", who=person.name, skills=["repair"], is_willing="on")
    assert Helper.objects.count() == 2
    first, second = (f"volunteer-{person.pk}" for person in people)

    post(desk, "offer", wish.number, turn_1=first, turn_2=second, hours_to_answer="4")
    asked_first = Dispatch.objects.get(turn=1)
    post(desk, "answer_offer", wish.number, asked_first.pk, "decline")
    post(desk, "answer_offer", wish.number, Dispatch.objects.get(turn=2).pk, "accept")

    assert list(Dispatch.objects.order_by("turn").values_list("state", flat=True)) == [
        "declined", "accepted",
    ]  # fmt: skip
    assert Pledge.objects.get().volunteer == people[1]


def test_the_pin_of_the_neighbour_lights_the_lamp(desk, community, lamao, duojie):
    choose_pin(volunteer=lamao, pin="394857", at=timezone.now())
    wish = hang_now(community, duojie, facts={"wisher_id": lamao.pk, "wisher_name": lamao.name})
    pledge_now(wish, unit=making.make_unit(community), by=duojie)
    making.deliver(wish, duojie)

    wrong = post(desk, "light", wish.number, confirmed_how="pin", pin="111222")
    right = post(desk, "light", wish.number, confirmed_how="pin", pin="394857")

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert Wish.objects.get().confirmed_how == "pin"


# Who may


@pytest.mark.parametrize("name", ["approve", "decline"])
def test_a_clerk_does_not_approve(name, client, yangjin, community, duojie):
    wish = making.ask(community, duojie)
    client.force_login(yangjin)

    assert post(client, name, wish.number, **worded()).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["show", "approve", "decline", "deliver", "reopen", "light", "offer", "withdraw", "unpublish"],
)
def test_another_communitys_wish_is_not_there(name, client, stranger, community, duojie):
    wish = making.ask(community, duojie)
    client.force_login(stranger)

    address = reverse(f"wishes:{name}", args=[wish.number])
    answer = client.post(address) if name in {"withdraw", "unpublish"} else client.get(address)
    assert answer.status_code == 404


def test_a_units_contact_sees_their_own_unit_only(client, community, duojie):
    unit, other = making.make_unit(community), making.make_unit(community, "县教育局党支部")
    for one in (unit, other):
        pledge_now(hang_now(community, duojie, title=f"{one.name}的心愿"), unit=one, by=duojie)
    own = factories.make_volunteer(community, "曲杰卓玛", by=duojie, unit=unit)
    contact = factories.make_user("lianluo", "联络人", community, Membership.Role.UNIT_CONTACT)
    contact.own_volunteer = own
    contact.save()
    client.force_login(contact)

    page = client.get(reverse("wishes:ours")).content.decode()

    assert "县人民法院党支部的心愿" in page
    assert "县教育局党支部的心愿" not in page
    assert client.get(reverse("wishes:list")).status_code == 403


# Photos


@pytest.fixture
def picture():
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("home.jpg", file.getvalue(), content_type="image/jpeg")


def delivered(today, **changes):
    return {"done": "送到了", "service_date": today, "intensity": "light"} | changes


def test_no_photo_without_the_neighbours_word(desk, community, duojie, today, picture):
    wish = hang_now(community, duojie)
    pledge_now(wish, unit=making.make_unit(community), by=duojie)

    answer = post(desk, "deliver", wish.number, **delivered(today, photo=picture))

    assert answer.status_code == 422
    assert not WishPhoto.objects.exists()


@pytest.mark.parametrize(("public", "status"), [("on", 200), ("", 404)])
def test_everybody_sees_a_photo_only_if_agreed(  # what, who, and a browser
    public, status, desk, client, community, duojie, today, picture
):
    wish = hang_now(community, duojie)
    pledge_now(wish, unit=making.make_unit(community), by=duojie)
    agreed = delivered(today, photo=picture, photo_agreed="on", photo_is_public=public)
    assert post(desk, "deliver", wish.number, **agreed).status_code == 302
    photo = WishPhoto.objects.get()
    public_address = reverse("tree:photo", args=["chengxi", wish.number])

    assert client.get(public_address).status_code == 404  # not before the lamp glows
    making.light(wish, duojie)
    shown = desk.get(reverse("wishes:photo", args=[wish.number, photo.pk]))

    assert b"secret camera" not in b"".join(shown.streaming_content)
    assert client.get(public_address).status_code == status
    unpublish_wish(community=community, number=wish.number, by=duojie, at=timezone.now())
    assert client.get(public_address).status_code == 404


def test_a_text_is_no_photo(desk, community, duojie, today):
    wish = hang_now(community, duojie)
    pledge_now(wish, unit=making.make_unit(community), by=duojie)
    text = SimpleUploadedFile("home.jpg", b"<script>", content_type="image/jpeg")

    answer = post(desk, "deliver", wish.number, **delivered(today, photo=text, photo_agreed="on"))

    assert answer.status_code == 422
    assert "不是照片" in answer.content.decode()
