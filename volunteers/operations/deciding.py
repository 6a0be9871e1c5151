"""Deciding on service: confirming posts points, declining gives a reason, voiding reverses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Posting
from ledger.operations import Award, earn_points, reverse_many
from volunteers.models import Community, Correction, RecordBatch, ServiceRecord, User
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
    records = _lock_records(_waiting(batch))
    if not records:
        raise StateMovedOn(batch.state)
    allowed, refused = _decidable(records, by)
    if not allowed:
        if all(_is_same_person(record, by) for record in refused):
            raise SamePersonDecides
        raise OwnPoints([record.volunteer_id for record in refused])
    _confirm(allowed, community=community, by=by, at=at, backdate=batch.is_imported)
    _settle_batch(batch, by=by, at=at)
    return Decision(confirmed=len(allowed), left_waiting=len(refused))


@transaction.atomic
def decline_batch(
    *, batch_id: int, community: Community, reason: str, by: User, at: datetime
) -> None:
    """Send what waits of a batch back with a reason. Raises StateMovedOn, ReasonMissing.

    Where part of the batch is already confirmed, that part stands.
    """
    require_reason(reason)
    batch = _lock_batch(batch_id, community)
    if batch.state != RecordBatch.State.SUBMITTED:
        raise StateMovedOn(batch.state)
    _decline(_waiting(batch), reason=reason, by=by, at=at)
    _settle_batch(batch, by=by, at=at, reason=reason)


@transaction.atomic
def void_batch(*, batch_id: int, community: Community, reason: str, by: User, at: datetime) -> None:
    """Undo a batch as a whole: every posting is reversed, every confirmed record voided.

    What still waits of it is declined with the same reason. Points already spent leave a debt
    that later service pays off (DECISIONS 4). Raises StateMovedOn, ReasonMissing.
    """
    require_reason(reason)
    batch = _lock_batch(batch_id, community)
    records = _lock_records(batch.records.filter(state=ServiceRecord.State.CONFIRMED))
    if not records:
        raise StateMovedOn(batch.state)
    void_records(records, reason=reason, by=by, at=at)
    _decline(_waiting(batch), reason=reason, by=by, at=at)
    _settle_batch(batch, by=by, at=at, reason=reason)


@transaction.atomic
def confirm_record(
    *, record_id: int, community: Community, by: User, at: datetime
) -> ServiceRecord:
    """Confirm one waiting record and post its points; what it corrects is reversed first.

    Raises StateMovedOn, SamePersonDecides, OwnPoints.
    """
    record = lock_record(record_id, community)
    if record.state != ServiceRecord.State.SUBMITTED:
        raise StateMovedOn(record.state)
    if by.shares_door_with(record.volunteer):
        raise OwnPoints([record.volunteer_id])
    if _is_same_person(record, by):
        raise SamePersonDecides
    backdate = record.batch is not None and record.batch.is_imported
    _confirm([record], community=community, by=by, at=at, backdate=backdate)
    _settle_batch(record.batch, by=by, at=at)
    return record


@transaction.atomic
def decline_record(
    *, record_id: int, community: Community, reason: str, by: User, at: datetime
) -> ServiceRecord:
    """Send one waiting record back with a reason. Raises StateMovedOn, ReasonMissing."""
    require_reason(reason)
    record = lock_record(record_id, community)
    if record.state != ServiceRecord.State.SUBMITTED:
        raise StateMovedOn(record.state)
    _decline(ServiceRecord.objects.filter(pk=record.pk), reason=reason, by=by, at=at)
    _settle_batch(record.batch, by=by, at=at)
    record.refresh_from_db()
    return record


@transaction.atomic
def void_record(
    *, record_id: int, community: Community, reason: str, by: User, at: datetime
) -> ServiceRecord:
    """Undo one confirmed record by a reversal. Raises StateMovedOn, ReasonMissing, OwnPoints."""
    require_reason(reason)
    record = lock_record(record_id, community)
    if record.state != ServiceRecord.State.CONFIRMED:
        raise StateMovedOn(record.state)
    if by.shares_door_with(record.volunteer):
        raise OwnPoints([record.volunteer_id])
    void_records([record], reason=reason, by=by, at=at)
    _settle_batch(record.batch, by=by, at=at, reason=reason)
    record.refresh_from_db()
    return record


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


def pay_record(
    record: ServiceRecord, *, community: Community, by: User, at: datetime
) -> ServiceRecord:
    """Write down a new record as confirmed by `by`, with its posting: a declared deed that passed.

    The caller has made sure that `by` may decide.
    """
    post_records([record], community=community, kind=Posting.Kind.EARN, by=by, at=at)
    record.state = ServiceRecord.State.CONFIRMED
    record.decided_at, record.decided_by = at, by
    record.save(force_insert=True)
    return record


def require_reason(reason: str) -> None:
    """Raise ReasonMissing unless there are at least two characters."""
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing


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
    _void_corrected(records, community=community, by=by, at=at)
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
        own = by.shares_door_with(record.volunteer) or _is_same_person(record, by)
        (refused if own else allowed).append(record)
    return allowed, refused


def _is_same_person(record: ServiceRecord, by: User) -> bool:
    return record.needs_second_person and record.submitted_by_id == by.pk


def _void_corrected(
    records: Sequence[ServiceRecord], *, community: Community, by: User, at: datetime
) -> None:
    """Reverse what these records correct. Raises StateMovedOn when that no longer stands."""
    if not any(record.corrects_id for record in records):
        return
    for correction in Correction.objects.filter(replacement__in=records).order_by("record_id"):
        old = lock_record(correction.record_id, community)
        if old.state != ServiceRecord.State.CONFIRMED:
            raise StateMovedOn(old.state)
        void_records([old], reason=correction.answer, by=by, at=at)
        _settle_batch(old.batch, by=by, at=at, reason=correction.answer)
        correction.state = Correction.State.MADE
        correction.save(update_fields=["state"])


def _decline(records: ServiceRecordQuerySet, *, reason: str, by: User, at: datetime) -> None:
    """Decline waiting records; a wish for correction that one of them answered is open again."""
    Correction.objects.filter(replacement__in=records).update(
        state=Correction.State.OPEN,
        replacement=None,
        answer="",
        answered_at=None,
        answered_by=None,
    )
    records.update(
        state=ServiceRecord.State.DECLINED, decided_at=at, decided_by=by, decline_reason=reason
    )


def _lock_batch(batch_id: int, community: Community) -> RecordBatch:
    return RecordBatch.objects.select_for_update(no_key=True).get(pk=batch_id, community=community)


def _lock_records(records: ServiceRecordQuerySet) -> list[ServiceRecord]:
    """Lock the records, lowest id first; their batch is locked before them."""
    return list(
        records.select_related("volunteer", "rule_version__rule")
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
    )


def lock_record(record_id: int, community: Community) -> ServiceRecord:
    """Lock one record of the community, its batch first, as every decision on a batch does.

    Raises ServiceRecord.DoesNotExist.
    """
    found = ServiceRecord.objects.of(community).get(pk=record_id)
    batch = _lock_batch(found.batch_id, community) if found.batch_id else None
    [record] = _lock_records(ServiceRecord.objects.filter(pk=record_id))
    record.batch = batch
    return record


def _settle_batch(batch: RecordBatch | None, *, by: User, at: datetime, reason: str = "") -> None:
    """Bring a locked batch to what its records are: it waits while any of them waits."""
    if batch is None:
        return
    states = set(batch.records.values_list("state", flat=True).distinct())
    if ServiceRecord.State.SUBMITTED in states:
        return
    if ServiceRecord.State.CONFIRMED in states:
        state = RecordBatch.State.CONFIRMED
    elif ServiceRecord.State.VOIDED in states:
        state = RecordBatch.State.VOIDED
    else:
        state = RecordBatch.State.DECLINED
    if batch.decided_at is None:
        batch.decided_at, batch.decided_by = at, by
    if state == RecordBatch.State.VOIDED:
        batch.voided_at, batch.voided_by = at, by
    batch.state, batch.reason = state, reason or batch.reason
    batch.save()
