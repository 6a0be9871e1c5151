"""The staff rail: where each entry leads, who sees it, and what waits behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from points_store.permissions import Permission
from volunteers.models import RecordBatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import Promise

    from points_store.http import StaffRequest
    from volunteers.models import Community


@dataclass(frozen=True)
class Entry:
    """One place on the rail. `waiting` counts what waits for someone: one query, shown as badge."""

    url_name: str
    label: Promise
    icon: str
    permission: Permission
    waiting: Callable[[Community], int] | None = None


def batches_waiting(community: Community) -> int:
    """Count the batches of service that a second person has to confirm."""
    return RecordBatch.objects.filter(
        community=community, state=RecordBatch.State.SUBMITTED
    ).count()


@dataclass(frozen=True)
class Place:
    """An entry as one member of staff sees it on one page."""

    url: str
    label: Promise
    icon: str
    is_current: bool
    waiting: int


ENTRIES = (
    Entry("board:today", _("今日"), "today", Permission.VIEW_BOARD),
    Entry("counter:find", _("兑换"), "basket", Permission.REDEEM_AT_COUNTER),
    Entry("desk:log", _("记分"), "log", Permission.RECORD_SERVICE),
    Entry("desk:review", _("审核"), "review", Permission.CONFIRM_SERVICE, waiting=batches_waiting),
    Entry("wishes:list", _("心愿"), "wish", Permission.MANAGE_WISHES),
    Entry("people:list", _("居民"), "people", Permission.VIEW_DOSSIER),
    Entry("admin:index", _("设置"), "settings", Permission.MANAGE_SETTINGS),
)


def places(request: StaffRequest) -> list[Place]:
    """Return the rail for this member of staff: only what they may open."""
    found = []
    for entry in ENTRIES:
        url = address_of(entry.url_name)
        if url is None or entry.permission not in request.permissions:
            continue
        waiting = entry.waiting(request.community) if entry.waiting else 0
        is_current = request.path.startswith(url) if url != "/" else request.path == "/"
        found.append(Place(url, entry.label, entry.icon, is_current, waiting))
    return found


def address_of(url_name: str) -> str | None:
    """Return the address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
