"""What evaluating refuses, as facts; the views word it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from volunteers.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class SubjectClosed(Refusal):
    """Nobody is asked about it any more."""


@dataclass
class TooFast(Refusal):
    """This device answered many times within a minute; the next may come at `until`."""

    until: datetime


@dataclass
class InvitationMissing(Refusal):
    """Only who was invited answers here."""


@dataclass
class InvitationUsed(Refusal):
    """The invitation has answered already."""


@dataclass
class ScoresMissing(Refusal):
    """Every dimension in use needs a score from 1 to 5."""


@dataclass
class NameTaken(Refusal):
    """The community has a subject of that name."""
