from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from points_store.sheets import read_sheets
from tests import factories
from volunteers.models import AccessLog, Consent, MemberCard, Volunteer
from volunteers.operations.people import hash_token, issue_card

pytestmark = pytest.mark.django_db

NAMES = [
    "卓玛", "买买提·艾力", "阿卜杜热合曼·买买提艾力·吐尔逊", "祁𬭎", "𠮷田", "欧阳娜娜",
    "单于丹", "仇曾盖", "བསོད་ནམས་ལྷ་མོ།", "བཀྲ་ཤིས་དོན་འགྲུབ།", "ᠪᠠᠲᠤ", "ᠰᠠᠷᠠᠨ\u180eᠠ",
    "Tenzin Dolma", "O'Brien", "José María Núñez", "Åsa Öberg", "Nguyễn Thị Hương",
    "محمد", "Ольга", "김민준", "佐々木", "ボルジギン", "𡚸小妹", "㛃玥", "䶮子", "王〇",
    "曌", "李 Smith", "Van der Berg", "A", "=1+1号", "+86卓", "-玛", "@央金",
    "Jean-Luc", "Mary Anne", "śrī", "ཨོཾ", "卓玛" * 50, "爱新觉罗·启星",
]  # fmt: skip


def typed(**changes):
    fields = {
        "name": "卓玛", "birth_year": "1968", "estate": "藏式小区", "door": "3栋102",
        "agrees": "on", "language": "zh-hans", "request_key": str(uuid4()),
    }  # fmt: skip
    return {**fields, **changes}


@pytest.fixture
def staff(client, duojie):
    client.force_login(duojie)
    return client


def test_enrol_opens_one_dossier_however_often_it_is_sent(staff):
    form = typed(agrees_publicity="on", head_name="桑杰本")

    first = staff.post(reverse("people:enrol"), form)
    again = staff.post(reverse("people:enrol"), {**form, "not_same": "on"})

    person = Volunteer.objects.get()
    assert first.url == again.url == reverse("people:dossier", args=[person.pk])
    assert person.household.head_name == "桑杰本"
    assert {one.purpose for one in Consent.objects.all()} == {"dossier", "publicity"}


@pytest.mark.parametrize(
    "same",
    [{"name": "卓瑪", "phone": "13900001234"}, {"name": "才让卓玛"}, {"name": "才 让 卓 玛"},
     {"name": "采让卓玛"}, {"name": "别人", "name_bo": "ཚེ་རིང་སྒྲོལ་མ།"}],
)  # fmt: skip
def test_enrol_shows_who_looks_alike_first(staff, community, duojie, same):
    factories.make_volunteer(
        community, "才让卓玛", by=duojie, phone="13900001234", name_bo="ཚེ་རིང་སྒྲོལ་མ།"
    )

    asked = staff.post(reverse("people:enrol"), typed(**same))
    assert asked.status_code == 422
    assert "有问题：" in asked.text
    staff.post(reverse("people:enrol"), typed(**same, not_same="on"))

    assert Volunteer.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("name", ""), ("name", "\0"), ("name", "བ" * 101), ("birth_year", ""), ("agrees", ""),
        ("birth_year", "１９６８"), ("birth_year", str(2**63)), ("birth_year", "1850"),
        ("birth_year", "2999"), ("phone", "1399770261"), ("phone", "abc"), ("language", "xx"),
        ("unit", "999999"), ("door", "x" * 61),
    ],
)  # fmt: skip
def test_enrol_says_what_is_wrong_and_keeps_the_rest(staff, field, bad):
    answer = staff.post(reverse("people:enrol"), typed(**{field: bad}))

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Volunteer.objects.count() == 0


def test_a_child_needs_a_guardian(staff):
    assert staff.post(reverse("people:enrol"), typed(birth_year="2020")).status_code == 422

    staff.post(reverse("people:enrol"), typed(birth_year="2020", guardian_name="央金"))

    assert Consent.objects.get().guardian_name == "央金"


@pytest.mark.parametrize("name", NAMES)
def test_a_difficult_name_survives_page_search_and_export(staff, client, wangping, name):
    staff.post(reverse("people:enrol"), typed(name=name))
    person = Volunteer.objects.get()

    assert person.name == name
    found = staff.get(reverse("people:find"), {"q": name}).json()["people"]
    assert [row["name"] for row in found] == [name]
    client.force_login(wangping)
    for kind in ("csv", "xlsx"):
        [sheet] = read_sheets(client.post(reverse("people:export", args=[kind])).content)
        assert sheet.rows[1][1] == name


def test_a_spreadsheet_never_calculates_a_name(client, community, duojie, wangping):
    factories.make_volunteer(community, "=1+1号", by=duojie)
    client.force_login(wangping)

    assert b"'=1+1" in client.post(reverse("people:export", args=["csv"])).content
    assert AccessLog.objects.get().people_count == 1


def test_each_look_at_a_dossier_leaves_a_line(staff, duojie, lamao):
    staff.get(reverse("people:dossier", args=[lamao.pk]))
    staff.get(reverse("people:edit", args=[lamao.pk]))

    lines = AccessLog.objects.order_by("id").values_list("act", "volunteer", "seen_by")
    assert list(lines) == [("dossier", lamao.pk, duojie.pk), ("edit", lamao.pk, duojie.pk)]


def test_a_corrected_name_is_found_by_its_new_sound(staff, lamao):
    staff.post(reverse("people:edit", args=[lamao.pk]), typed(name="央金"))

    assert staff.get(reverse("people:find"), {"q": "yj"}).json()["people"][0]["id"] == lamao.pk


def test_a_consent_is_given_and_taken_back(staff, lamao):
    address = reverse("people:consent", args=[lamao.pk, "photo"])
    for act in ("give", "give", "withdraw", "withdraw", "give"):
        staff.post(address, {"act": act})

    assert [bool(one.withdrawn_at) for one in Consent.objects.all()] == [True, False]
    assert staff.post(reverse("people:consent", args=[lamao.pk, "x"])).status_code == 404


def test_a_sheet_of_cards_issues_what_it_prints_once(staff, lamao):
    form = {"people": [lamao.pk], "request_key": str(uuid4())}

    sheet = staff.post(reverse("people:cards"), form)
    again = staff.post(reverse("people:cards"), form)

    card = MemberCard.objects.get()
    token = sheet.context["sheet"][0][1].rsplit("/", 1)[1]
    assert card.token_hash == hash_token(token)
    assert "<svg" in sheet.text
    assert again.status_code in {302, 422}
    assert AccessLog.objects.get().act == "cards"


def test_a_new_card_kills_the_old_and_a_lost_one_dies_alone(staff, lamao, duojie):
    old = issue_card(volunteer=lamao, by=duojie, at=factories.NOW).card
    form = {"people": [lamao.pk], "request_key": str(uuid4())}
    staff.post(f"{reverse('people:cards')}?for={lamao.pk}", form)
    old.refresh_from_db()
    assert old.revoked_at is not None

    staff.post(reverse("people:revoke_card", args=[lamao.pk]))

    assert not MemberCard.objects.live().exists()


@pytest.mark.parametrize("page", ["dossier", "edit"])
def test_people_of_another_community_are_not_found(client, stranger, lamao, page):
    client.force_login(stranger)

    assert client.get(reverse(f"people:{page}", args=[lamao.pk])).status_code == 404


def test_what_a_clerk_may_not_do(client, yangjin, lamao):
    client.force_login(yangjin)

    for page in ("people:edit", "people:revoke_card"):
        assert client.post(reverse(page, args=[lamao.pk])).status_code == 403
    assert client.post(reverse("people:export", args=["csv"])).status_code == 403
    assert client.post(reverse("people:cards")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_database_the_same_whatever_there_is(
    staff, community, duojie, rows, django_assert_num_queries
):
    people = [factories.make_volunteer(community, "卓玛", by=duojie, points=5) for _ in range(rows)]
    for _ in range(rows - 1):
        factories.give_points(people[0], 1, by=duojie)

    with django_assert_num_queries(8):
        staff.get(reverse("people:list"))
    with django_assert_num_queries(13):
        staff.get(reverse("people:dossier", args=[people[0].pk]))
    with django_assert_num_queries(4):
        staff.get(reverse("people:cards"))
