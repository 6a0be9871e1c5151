"""What an import would do, row by row, before it does it; and the kinds of files there are."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import Promise

    from volunteers.importing.table import Column, Row, Table
    from volunteers.models import Community, User

SKIP = "skip"
NEW = "new"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    MATCH = "match"
    ASK = "ask"
    PROBLEM = "problem"
    SKIP = "skip"


@dataclass
class Line:
    """A row of the file: whom or what it is about, what becomes of it, and what there is to say."""

    row: Row
    subject: str
    outcome: Outcome
    says: list[str] = field(default_factory=list)

    @property
    def place(self) -> int:
        """The number of the row. A template asks a Row for its cells before its attributes."""
        return self.row.number

    @property
    def sheet(self) -> str:
        return self.row.sheet


@dataclass
class Question:
    """What the office has to decide: one choice, asked once for all the rows that need it."""

    key: str
    text: str
    choices: list[tuple[str, str]]
    rows: list[int] = field(default_factory=list)
    answer: str = SKIP


@dataclass(frozen=True)
class Context:
    """Whose import it is and what was said beside the file; texts as they were typed."""

    community: Community
    by: User
    at: datetime
    options: Mapping[str, str]
    answers: Mapping[str, str]


@dataclass
class Plan:
    """The whole of it. `work` is what `apply` of the same kind does, in its own terms."""

    lines: list[Line] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    work: list[Any] = field(default_factory=list)

    def ask(
        self, key: str, text: str, choices: Sequence[tuple[str, str]], row: int, context: Context
    ) -> str:
        """Put a question, or add a row to it; return the answer, `skip` while there is none."""
        if key not in self.questions:
            given = context.answers.get(key, SKIP)
            answer = given if given in {value for value, _label in choices} else SKIP
            self.questions[key] = Question(key, text, list(choices), [], answer)
        self.questions[key].rows.append(row)
        return self.questions[key].answer

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(line.outcome for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """The same for the same decisions on the same rows; another when the world moved on."""
        parts = [f"{line.row.sheet}/{line.row.number}/{line.outcome}" for line in self.lines]
        parts += [f"{question.key}={question.choices}" for question in self.questions.values()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: how it is recognised, planned and carried out."""

    slug: str
    label: Promise
    hint: Promise
    icon: str
    columns: tuple[Column, ...]
    plan: Callable[[Table, Context], Plan]
    apply: Callable[[Plan, Context], None]
    options: tuple[str, ...] = ()  # names of fields of UploadForm that it needs
    after: str = ""  # the page to go to, by URL name


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Offer a kind of file on the import page. Apps to the right call this when they are ready."""
    _KINDS[kind.slug] = kind


def kinds() -> list[ImportKind]:
    """Return what can be imported, in the order in which an office would."""
    order = ["roster", "rules", "rewards", "service", "opening"]
    return sorted(_KINDS.values(), key=lambda kind: order.index(kind.slug))


def kind_of(slug: str) -> ImportKind | None:
    """Return the kind, or nothing for an unknown word."""
    return _KINDS.get(slug)
