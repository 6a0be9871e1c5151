"""What the operations of the wish tree refuse, as facts; the views word them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from volunteers.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass
class NoSharesLeft(Refusal):
    """Fewer shares are left than were asked for; 0 when somebody else was quicker."""

    left: int


@dataclass
class OwnWish(Refusal):
    """Nobody meets their own wish, or their own household's."""


@dataclass
class AlreadyPledged(Refusal):
    """The same volunteer or unit has a promise for this wish already."""


@dataclass
class TooManyPledges(Refusal):
    """Promises that wait to be kept come first."""

    limit: int


@dataclass
class DayOutOfRange(Refusal):
    """The promised day lies outside first … last."""

    first: date
    last: date


@dataclass
class PledgeEnded(Refusal):
    """The promise is over: `state` of Pledge.State."""

    state: str


@dataclass
class OfferEnded(Refusal):
    """The offer is over: `state` of Dispatch.State."""

    state: str


@dataclass
class NobodyToAsk(Refusal):
    """An offer needs one to three people or units, each named once."""

    at_most: int


@dataclass
class ConsentMissing(Refusal):
    """The public words need the wisher's recorded consent."""


@dataclass
class WordsNameThePerson(Refusal):
    """The public words contain what must stay private; `found` lists it."""

    found: Sequence[str]


@dataclass
class HandNotAllowed(Refusal):
    """These people cannot earn by this wish: they made it themselves."""

    volunteer_ids: Sequence[int]


@dataclass
class NotMerging(Refusal):
    """The wish to merge into is not there, or is this one."""

    number: int | None


@dataclass
class RuleMissing(Refusal):
    """Time was given, but the wish says by which rule it earns nothing yet."""
