"""A roster comes in through the page, in a real browser."""

from __future__ import annotations

import pytest

from tests import factories
from tests.office_files import MESSY_ROSTER, xlsx
from volunteers.models import Membership, Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(look, community):
    """The window of somebody who records and may export."""
    look.sign_in(factories.make_user("wangping", "王萍", community, Membership.Role.APPROVER))
    return look


def choose(page, data, name="花名册.xlsx"):
    mime = "application/octet-stream"
    page.set_input_files("#id_file", {"name": name, "mimeType": mime, "buffer": data})
    page.click("main button.main")


def test_a_roster_is_looked_at_and_imported(office, community):
    office.see("/imports/", name="imports")
    page = office.see("/imports/file/roster/", name="import-upload")
    choose(page, b"\x00\x01")
    page.wait_for_selector(".summary")
    office.see(name="import-wrong")

    choose(page, xlsx([*MESSY_ROSTER, [9, "扎西"]]))
    page.wait_for_selector(".question")
    office.see(name="import-preview")
    page.click("main button.main")
    page.wait_for_url("**/people/")
    office.see(name="people")

    assert Volunteer.objects.filter(community=community).count() == 7


def test_enrolment_shows_who_looks_alike(office, lamao):
    page = office.see("/people/new/", name="enrol")
    page.fill("#id_name", "索南拉毛")
    page.click("main form button.main")
    page.wait_for_selector(".summary")
    office.see(name="enrol-wrong")


def test_a_dossier_and_a_sheet_of_cards(office, lamao):
    office.see(f"/people/{lamao.pk}/", name="dossier")
    office.see(f"/people/{lamao.pk}/edit/", name="dossier-edit")
    page = office.see("/people/cards/", name="cards")
    page.click("main button.main")
    page.wait_for_selector(".idcard")
    assert page.locator(".idcard svg").count() == 2
