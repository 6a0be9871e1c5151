"""What the operations of people and service refuse, as facts; the views word them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class Refusal(Exception):
    """Base of everything a rule refuses; the transaction is rolled back."""


@dataclass
class SamePersonDecides(Refusal):
    """The one who entered it may not confirm it."""


@dataclass
class OwnPoints(Refusal):
    """Nobody decides on their own points or their household's."""

    volunteer_ids: Sequence[int]


@dataclass
class StateMovedOn(Refusal):
    """Somebody else was quicker: the thing is already in `state`."""

    state: str


@dataclass
class AlreadyRecorded(Refusal):
    """These people already have a record of the same activity on the same day."""

    volunteer_ids: Sequence[int]


@dataclass
class DayOverfull(Refusal):
    """With this record these people would have served more than 24 hours on one day."""

    volunteer_ids: Sequence[int]


@dataclass
class RuleNotInForce(Refusal):
    """No version of the rule holds on that day."""

    service_date: date


@dataclass
class DateInFuture(Refusal):
    service_date: date


@dataclass
class NobodyListed(Refusal):
    """A batch needs at least one person."""


@dataclass
class UnknownVolunteers(Refusal):
    """These ids are not active people of the community."""

    volunteer_ids: Sequence[int]


@dataclass
class ReasonMissing(Refusal):
    """Undoing and declining need a reason of at least two characters."""


@dataclass
class PinNotChosen(Refusal):
    """The resident has no PIN yet; a signature on paper still works."""


@dataclass
class BirthYearNeeded(Refusal):
    """A family may share the phone: the year of birth says who it is."""


@dataclass
class WrongPin(Refusal):
    """The PIN was wrong; `tries_left` more until a pause."""

    tries_left: int


@dataclass
class TooManyTries(Refusal):
    """Tries are paused until `until`; None means staff must reset the PIN."""

    until: datetime | None


@dataclass
class PinTooSimple(Refusal):
    """Six equal or running digits, or not six digits."""


@dataclass
class PinAlreadyChosen(Refusal):
    """There is a PIN; it changes only through itself or after staff have reset it."""


@dataclass
class NotIdentified(Refusal):
    """Nobody made sure who it is, or that was more than two minutes ago, or it was used."""


@dataclass
class ConfirmationNotValid(Refusal):
    """The PIN confirmation is used up, too old, or was given for something else."""


@dataclass
class AccountFrozen(Refusal):
    """The account is frozen while an objection is looked into."""

    reason: str


@dataclass
class TooManyPhotos(Refusal):
    """A page takes at most `limit` pictures."""

    limit: int


@dataclass
class PointsOutOfRange(Refusal):
    """A reviewer may give from 1 to `most` points for this deed."""

    most: int


@dataclass
class CapReached(Refusal):
    """The caps of the rule leave `left` points for this person on that day."""

    left: int


@dataclass
class AlreadyAsked(Refusal):
    """A wish to correct this record waits for its answer already."""
