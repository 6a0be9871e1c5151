"""Codes that people scan to score a place, an activity or the shop, and the scores they give."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from evaluations.models import BEST, Dimension, Evaluation, Invitation, Score, Subject
from evaluations.refusals import (
    InvitationMissing,
    InvitationUsed,
    NameTaken,
    ScoresMissing,
    SubjectClosed,
    TooFast,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from volunteers.models import Community, User

SAMPLE_DIMENSIONS = ("环境卫生", "公共秩序", "服务态度", "办事效率", "便民设施", "活动效果")
ANSWERS_A_MINUTE = 5
MINUTE = timedelta(minutes=1)
TOKEN_BYTES = 12
CODE_BYTES = 9
MOST_INVITATIONS = 200


@dataclass(frozen=True)
class Answer:
    """One person's scores by dimension id, and a line of text if they like."""

    scores: Mapping[int, int]
    key: UUID
    device: str
    remark: str = ""
    invitation: str = ""


@transaction.atomic
def open_subject(
    *,
    community: Community,
    kind: str,
    name: str,
    needs_invitation: bool = False,
    by: User,
    at: datetime,
) -> Subject:
    """Give a place, an activity or the shop a code of its own. Raises NameTaken.

    The first one brings the sample dimensions along, which the community then changes.
    """
    if Subject.objects.of(community).filter(name=name).exists():
        raise NameTaken
    if not Dimension.objects.filter(community=community).exists():
        Dimension.objects.bulk_create(
            Dimension(community=community, name=sample, order=order)
            for order, sample in enumerate(SAMPLE_DIMENSIONS)
        )
    return Subject.objects.create(
        community=community,
        kind=kind,
        name=name,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        needs_invitation=needs_invitation,
        created_at=at,
        created_by=by,
    )


@transaction.atomic
def print_invitations(*, subject: Subject, count: int, by: User, at: datetime) -> list[str]:
    """Return `count` codes (at most 200) that answer once each; this once, only hashes are kept."""
    codes = [secrets.token_urlsafe(CODE_BYTES) for _ in range(min(count, MOST_INVITATIONS))]
    Invitation.objects.bulk_create(
        Invitation(subject=subject, code_hash=hash_code(code), printed_at=at, printed_by=by)
        for code in codes
    )
    return codes


@transaction.atomic
def evaluate(*, subject: Subject, answer: Answer, at: datetime) -> Evaluation:
    """Take one answer; sent again with the same key it is the same answer.

    Raises SubjectClosed, ScoresMissing, InvitationMissing, InvitationUsed, TooFast.
    """
    if done := Evaluation.objects.filter(subject=subject, request_key=answer.key).first():
        return done
    if not subject.is_open:
        raise SubjectClosed
    _check_scores(subject, answer)
    _lock_device(subject, answer.device)
    if done := Evaluation.objects.filter(subject=subject, request_key=answer.key).first():
        return done
    _refuse_haste(subject, answer.device, at)
    invitation = _invitation(subject, answer)
    evaluation = Evaluation.objects.create(
        subject=subject,
        invitation=invitation,
        device=answer.device,
        request_key=answer.key,
        remark=answer.remark,
        answered_at=at,
    )
    Score.objects.bulk_create(
        Score(evaluation=evaluation, dimension_id=dimension, score=score)
        for dimension, score in answer.scores.items()
    )
    return evaluation


@transaction.atomic
def hide_evaluation(*, evaluation: Evaluation, by: User, at: datetime) -> None:
    """Leave spam out of the results; who did it and when stays written down."""
    if evaluation.hidden_at is None:
        evaluation.hidden_at, evaluation.hidden_by = at, by
        evaluation.save(update_fields=["hidden_at", "hidden_by"])


@transaction.atomic
def set_open(*, subject: Subject, is_open: bool) -> None:
    """Open a subject for answers, or close it."""
    subject.is_open = is_open
    subject.save(update_fields=["is_open"])


def hash_code(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _check_scores(subject: Subject, answer: Answer) -> None:
    asked = set(
        Dimension.objects.filter(community=subject.community_id, is_active=True).values_list(
            "pk", flat=True
        )
    )
    in_range = all(1 <= score <= BEST for score in answer.scores.values())
    if not asked or set(answer.scores) != asked or not in_range:
        raise ScoresMissing


def _lock_device(subject: Subject, device: str) -> None:
    """Let one device answer one subject once at a time, so that its answers can be counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"{subject.pk} {device}"]
        )


def _refuse_haste(subject: Subject, device: str, at: datetime) -> None:
    lately = list(
        Evaluation.objects.filter(subject=subject, device=device, answered_at__gt=at - MINUTE)
        .order_by("-answered_at")
        .values_list("answered_at", flat=True)[:ANSWERS_A_MINUTE]
    )
    if len(lately) == ANSWERS_A_MINUTE:
        raise TooFast(until=lately[-1] + MINUTE)


def _invitation(subject: Subject, answer: Answer) -> Invitation | None:
    if not answer.invitation:
        if subject.needs_invitation:
            raise InvitationMissing
        return None
    invitation = (
        Invitation.objects.select_for_update(no_key=True)
        .filter(subject=subject, code_hash=hash_code(answer.invitation))
        .first()
    )
    if invitation is None:
        raise InvitationMissing
    if Evaluation.objects.filter(invitation=invitation).exists():
        raise InvitationUsed
    return invitation
