"""What comes of an office's tables, row by row."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.models import Posting
from rewards.models import Reward
from tests import factories
from tests.office_files import ID_NUMBER, MESSY_ROSTER, ROSTER_HEADER, SERVICE_HEADER, xlsx
from volunteers.importing.plan import kinds
from volunteers.importing.running import PlanMovedOn, carry_out, keep_draft, plan_draft
from volunteers.models import (
    ImportDraft,
    ImportedFile,
    OpeningBalance,
    RecordBatch,
    ServiceRecord,
    Volunteer,
)
from volunteers.operations.deciding import confirm_batch, decline_batch
from volunteers.operations.openings import sign_off_opening_balances
from volunteers.refusals import SamePersonDecides

pytestmark = pytest.mark.django_db
DEED = ["2023-06-08", "图书室值班", "广场", "索南拉毛", "藏式小区3栋102", 1.5, "中"]


@pytest.fixture
def read(community, duojie):
    """Return a function that reads rows as a file of a kind; with answers, question by question."""

    def read_rows(kind, *sheets, answers=None, **options):
        draft = keep_draft(
            community=community,
            kind=next(one for one in kinds() if one.slug == kind),
            file_name="表.xlsx",
            data=sheets[0] if isinstance(sheets[0], bytes) else xlsx(*sheets),
            options={"vouched_by": "王萍", "balance_date": "2023-11-01", **options},
            by=duojie,
            at=factories.NOW,
        )
        draft.answers = answers or {}
        draft.save()
        return draft, plan_draft(draft, by=duojie, at=factories.NOW)

    return read_rows


@pytest.fixture
def bring(read, duojie):
    """Return a function that imports rows and returns the note of the file."""

    def bring_rows(kind, *sheets, **options):
        draft, plan = read(kind, *sheets, **options)
        return carry_out(draft=draft, fingerprint=plan.fingerprint, by=duojie, at=factories.NOW)

    return bring_rows


def outcomes(plan):
    return [(line.row.number, str(line.outcome)) for line in plan.lines]


def test_a_messy_roster_row_by_row(read):
    draft, plan = read("roster", MESSY_ROSTER)

    assert outcomes(plan) == [
        (4, "create"), (5, "create"), (6, "create"), (8, "create"), (9, "create"), (10, "create"),
        (11, "create"), (12, "problem"), (13, "skip"),
    ]  # fmt: skip
    assert [row[1] for row in draft.table["passed_over"]] == [14]
    assert [heading for heading, _why in draft.table["dropped"]] == ["序号", "身份证号", "备注"]


def test_what_is_dropped_is_never_stored(read):
    draft, _plan = read("roster", MESSY_ROSTER)

    assert ID_NUMBER not in str(draft.table)
    assert "独居" not in str(draft.table)


def test_a_roster_becomes_people_households_and_units(bring):
    bring("roster", MESSY_ROSTER)

    people = {person.number: person for person in Volunteer.objects.order_by("number")}
    assert [person.name for person in people.values()][:4] == [
        "桑杰本", "央金才让", "才让尖措", "买买提·艾力",
    ]  # fmt: skip
    assert people[1].household_id == people[2].household_id == people[3].household_id
    assert [person.birth_year for person in people.values()] == [
        1978, 1964, 2001, 2006, 1973, 1938, 1966,
    ]  # fmt: skip
    assert (people[4].phone, people[5].phone, people[3].phone) == ("19900004816", "19900003720", "")
    assert (people[5].unit.name, people[5].reported_in) == ("县第一小学", True)


def test_the_same_roster_twice_adds_nobody(bring):
    bring("roster", MESSY_ROSTER)

    note = bring("roster", MESSY_ROSTER)

    assert (note.created_count, note.matched_count) == (0, 8)
    assert Volunteer.objects.count() == 7


def test_an_edited_roster_fills_blanks_and_overwrites_nothing(bring, lamao):
    row = [1, "索南拉毛", "བསོད་ནམས་ལྷ་མོ།", "女", "1968", "19900000001", "藏式小区", "3-102"]

    bring("roster", [ROSTER_HEADER, row])

    lamao.refresh_from_db()
    assert (lamao.name_bo, lamao.phone) == ("བསོད་ནམས་ལྷ་མོ།", "13800001234")
    assert Volunteer.objects.count() == 1


def test_a_namesake_without_a_door_is_asked_about(read, bring, lamao):
    rows = [["姓名"], ["索南拉毛"]]
    _draft, plan = read("roster", rows)
    [question] = plan.questions.values()
    assert [value for value, _label in question.choices] == ["skip", f"v{lamao.pk}", "new"]
    assert outcomes(plan) == [(2, "ask")]

    bring("roster", rows, answers={question.key: "new"})

    assert Volunteer.objects.filter(name="索南拉毛").count() == 2


def test_other_words_another_order_several_sheets(bring):
    first = [["电话", "名字", "现住址"], ["13900001111", "卓玛", "藏式小区5栋1单元101室"]]
    second = [["说明页"], [], ["居民姓名*", "家庭住址"], ["格日勒", "河东小区 2-1-3"]]

    bring("roster", first, second)

    assert list(
        Volunteer.objects.order_by("number").values_list("name", "estate", "door", "phone")
    ) == [
        ("卓玛", "藏式小区", "5栋1单元101室", "13900001111"),
        ("格日勒", "河东小区", "2-1-3", ""),
    ]


def test_a_roster_of_five_hundred_takes_seconds(bring):
    rows = [
        [i, f"居民{i}", "", "女", "1970", f"1390000{i:04d}", "牧民新村", f"{i}栋"]
        for i in range(500)
    ]

    note = bring("roster", [ROSTER_HEADER, *rows])

    assert note.created_count == 500


def test_standards_become_versions_from_a_day_on(bring, community):
    rows = [["项目", "标准", "是否志愿服务"], ["清雪", "2分/小时", "是"], ["献血", "每次5分", "否"]]

    bring("rules", rows, valid_from_date="2023-06-01")
    note = bring("rules", rows, valid_from_date="2023-07-01")

    assert (note.created_count, note.matched_count) == (0, 2)
    assert list(
        community.rules.values_list(
            "name",
            "counts_as_service",
            "versions__per_occasion_points",
            "versions__per_hour_points",
        )
    ) == [("清雪", True, 0, 2), ("献血", False, 5, 0)]


def test_goods_go_on_the_shelf_by_a_movement(bring, community):
    rows = [["品名", "积分", "数量", "条码", "单价"], ["高压锅", 200, 3, "6900230000181", 199.5]]

    bring("rewards", rows)
    note = bring("rewards", rows)

    reward = Reward.objects.get(community=community)
    assert (reward.name, reward.price_points, reward.on_hand, reward.cost_fen) == (
        "高压锅", 200, 3, 19950,
    )  # fmt: skip
    assert (note.created_count, note.matched_count) == (0, 1)


@pytest.fixture
def library(community):
    return factories.make_rule(community, "图书室值班", per_hour_points=2)


def test_old_service_waits_as_one_batch_that_says_who_vouched(bring, lamao, library):
    bring("service", [SERVICE_HEADER, DEED])

    record = ServiceRecord.objects.get()
    assert (record.volunteer, record.minutes, record.points) == (lamao, 90, 5)  # half up of 4.5
    assert (record.origin, record.vouched_by, record.state) == ("import", "王萍", "submitted")
    assert record.batch.is_imported


def test_old_service_is_confirmed_by_another_and_counts_from_its_day(
    bring, community, duojie, wangping, lamao, library
):
    bring("service", [SERVICE_HEADER, DEED])
    batch = RecordBatch.objects.get()
    with pytest.raises(SamePersonDecides):
        confirm_batch(batch_id=batch.pk, community=community, by=duojie, at=factories.NOW)

    confirm_batch(batch_id=batch.pk, community=community, by=wangping, at=factories.NOW)

    assert ServiceRecord.objects.get().posting.effective_date == date(2023, 6, 8)


def test_old_service_knows_no_caps(bring, lamao, community):
    factories.make_rule(community, "图书室值班", per_hour_points=2, day_cap_points=1)

    bring("service", [SERVICE_HEADER, DEED])

    assert ServiceRecord.objects.get().points == 5


def test_two_true_records_of_a_day_are_two_and_the_file_again_adds_none(bring, lamao, library):
    bring("service", [SERVICE_HEADER, DEED, DEED], answers={"again表1/3": "twice"})

    note = bring("service", [SERVICE_HEADER, DEED, DEED])

    assert (note.created_count, note.matched_count) == (0, 2)
    assert ServiceRecord.objects.count() == 2


def test_a_line_typed_twice_is_counted_once_until_somebody_says_twice(bring, lamao, library):
    bring("service", [SERVICE_HEADER, DEED, DEED])

    assert ServiceRecord.objects.count() == 1


def test_an_edited_place_is_asked_about_and_two_places_in_one_file_are_two(
    read, bring, lamao, library
):
    elsewhere = [*DEED[:2], "河道", *DEED[3:]]
    _draft, plan = read("service", [SERVICE_HEADER, DEED, elsewhere])
    assert outcomes(plan) == [(2, "create"), (3, "create")]
    bring("service", [SERVICE_HEADER, DEED])

    _draft, plan = read("service", [SERVICE_HEADER, elsewhere])

    assert outcomes(plan) == [(2, "ask")]
    assert plan.work == []


def test_an_edited_line_is_the_same_line(read, bring, lamao, library):
    bring("service", [SERVICE_HEADER, DEED])

    _draft, plan = read("service", [SERVICE_HEADER, [*DEED[:5], 3, "重"]])

    assert outcomes(plan) == [(2, "match")]
    assert any("没有改" in words for words in plan.lines[0].says)


def test_a_batch_that_was_sent_back_may_come_again(bring, community, wangping, lamao, library):
    bring("service", [SERVICE_HEADER, DEED])
    decline_batch(
        batch_id=RecordBatch.objects.get().pk,
        community=community,
        reason="日期不对",
        by=wangping,
        at=factories.NOW,
    )

    assert bring("service", [SERVICE_HEADER, DEED]).created_count == 1


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (0, "2023-02-30"), (0, "6月8日"), (0, "2099-01-01"), (0, "=A1"), (1, None), (5, 25), (5, 0),
        (5, "很久"), (5, "9" * 19), (6, "不知道"), (3, "没有这个人"), (0, "2022-12-31"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_says_why_and_the_rest_comes_in(read, lamao, library, column, cell):
    bad = [*DEED]
    bad[column] = cell

    _draft, plan = read("service", [SERVICE_HEADER, DEED, bad])

    assert outcomes(plan) == [(2, "create"), (3, "problem")]
    assert plan.lines[1].says


def test_namesakes_behind_one_door_are_asked_about_once(read, community, duojie, lamao, library):
    twin = factories.make_volunteer(
        community, "索南拉毛", by=duojie, estate="藏式小区", door="3栋102", birth_year=1990
    )

    _draft, plan = read("service", [SERVICE_HEADER, DEED, DEED])

    [question] = plan.questions.values()
    assert [value for value, _label in question.choices] == ["skip", f"v{lamao.pk}", f"v{twin.pk}"]
    assert question.rows == [2, 3]


def test_an_act_without_a_standard_is_asked_about(read, bring, lamao, library):
    deed = [DEED[0], "看书", *DEED[2:]]
    _draft, plan = read("service", [SERVICE_HEADER, deed])
    [question] = plan.questions.values()

    bring("service", [SERVICE_HEADER, deed], answers={question.key: f"p{library.pk}"})

    assert ServiceRecord.objects.get().rule_version.rule == library


def test_opening_points_are_signed_off_by_another(bring, community, duojie, wangping, lamao):
    note = bring("opening", [["姓名", "门牌", "积分"], ["索南拉毛", "藏式小区3栋102", 120]])
    assert note.created_count == 1
    assert sign_off_opening_balances(community=community, by=duojie, at=factories.NOW) == 0

    sign_off_opening_balances(community=community, by=wangping, at=factories.NOW)

    posting = OpeningBalance.objects.get().posting
    assert (posting.kind, posting.points, posting.effective_date) == (
        Posting.Kind.OPENING, 120, date(2023, 11, 1),
    )  # fmt: skip


def test_history_and_opening_points_warn_of_counting_twice(read, bring, lamao, library):
    opening = [["姓名", "积分"], ["索南拉毛", 120]]
    bring("service", [SERVICE_HEADER, DEED])

    _draft, plan = read("opening", opening)
    assert len(plan.warnings) == 1
    bring("opening", opening)

    _draft, plan = read("service", [SERVICE_HEADER, ["2023-07-02", *DEED[1:]]])
    assert len(plan.warnings) == 1


def test_an_import_is_done_once_and_only_as_it_was_looked_at(read, duojie, community):
    draft, plan = read("roster", MESSY_ROSTER)
    factories.make_volunteer(
        community, "桑杰本", by=duojie, estate="牧民新村", door="2栋1单元602", birth_year=1978
    )
    with pytest.raises(PlanMovedOn):
        carry_out(draft=draft, fingerprint=plan.fingerprint, by=duojie, at=factories.NOW)
    plan = plan_draft(draft, by=duojie, at=factories.NOW)
    carry_out(draft=draft, fingerprint=plan.fingerprint, by=duojie, at=factories.NOW)

    with pytest.raises(ImportDraft.DoesNotExist):
        carry_out(draft=draft, fingerprint=plan.fingerprint, by=duojie, at=factories.NOW)
    assert ImportedFile.objects.count() == 1


def test_nothing_of_an_import_that_breaks_remains(read, duojie, monkeypatch):
    draft, plan = read("roster", MESSY_ROSTER)
    monkeypatch.setattr(ImportedFile.objects, "create", lambda **_fields: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        carry_out(draft=draft, fingerprint=plan.fingerprint, by=duojie, at=factories.NOW)

    assert Volunteer.objects.count() == 0
    assert ImportDraft.objects.count() == 1
