"""JSON that means exactly what it says: bounded, without surprises."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser

from points_store.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_LIST = 500
MAX_DIGITS = 18


class StrictJSONParser(BaseParser):
    """UTF-8 JSON of at most 1 MB, 32 levels and lists of 500; keys once; no NUL, no lone surrogate.

    Raises Problem 413 for size, ValidationError (400) for everything else.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 -- JSON is of every type
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", limit_bytes=MAX_BYTES)
        try:
            text = raw.decode("utf-8")
            _check_depth(text)
            data = json.loads(
                text,
                object_pairs_hook=_object,
                parse_int=_integer,
                parse_constant=_refuse_constant,
            )
        except (ValueError, RecursionError) as wrong:
            raise ValidationError({"body": [str(wrong)[:200]]}) from wrong
        _check(data)
        return data


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer: no string, no `5.0`, no `true`, no `1e3`."""

    def to_internal_value(self, data: object) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class StrictCharField(serializers.CharField):
    """A JSON string; numbers are not turned into one."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Body(serializers.Serializer[Any]):
    """A body that takes no member it does not know."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 -- the framework's signature
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError({name: ["unknown member"] for name in unknown})
        return super().to_internal_value(data)


def _check_depth(text: str) -> None:
    """Refuse nesting before the recursive parser meets it; brackets within strings do not count."""
    depth, is_text, is_escaped = 0, False, False
    for character in text:
        if is_text:
            if is_escaped:
                is_escaped = False
            elif character == "\\":
                is_escaped = True
            elif character == '"':
                is_text = False
        elif character == '"':
            is_text = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested more than {MAX_DEPTH} deep")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _check(data: object) -> None:
    """Refuse long lists and texts that PostgreSQL cannot keep."""
    if isinstance(data, dict):
        for name, value in data.items():
            _check(name)
            _check(value)
    elif isinstance(data, list):
        if len(data) > MAX_LIST:
            raise ValidationError({"body": [f"a list of more than {MAX_LIST}"]})
        for value in data:
            _check(value)
    elif isinstance(data, str) and (
        "\0" in data or any("\ud800" <= character <= "\udfff" for character in data)
    ):
        raise ValidationError({"body": ["a text with NUL or a lone surrogate"]})
