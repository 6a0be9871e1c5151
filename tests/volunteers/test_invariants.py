"""Documents against postings: each corruption that can be planted is found."""

from __future__ import annotations

import pytest

from ledger import invariants
from tests import factories
from tests.factories import NOW
from tests.ledger.planting import plant
from tests.volunteers.logging import logged
from tests.volunteers.telling import told
from volunteers.operations.correcting import RightFigures, ask_correction, propose_correction
from volunteers.operations.deciding import confirm_record, void_batch
from volunteers.operations.deeds import pass_deed

pytestmark = pytest.mark.django_db

RECORDS = "UPDATE volunteers_servicerecord SET"
CONFIRMED = "WHERE id = (SELECT min(id) FROM volunteers_servicerecord WHERE state = 'confirmed')"
SUBMITTED = "WHERE id = (SELECT min(id) FROM volunteers_servicerecord WHERE state = 'submitted')"
PLANTED = {
    "points of a paid record": (
        "confirmed_service_is_paid_once",
        f"{RECORDS} points = 3 {CONFIRMED}",
    ),
    "a record paid to somebody else": (
        "confirmed_service_is_paid_once",
        f"{RECORDS} volunteer_id = (SELECT max(id) FROM volunteers_volunteer) {CONFIRMED}",
    ),
    "a confirmed record without a posting": (
        "confirmed_service_is_paid_once",
        (
            "ALTER TABLE volunteers_servicerecord DROP CONSTRAINT"
            " volunteers_servicerecord_confirmed_has_posting;"
            f"{RECORDS} posting_id = NULL {CONFIRMED}"
        ),
    ),
    "a voided record whose points stayed": (
        "voided_service_is_reversed",
        f"{RECORDS} state = 'voided', voided_at = now(), voided_by_id = decided_by_id {CONFIRMED}",
    ),
    "a reversal behind the record's back": (
        "voided_service_is_reversed",
        (
            f"{RECORDS} state = 'confirmed', voided_at = NULL, voided_by_id = NULL"
            " WHERE state = 'voided'"
        ),
    ),
    "an earning without a reason": (
        "earnings_have_a_reason",
        (
            "ALTER TABLE volunteers_servicerecord DROP CONSTRAINT"
            " volunteers_servicerecord_confirmed_has_posting;"
            f"{RECORDS} posting_id = NULL {CONFIRMED}"
        ),
    ),
    "an entry confirmed by who made it": (
        "nobody_approves_own_points",
        (
            "ALTER TABLE volunteers_servicerecord DROP CONSTRAINT"
            " volunteers_servicerecord_second_person_decides;"
            f"{RECORDS} decided_by_id = submitted_by_id {CONFIRMED}"
        ),
    ),
    "points confirmed by who got them": (
        "nobody_approves_own_points",
        (
            "UPDATE volunteers_user SET own_volunteer_id ="
            f" (SELECT volunteer_id FROM volunteers_servicerecord {CONFIRMED})"
        ),
    ),
    "a batch that says it waits": (
        "batches_say_what_their_records_say",
        "UPDATE volunteers_recordbatch SET state = 'submitted' WHERE state = 'confirmed'",
    ),
    "a batch that says it is done": (
        "batches_say_what_their_records_say",
        "UPDATE volunteers_recordbatch SET state = 'confirmed' WHERE state = 'submitted'",
    ),
    "a correction beside what it corrects": (
        "corrections_take_the_place_of_the_wrong",
        (
            f"{RECORDS} corrects_id = (SELECT id FROM volunteers_servicerecord {CONFIRMED})"
            " WHERE corrects_id IS NOT NULL"
        ),
    ),
    "a deed told differently": (
        "passed_deeds_are_recorded",
        "UPDATE volunteers_deed SET minutes = 7",
    ),
}


@pytest.fixture
def busy_desk(community, duojie, wangping):
    """A confirmed, a waiting and an undone batch, a corrected record and a deed that passed."""
    facts = {"by": duojie, "confirmed_by": wangping}
    zhuoma, _cairang = (factories.make_volunteer(community, name, by=duojie) for name in "卓才")
    logged(community, [zhuoma], **facts, title="清洁")
    logged(community, [zhuoma], by=duojie, title="读书")
    undone = logged(community, [zhuoma], **facts, title="扫雪")
    void_batch(batch_id=undone.pk, community=community, reason="没有下雪", by=wangping, at=NOW)
    wrong = logged(community, [zhuoma], **facts, title="调解").records.get()
    wish = ask_correction(record_id=wrong.pk, community=community, wish="是两小时", by=None, at=NOW)
    right = propose_correction(
        correction_id=wish.pk, community=community, answer="确实", by=duojie, at=NOW,
        figures=RightFigures(wrong.service_date, 120, "light"),
    )  # fmt: skip
    confirm_record(record_id=right.pk, community=community, by=wangping, at=NOW)
    deed = told(zhuoma)
    pass_deed(deed_id=deed.pk, community=community, points=None, reason="", by=wangping, at=NOW)


def breached():
    return {
        name.removeprefix("volunteers.")
        for name in invariants.registered()
        if name.startswith(("volunteers.", "ledger.")) and list(invariants.find_breaches(name))
    }


def test_a_busy_desk_is_in_order(busy_desk):
    assert breached() == set()


@pytest.mark.parametrize("what", list(PLANTED))
def test_a_planted_corruption_is_found(busy_desk, what):
    invariant, statement = PLANTED[what]
    plant(*statement.split(";"))
    assert invariant in breached()
