"""Deciding on service: confirming posts points, declining gives a reason, voiding reverses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Posting
from ledger.operations import Award, earn_points, reverse_many
from volunteers.models import Community, RecordBatch, ServiceRecord, User
from volunteers.operations.recording import shanghai_date
from volunteers.refusals import OwnPoints, ReasonMissing, SamePersonDecides, StateMovedOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from volunteers.querysets import ServiceRecordQuerySet

REASON_AT_LEAST = 2  # characters


@dataclass(frozen=True)
class Decision:
    """What a confirmation did, and how many records still wait for somebody else."""

    confirmed: int
    left_waiting: int


@transaction.atomic
def confirm_batch(*, batch_id: int, community: Community, by: User, at: datetime) -> Decision:
    """Confirm every waiting record of the batch that `by` may decide, and post its points.

    Records of `by` or their household stay waiting for somebody else.
    Raises StateMovedOn, SamePersonDecides, OwnPoints (nothing else was left).
    """
    batch = _lock_batch(batch_id, community)
    records = list(
        _waiting(batch)
        .select_related("volunteer")
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
    )
    if not records:
        raise StateMovedOn(batch.state)
    allowed, refused = _decidable(records, by)
    if not allowed:
        if all(record.submitted_by_id == by.pk for record in refused):
            raise SamePersonDecides
        raise OwnPoints([record.volunteer_id for record in refused])
    _confirm(allowed, community=community, by=by, at=at, backdate=batch.is_imported)
    if not refused:
        _close_batch(batch, RecordBatch.State.CONFIRMED, by=by, at=at)
    return Decision(confirmed=len(allowed), left_waiting=len(refused))


@transaction.atomic
def decline_batch(
    *, batch_id: int, community: Community, reason: str, by: User, at: datetime
) -> None:
    """Send a waiting batch back with a reason. Raises StateMovedOn, ReasonMissing."""
    _require_reason(reason)
    batch = _lock_batch(batch_id, community)
    if batch.state != RecordBatch.State.SUBMITTED:
        raise StateMovedOn(batch.state)
    _waiting(batch).update(
        state=ServiceRecord.State.DECLINED, decided_at=at, decided_by=by, decline_reason=reason
    )
    _close_batch(batch, RecordBatch.State.DECLINED, by=by, at=at, reason=reason)


@transaction.atomic
def void_batch(*, batch_id: int, community: Community, reason: str, by: User, at: datetime) -> None:
    """Undo a confirmed batch as a whole: every posting is reversed, every record voided.

    Points already spent leave a debt that later service pays off (DECISIONS 4).
    Raises StateMovedOn, ReasonMissing.
    """
    _require_reason(reason)
    batch = _lock_batch(batch_id, community)
    if batch.state != RecordBatch.State.CONFIRMED:
        raise StateMovedOn(batch.state)
    records = list(
        batch.records.filter(state=ServiceRecord.State.CONFIRMED)
        .select_related("volunteer")
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
    )
    void_records(records, reason=reason, by=by, at=at)
    batch.state = RecordBatch.State.VOIDED
    batch.voided_at, batch.voided_by, batch.reason = at, by, reason
    batch.save(update_fields=["state", "voided_at", "voided_by", "reason"])


def void_records(records: Sequence[ServiceRecord], *, reason: str, by: User, at: datetime) -> None:
    """Reverse and void confirmed records already locked by the caller's transaction."""
    reverse_many(
        [
            (record.posting_id, record.volunteer.debt_account_id)
            for record in records
            if record.posting_id is not None
        ],
        by=by.pk,
        at=at,
    )
    ServiceRecord.objects.filter(pk__in=[record.pk for record in records]).update(
        state=ServiceRecord.State.VOIDED, voided_at=at, voided_by=by, void_reason=reason
    )


def post_records(
    records: Sequence[ServiceRecord],
    *,
    community: Community,
    kind: Posting.Kind,
    by: User,
    at: datetime,
    backdate: bool = False,
) -> None:
    """Post the points of records (volunteer loaded) and note each posting on its record.

    `backdate` books them on the day of service, for imported history; otherwise on `at`'s day.
    """
    paying = [record for record in records if record.points > 0]
    postings = earn_points(
        awards=[
            Award(
                account_id=record.volunteer.account_id,
                debt_account_id=record.volunteer.debt_account_id,
                points=record.points,
                memo="",
                effective_date=(record.service_date if backdate else shanghai_date(at)),
            )
            for record in paying
        ],
        kind=kind,
        book=community.pk,
        by=by.pk,
        at=at,
    )
    for record, posting in zip(paying, postings, strict=True):
        record.posting = posting


def _confirm(
    records: Sequence[ServiceRecord],
    *,
    community: Community,
    by: User,
    at: datetime,
    backdate: bool,
) -> None:
    post_records(
        records, community=community, kind=Posting.Kind.EARN, by=by, at=at, backdate=backdate
    )
    for record in records:
        record.state = ServiceRecord.State.CONFIRMED
        record.decided_at, record.decided_by = at, by
    ServiceRecord.objects.bulk_update(records, ["posting", "state", "decided_at", "decided_by"])


def _waiting(batch: RecordBatch) -> ServiceRecordQuerySet:
    return ServiceRecord.objects.filter(batch=batch, state=ServiceRecord.State.SUBMITTED)


def _decidable(
    records: Iterable[ServiceRecord], by: User
) -> tuple[list[ServiceRecord], list[ServiceRecord]]:
    """Split into what `by` may decide and what needs somebody else (DECISIONS 17)."""
    allowed: list[ServiceRecord] = []
    refused: list[ServiceRecord] = []
    for record in records:
        is_same = record.needs_second_person and record.submitted_by_id == by.pk
        (refused if by.shares_door_with(record.volunteer) or is_same else allowed).append(record)
    return allowed, refused


def _lock_batch(batch_id: int, community: Community) -> RecordBatch:
    return RecordBatch.objects.select_for_update(no_key=True).get(pk=batch_id, community=community)


def _close_batch(
    batch: RecordBatch, state: RecordBatch.State, *, by: User, at: datetime, reason: str = ""
) -> None:
    batch.state, batch.reason = state, reason
    batch.decided_at, batch.decided_by = at, by
    batch.save(update_fields=["state", "reason", "decided_at", "decided_by"])


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
