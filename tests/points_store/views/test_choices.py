"""Language and type size."""

from __future__ import annotations

import pytest

from points_store.language import languages_of


def test_the_language_is_chinese_whatever_the_browser_wishes(client, community):
    page = client.get("/staff/login/", headers={"accept-language": "en-US,en;q=0.9"})
    assert page.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans"' in page.content.decode()


def test_a_chosen_language_is_remembered_for_a_year(client, community):
    response = client.post("/language/", {"language": "en", "next": "/staff/login/"})
    assert response.url == "/staff/login/"
    assert client.cookies["django_language"]["max-age"] == 365 * 24 * 60 * 60
    assert '<html lang="en"' in client.get("/staff/login/").content.decode()


@pytest.mark.parametrize("language", ["bo", "mn-mong"])
def test_a_staff_page_never_turns_into_a_residents_language(client, community, language):
    client.post("/language/", {"language": language})
    assert client.cookies["django_language"].value == language
    assert '<html lang="zh-Hans"' in client.get("/staff/login/").content.decode()


def test_residents_may_choose_among_four_and_staff_between_two():
    assert [code for code, _ in languages_of("/mine/")] == ["zh-hans", "en", "bo", "mn-mong"]
    assert [code for code, _ in languages_of("/staff/account/")] == ["zh-hans", "en"]


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "zh-hans\x00", "a" * 500])
def test_an_unknown_language_changes_nothing(client, db, language):
    client.post("/language/", {"language": language})
    assert "django_language" not in client.cookies


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", ""])
def test_a_choice_leads_back_to_this_site_only(client, db, elsewhere):
    assert client.post("/language/", {"language": "en", "next": elsewhere}).url == "/"
    assert client.post("/large/", {"large": "1", "next": elsewhere}).url == "/"


def test_large_type_is_switched_on_and_off(client, db):
    client.post("/large/", {"large": "1"})
    assert client.cookies["large"].value == "1"
    client.post("/large/", {"large": "0"})
    assert client.cookies["large"].value == ""


def test_choices_are_made_with_a_post(client, db):
    assert client.get("/language/").status_code == 405
    assert client.get("/large/").status_code == 405


def test_the_shop_says_it_can_be_reached_without_asking_the_database(client):
    response = client.get("/alive/")
    assert response.status_code == 204
    assert response.headers["Cache-Control"] == "no-store"
