"""Scoring by a code: nobody is named, nobody answers twice, nobody floods."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from evaluations.models import Dimension, Evaluation, Score, Subject
from evaluations.operations import (
    Answer,
    evaluate,
    hide_evaluation,
    open_subject,
    print_invitations,
    set_open,
)
from evaluations.refusals import (
    InvitationMissing,
    InvitationUsed,
    NameTaken,
    ScoresMissing,
    SubjectClosed,
    TooFast,
)
from evaluations.results import read_result
from tests.factories import NOW
from tests.racing import race


@pytest.fixture
def subject(community, wangping):
    return make_subject(community, wangping)


@pytest.fixture
def desk(client, wangping):
    client.force_login(wangping)
    return client


def make_subject(community, by, name="藏式小区北门", **options):
    return open_subject(community=community, kind="place", name=name, by=by, at=NOW, **options)


def answered(subject, *, score=5, **how):
    dimensions = Dimension.objects.filter(community=subject.community, is_active=True)
    scores = dict.fromkeys(dimensions.values_list("pk", flat=True), score)
    return replace(Answer(scores=scores, key=uuid4(), device="one"), **how)


def score_it(subject, *scores, at=NOW):
    """Give each score from a device of its own."""
    for number, score in enumerate(scores):
        evaluate(subject=subject, answer=answered(subject, score=score, device=str(number)), at=at)


def typed(subject, *, score="5", **changes):
    fields = {
        f"score_{one.pk}": score for one in Dimension.objects.filter(community=subject.community)
    }
    return fields | {"request_key": str(uuid4()), "remark": ""} | changes


def page_of(subject):
    return reverse("evaluations:answer", args=[subject.token])


def test_the_first_code_brings_six_dimensions(subject):
    assert Dimension.objects.filter(community=subject.community).count() == 6
    assert len(subject.token) >= 16


def test_a_name_is_used_once(subject, wangping):
    with pytest.raises(NameTaken):
        make_subject(subject.community, wangping)


def test_results_show_from_five_answers_up(subject):
    score_it(subject, 5, 4, 3, 5)
    four = read_result(subject)
    score_it(subject, 4, at=NOW + timedelta(minutes=2))
    five = read_result(subject)

    assert (four.is_enough, four.missing, four.dimensions) == (False, 1, [])
    assert five.is_enough
    assert {one.text for one in five.dimensions} == {"4.2"}


def test_the_sixth_answer_in_a_minute_is_asked_to_wait(subject):
    moments = [NOW + timedelta(seconds=second) for second in range(20)]
    outcomes = []
    for at in moments:
        try:
            evaluate(subject=subject, answer=answered(subject), at=at)
        except TooFast as haste:
            outcomes.append(haste.until)

    assert Evaluation.objects.count() == 5
    assert outcomes == [NOW + timedelta(minutes=1)] * 15
    evaluate(subject=subject, answer=answered(subject), at=NOW + timedelta(seconds=61))


def test_another_device_does_not_wait(subject):
    for _ in range(5):
        evaluate(subject=subject, answer=answered(subject), at=NOW)

    evaluate(subject=subject, answer=answered(subject, device="two"), at=NOW)


def test_sent_twice_is_one_answer(subject):
    answer = answered(subject)

    assert evaluate(subject=subject, answer=answer, at=NOW) == evaluate(
        subject=subject, answer=answer, at=NOW
    )
    assert Score.objects.count() == 6


def test_an_invitation_answers_once(community, wangping):
    subject = make_subject(community, wangping, needs_invitation=True)
    [code] = print_invitations(subject=subject, count=1, by=wangping, at=NOW)

    with pytest.raises(InvitationMissing):
        evaluate(subject=subject, answer=answered(subject), at=NOW)
    with pytest.raises(InvitationMissing):
        evaluate(subject=subject, answer=answered(subject, invitation="guessed"), at=NOW)
    evaluate(subject=subject, answer=answered(subject, invitation=code), at=NOW)
    with pytest.raises(InvitationUsed):
        evaluate(subject=subject, answer=answered(subject, invitation=code), at=NOW)


@pytest.mark.parametrize("scores", [{}, {1: 5}, None])
def test_every_dimension_is_scored_from_one_to_five(scores, subject):
    answer = answered(subject, score=6) if scores is None else answered(subject, scores=scores)

    with pytest.raises(ScoresMissing):
        evaluate(subject=subject, answer=answer, at=NOW)


def test_a_closed_code_takes_nothing(subject):
    set_open(subject=subject, is_open=False)

    with pytest.raises(SubjectClosed):
        evaluate(subject=subject, answer=answered(subject), at=NOW)


def test_spam_counts_in_nothing(subject, wangping):
    score_it(subject, 5, 5, 5, 5, 5, 1)
    spam = Evaluation.objects.filter(scores__score=1)[0]

    hide_evaluation(evaluation=spam, by=wangping, at=NOW)

    result = read_result(subject)
    assert (result.answers, {one.text for one in result.dimensions}) == (5, {"5.0"})
    assert [subject.mean for subject in Subject.objects.ranked()] == [5]


def test_the_ranking_leaves_out_what_few_scored(community, wangping):
    for name, score, answers in (("甲", 4, 5), ("乙", 5, 4), ("丙", 5, 6)):
        score_it(make_subject(community, wangping, name), *[score] * answers)

    assert [subject.name for subject in Subject.objects.of(community).ranked()] == ["丙", "甲"]


@pytest.mark.django_db(transaction=True)
def test_one_invitation_from_two_phones_at_once(community, wangping):
    subject = make_subject(community, wangping, needs_invitation=True)
    [code] = print_invitations(subject=subject, count=1, by=wangping, at=NOW)
    answers = [answered(subject, invitation=code, device=str(one)) for one in range(8)]

    outcomes = race(
        *(
            lambda answer=answer: evaluate(subject=subject, answer=answer, at=NOW)
            for answer in answers
        )
    )

    assert sum(isinstance(one, Evaluation) for one in outcomes) == 1
    assert sum(isinstance(one, InvitationUsed) for one in outcomes) == 7


@pytest.mark.django_db(transaction=True)
def test_one_device_twenty_times_at_once(subject):
    answers = [answered(subject) for _ in range(20)]

    race(
        *(
            lambda answer=answer: evaluate(subject=subject, answer=answer, at=NOW)
            for answer in answers
        )
    )

    assert Evaluation.objects.count() == 5


# The pages


def test_anybody_scores_without_signing_in(client, subject):
    assert "不用登录" in client.get(page_of(subject)).content.decode()

    answer = client.post(page_of(subject), typed(subject, remark="很干净"), follow=True)

    assert "谢谢您" in answer.content.decode()
    assert Evaluation.objects.get().remark == "很干净"


def test_the_page_says_how_long_to_wait(client, subject):
    answers = [client.post(page_of(subject), typed(subject)) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "wrong", [{"remark": "x" * 201}, {"remark": "a\x00b"}, {"request_key": "1"}, {"score": "6"}]
)
def test_bad_input_scores_nothing(wrong, client, subject):
    assert client.post(page_of(subject), typed(subject, **wrong)).status_code == 422
    assert not Evaluation.objects.exists()


def test_a_tablet_goes_back_by_itself(client, subject):
    answer = client.post(f"{page_of(subject)}?tablet=1", typed(subject), follow=True)

    assert 'http-equiv="refresh"' in answer.content.decode()


def test_the_printed_invitation_leads_to_the_page(desk, client, community, wangping):
    subject = make_subject(community, wangping, needs_invitation=True)
    [code] = print_invitations(subject=subject, count=1, by=wangping, at=NOW)
    page = client.get(f"{page_of(subject)}?i={code}").content.decode()
    assert f'name="i" value="{code}"' in page

    client.post(page_of(subject), typed(subject, i=code))

    assert Evaluation.objects.count() == 1


def test_no_such_code(client, db):
    assert client.get(reverse("evaluations:answer", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("name", ["show", "sheet"])
def test_staff_pages_open(name, desk, subject):
    score_it(subject, 5, 4, 3, 2, 1)

    assert desk.get(reverse(f"evaluations_staff:{name}", args=[subject.pk])).status_code == 200


def test_staff_make_a_code_and_print_invitations(desk, community):
    desk.post(reverse("evaluations_staff:new"), {"kind": "shop", "name": "积分小超市"})
    subject = Subject.objects.get()

    page = desk.post(reverse("evaluations_staff:invitations", args=[subject.pk]), {"count": "3"})

    assert page.content.decode().count('class="qr"') == 3
    assert subject.invitations.count() == 3


def test_staff_close_a_code_and_hide_spam(desk, subject):
    score_it(subject, 1)
    spam = Evaluation.objects.get()

    desk.post(reverse("evaluations_staff:hide", args=[subject.pk, spam.pk]))
    desk.post(reverse("evaluations_staff:switch", args=[subject.pk]), {"open": "0"})

    subject.refresh_from_db()
    assert (subject.is_open, Evaluation.objects.shown().count()) == (False, 0)


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("list", 5), ("ranking", 4)])
def test_lists_read_little(
    name, queries, how_many, desk, community, wangping, django_assert_num_queries
):
    for number in range(how_many):
        score_it(make_subject(community, wangping, f"场所{number}"), *[4] * 5)
    desk.get(reverse(f"evaluations_staff:{name}"))

    with django_assert_num_queries(queries):
        page = desk.get(reverse(f"evaluations_staff:{name}")).content.decode()

    assert page.count("场所") >= how_many


def test_another_communitys_code_is_not_there(client, stranger, subject):
    client.force_login(stranger)

    for name in ("show", "sheet"):
        address = reverse(f"evaluations_staff:{name}", args=[subject.pk])
        assert client.get(address).status_code == 404


def test_a_clerk_makes_no_codes(client, yangjin, community):
    client.force_login(yangjin)

    assert client.get(reverse("evaluations_staff:new")).status_code == 403
