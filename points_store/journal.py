"""The log: one line of JSON for each event, with the number of the request it belongs to.

A line never holds a value that somebody typed into the database: of a database's refusal only the
first sentence is kept, for what follows it (DETAIL) quotes the row.
"""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
_number: ContextVar[str] = ContextVar("request_number", default="")


def request_number() -> str:
    """Return the number of the request at hand, which its answer and its log lines carry."""
    return _number.get()


class NumberRequests:
    """Give each request a number of its own, whatever its sender calls it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _number.set(secrets.token_hex(5))
        try:
            response = self.get_response(request)
            response[HEADER] = request_number()
            return response
        finally:
            _number.reset(token)


class JsonLines(logging.Formatter):
    """Write a record as one line, however many lines its text has."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _first_sentence(record.getMessage()),
        }
        if number := request_number():
            line["request"] = number
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _told(exception: BaseException) -> list[str]:
    """Return what was raised and where, cause first, without the values in a row."""
    told: list[str] = []
    current: BaseException | None = exception
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        sentence = f"{type(current).__name__}: {_first_sentence(str(current))}"
        told = [*places, sentence, *told]
        current = current.__cause__
    return told


def _first_sentence(text: str) -> str:
    return text.split("\nDETAIL:", 1)[0].split("\nCONTEXT:", 1)[0].strip()
