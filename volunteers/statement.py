"""The lines of a resident's handbook: every movement of their points, with what it was for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ledger.models import Hold, Posting
from ledger.statements import AFTER_THE_LAST_SEQ, statement
from volunteers import handbook
from volunteers.handbook import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ledger.statements import StatementLine
    from volunteers.models import Volunteer

PAGE_LINES = 20
# What a movement is called when no app knows more about it.
_PLAIN_TITLES = {
    Posting.Kind.OPENING: _("从纸质手册转来"),
    Posting.Kind.EARN: _("得分"),
    Posting.Kind.REDEEM: _("兑换物品"),
    Posting.Kind.COLLECT: _("领取点单"),
    Posting.Kind.GIFT: _("送给心愿"),
    Posting.Kind.EXPIRE: _("到期"),
    Posting.Kind.ADVANCE: _("社区先垫上"),
    Posting.Kind.REPAY: _("补还垫上的分"),
    Posting.Kind.REVERSAL: _("更正"),
}
_PLAIN_ICONS = {
    Posting.Kind.REDEEM: "gift",
    Posting.Kind.COLLECT: "order",
    Posting.Kind.GIFT: "heart",
    Posting.Kind.REVERSAL: "undo",
}


@dataclass(frozen=True)
class Line:
    """One movement as the handbook shows it: `points` is signed, `after` the balance it left."""

    title: str
    detail: str
    day: date
    points: int
    after: int
    icon: str
    tone: str


@dataclass(frozen=True)
class Statement:
    """Lines, newest first; `before` asks for the next page and is None on the last."""

    lines: Sequence[Line]
    before: int | None


@dataclass(frozen=True)
class HeldPoints:
    """Points set aside, what for and since when."""

    title: str
    detail: str
    day: date
    points: int


def read_statement(
    volunteer: Volunteer, *, before: int | None = None, limit: int = PAGE_LINES
) -> Statement:
    """Return the newest `limit` lines, or those before the line number `before`.

    The number of queries does not depend on the number of lines.
    """
    page = statement(volunteer.account_id, before_seq=before, limit=limit + 1)
    shown = page[:limit]
    asked = {line.posting_id for line in shown}
    asked |= {line.reverses_id for line in shown if line.reverses_id}
    words = handbook.words_of_postings(volunteer, asked)
    return Statement(
        lines=[_line(line, words) for line in shown],
        before=shown[-1].seq if len(page) > limit else None,
    )


def read_all_lines(volunteer: Volunteer) -> list[Line]:
    """Return every line, oldest first."""
    everything = read_statement(volunteer, limit=AFTER_THE_LAST_SEQ - 1)
    return list(reversed(everything.lines))


def read_holds(volunteer: Volunteer) -> list[HeldPoints]:
    """Return what is set aside of the resident's points, the latest first."""
    if not volunteer.account.held:
        return []
    holds = list(Hold.objects.open().filter(account=volunteer.account_id).order_by("-seq"))
    words = handbook.words_of_holds(volunteer, {hold.pk for hold in holds})
    return [
        HeldPoints(
            title=words[hold.pk].title if hold.pk in words else hold.get_kind_display(),
            detail=words[hold.pk].detail if hold.pk in words else "",
            day=hold.effective_date,
            points=hold.points,
        )
        for hold in holds
    ]


def _line(line: StatementLine, words: Mapping[int, Words]) -> Line:
    found = words.get(line.posting_id) or _plain(line, words)
    return Line(
        title=found.title,
        detail=found.detail,
        day=found.day or line.effective_date,
        points=line.points,
        after=line.balance_after,
        icon=found.icon,
        tone=found.tone if found.tone == "lit" else "plus" if line.points > 0 else "minus",
    )


def _plain(line: StatementLine, words: Mapping[int, Words]) -> Words:
    """Name a movement by its kind; a reversal says what it takes back."""
    undone = words.get(line.reverses_id) if line.reverses_id else None
    return Words(
        title=str(_PLAIN_TITLES[line.kind]),
        detail=undone.title if undone else "",
        icon=_PLAIN_ICONS.get(line.kind, "book"),
    )
