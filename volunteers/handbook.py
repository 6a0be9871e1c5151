"""What a resident's handbook shows, put together from every app.

The ledger knows movements of points and nothing of what they were for; volunteers knows service,
rewards knows goods. Each app registers its Part when it is ready, and the handbook asks them all.
Every question is one call for a whole page of lines, never one for each line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from volunteers.models import Volunteer


@dataclass(frozen=True)
class Words:
    """What a movement of points or a hold was for; `tone` is its colour: plus, minus, hold, lit."""

    title: str
    detail: str = ""
    day: date | None = None
    icon: str = "book"
    tone: str = "plus"


@dataclass(frozen=True)
class Goal:
    """The one thing a resident saves toward; `url` leads to it in the catalogue."""

    name: str
    price_points: int
    symbol: str
    url: str
    photo_url: str = ""

    def percent_of(self, available: int) -> int:
        """Return how much of the price `available` covers, 0 to 100."""
        return min(100, max(0, available) * 100 // self.price_points)

    def missing_from(self, available: int) -> int:
        """Return the points still missing, 0 when there are enough."""
        return max(0, self.price_points - available)


@dataclass(frozen=True)
class Notice:
    """Something the resident should know; `kind` is a note's: ok, hold, stop or empty."""

    text: str
    at: datetime
    kind: str = ""
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A strip on the handbook's first page that leads elsewhere: the lit wishes."""

    title: str
    detail: str
    url: str
    lamps: int = 0


@dataclass(frozen=True)
class OwnData:
    """What is kept about a resident under one heading: entries of (name, value) as text."""

    title: str
    entries: Sequence[Sequence[tuple[str, str]]]


def _no_words(_volunteer: Volunteer, _ids: Collection[int]) -> Mapping[int, Words]:
    return {}


@dataclass(frozen=True)
class Part:
    """What one app adds to the handbook. Each call costs a fixed number of queries."""

    name: str
    posting_words: Callable[[Volunteer, Collection[int]], Mapping[int, Words]] = _no_words
    hold_words: Callable[[Volunteer, Collection[int]], Mapping[int, Words]] = _no_words
    goal: Callable[[Volunteer], Goal | None] = field(default=lambda _volunteer: None)
    panel: Callable[[Volunteer], Panel | None] = field(default=lambda _volunteer: None)
    notices: Callable[[Volunteer, datetime], Sequence[Notice]] = field(
        default=lambda _volunteer, _at: ()
    )
    own_data: Callable[[Volunteer], Sequence[OwnData]] = field(default=lambda _volunteer: ())


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add an app's part; called once, when the app is ready."""
    _parts[part.name] = part


def parts() -> Iterator[Part]:
    """Yield the parts in the order in which their apps were installed."""
    yield from _parts.values()


def words_of_postings(volunteer: Volunteer, ids: Collection[int]) -> dict[int, Words]:
    """Return what each of these postings was for, as far as any app knows."""
    found: dict[int, Words] = {}
    for part in parts():
        if missing := set(ids) - set(found):
            found.update(part.posting_words(volunteer, missing))
    return found


def words_of_holds(volunteer: Volunteer, ids: Collection[int]) -> dict[int, Words]:
    """Return what each of these holds is for, as far as any app knows."""
    found: dict[int, Words] = {}
    for part in parts():
        if missing := set(ids) - set(found):
            found.update(part.hold_words(volunteer, missing))
    return found


def goal_of(volunteer: Volunteer) -> Goal | None:
    """Return the resident's one goal."""
    return next(filter(None, (part.goal(volunteer) for part in parts())), None)


def panels_of(volunteer: Volunteer) -> list[Panel]:
    """Return the strips of the first page."""
    return [panel for part in parts() if (panel := part.panel(volunteer))]


def notices_of(volunteer: Volunteer, at: datetime) -> list[Notice]:
    """Return what the resident should know, newest first."""
    found = chain.from_iterable(part.notices(volunteer, at) for part in parts())
    return sorted(found, key=lambda notice: notice.at, reverse=True)


def own_data_of(volunteer: Volunteer) -> list[OwnData]:
    """Return all that is kept about the resident, heading by heading."""
    return list(chain.from_iterable(part.own_data(volunteer) for part in parts()))
