"""Deciding on one service record, alone or out of its batch: the same rules as for the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Posting
from volunteers.models import Community, RecordBatch, ServiceRecord, User
from volunteers.operations.deciding import REASON_AT_LEAST, post_records, void_records
from volunteers.refusals import OwnPoints, ReasonMissing, SamePersonDecides, StateMovedOn

if TYPE_CHECKING:
    from datetime import datetime

State = ServiceRecord.State


@transaction.atomic
def confirm_record(
    *, record_id: int, community: Community, by: User, at: datetime
) -> ServiceRecord:
    """Confirm one waiting record and post its points.

    Raises ServiceRecord.DoesNotExist, StateMovedOn, SamePersonDecides, OwnPoints.
    """
    record = _lock(record_id, community, expected=State.SUBMITTED)
    if by.shares_door_with(record.volunteer):
        raise OwnPoints([record.volunteer_id])
    if record.needs_second_person and record.submitted_by_id == by.pk:
        raise SamePersonDecides
    post_records([record], community=community, kind=Posting.Kind.EARN, by=by, at=at)
    return _decide(record, State.CONFIRMED, by=by, at=at)


@transaction.atomic
def decline_record(
    *, record_id: int, community: Community, reason: str, by: User, at: datetime
) -> ServiceRecord:
    """Send one waiting record back. Raises DoesNotExist, StateMovedOn, ReasonMissing."""
    _require_reason(reason)
    record = _lock(record_id, community, expected=State.SUBMITTED)
    record.decline_reason = reason
    return _decide(record, State.DECLINED, by=by, at=at)


@transaction.atomic
def void_record(
    *, record_id: int, community: Community, reason: str, by: User, at: datetime
) -> ServiceRecord:
    """Reverse one confirmed record. Raises DoesNotExist, StateMovedOn, ReasonMissing, OwnPoints."""
    _require_reason(reason)
    record = _lock(record_id, community, expected=State.CONFIRMED)
    if by.shares_door_with(record.volunteer):
        raise OwnPoints([record.volunteer_id])
    void_records([record], reason=reason, by=by, at=at)
    record.refresh_from_db()
    return record


def _lock(record_id: int, community: Community, *, expected: State) -> ServiceRecord:
    """Lock the batch before its record, as deciding on the whole batch does."""
    batch_id = (
        ServiceRecord.objects.of(community)
        .filter(pk=record_id)
        .values_list("batch", flat=True)
        .first()
    )
    if batch_id is not None:
        RecordBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    record = (
        ServiceRecord.objects.of(community)
        .select_related("volunteer", "rule_version__rule")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=record_id)
    )
    if record.state != expected:
        raise StateMovedOn(record.state)
    return record


def _decide(record: ServiceRecord, state: State, *, by: User, at: datetime) -> ServiceRecord:
    record.state = state
    record.decided_at, record.decided_by = at, by
    record.save(update_fields=["posting", "state", "decided_at", "decided_by", "decline_reason"])
    waiting = ServiceRecord.objects.filter(batch=record.batch_id, state=State.SUBMITTED)
    if record.batch_id is not None and not waiting.exists():
        RecordBatch.objects.filter(pk=record.batch_id, state=RecordBatch.State.SUBMITTED).update(
            state=_state_of_batch(record), decided_at=at, decided_by=by
        )
    return record


def _state_of_batch(record: ServiceRecord) -> RecordBatch.State:
    """A batch of which anything was confirmed can still be undone as a whole."""
    is_paid = ServiceRecord.objects.filter(batch=record.batch_id, state=State.CONFIRMED).exists()
    return RecordBatch.State.CONFIRMED if is_paid else RecordBatch.State.DECLINED


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
