"""A roster comes in through the page, on the office's screen and on a phone."""

from __future__ import annotations

import pytest

from tests.office_files import MESSY_ROSTER, xlsx
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_roster_is_sent_looked_at_and_imported(look, duojie):
    look.sign_in(duojie)
    page = look.see("/imports/", name="imports")
    look.see("/imports/file/roster/", name="import-roster")
    page.set_input_files("input[type=file]", {
        "name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(MESSY_ROSTER),
    })  # fmt: skip
    page.click("main form button.main")
    page.wait_for_selector("input[name=fingerprint]", state="attached")
    look.see(name="import-preview")
    assert "身份证号" in page.inner_text("main")
    page.click("button[value=import]")
    page.wait_for_url("**/imports/")
    look.see(name="import-done")
    assert Volunteer.objects.count() == 7
