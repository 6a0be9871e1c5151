"""One import from the file to the note of it: read, keep what is looked at, carry out once."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from points_store.sheets import read_sheets
from volunteers.importing.plan import Context, ImportKind, Outcome, Plan, kind_of
from volunteers.importing.table import Row, Table, find_table
from volunteers.models import ImportDraft, ImportedFile
from volunteers.operations.importing import lock_imports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from volunteers.models import Community, User

DRAFT_LASTS = timedelta(days=1)


class PlanMovedOn(Exception):
    """What would happen now is not what the office looked at; nothing was done."""


@transaction.atomic
def keep_draft(
    *,
    community: Community,
    kind: ImportKind,
    file_name: str,
    data: bytes,
    options: Mapping[str, str],
    by: User,
    at: datetime,
) -> ImportDraft:
    """Read a file and keep the columns that are read, to be looked at.

    Raises UnreadableSheet, NoSuchTable. Drafts of the community older than a day go.
    """
    table = find_table(read_sheets(data), kind.columns)
    ImportDraft.objects.filter(community=community, uploaded_at__lt=at - DRAFT_LASTS).delete()
    return ImportDraft.objects.create(
        community=community,
        kind=kind.slug,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        table=asdict(table),
        options=dict(options),
        uploaded_at=at,
        uploaded_by=by,
    )


def table_of(draft: ImportDraft) -> Table:
    """Return the table as it was read."""
    rows = [Row(**row) for row in draft.table["rows"]]
    passed_over = [(sheet, number, why) for sheet, number, why in draft.table["passed_over"]]
    dropped = [(heading, why) for heading, why in draft.table["dropped"]]
    return Table(rows, passed_over, dropped, draft.table["read"], draft.table["headers"])


def plan_draft(draft: ImportDraft, *, by: User, at: datetime) -> Plan:
    """Return what the import would do now, with the answers given so far. Writes nothing."""
    context = _context(draft, by, at)
    return _kind(draft).plan(table_of(draft), context)


@transaction.atomic
def carry_out(*, draft: ImportDraft, fingerprint: str, by: User, at: datetime) -> ImportedFile:
    """Do the whole import in one transaction, note the file, and drop the draft.

    One import of a community runs at a time. Raises PlanMovedOn where the plan is no longer the
    one that was looked at, and ImportDraft.DoesNotExist where it has been done already.
    """
    lock_imports(draft.community)
    draft = ImportDraft.objects.select_for_update().select_related("community").get(pk=draft.pk)
    context = _context(draft, by, at)
    plan = _kind(draft).plan(table_of(draft), context)
    if plan.fingerprint != fingerprint:
        raise PlanMovedOn
    _kind(draft).apply(plan, context)
    counts = plan.counts
    note = ImportedFile.objects.create(
        community=draft.community,
        kind=draft.kind,
        file_name=draft.file_name,
        sha256=draft.sha256,
        created_count=counts[Outcome.CREATE],
        matched_count=counts[Outcome.MATCH],
        skipped_count=counts[Outcome.SKIP] + counts[Outcome.PROBLEM] + counts[Outcome.ASK],
        dropped_columns=[heading for heading, _why in draft.table["dropped"]],
        imported_at=at,
        imported_by=by,
    )
    draft.delete()
    return note


def _context(draft: ImportDraft, by: User, at: datetime) -> Context:
    return Context(draft.community, by, at, draft.options, draft.answers)


def _kind(draft: ImportDraft) -> ImportKind:
    kind = kind_of(draft.kind)
    if kind is None:
        raise LookupError(draft.kind)
    return kind
