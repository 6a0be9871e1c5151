"""Every sentence marked for translation in the code and the templates, without xgettext.

Python is read as a syntax tree; a template is first turned into Python-like calls by Django's own
`templatize`, as makemessages does.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPS = ("points_store", "ledger", "volunteers", "rewards", "wishes", "board", "evaluations")
SINGLE = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CALL = re.compile(r"\b(ngettext|pgettext|npgettext|gettext|_)\(")


class Message(NamedTuple):
    """A sentence as a catalogue keys it; `plural` is empty where there is only one form."""

    msgid: str
    plural: str = ""
    context: str | None = None


def source_messages(base: Path) -> set[Message]:
    """Return every marked sentence below `base`: the apps' Python and templates/."""
    found: set[Message] = set()
    for app in APPS:
        for path in sorted((base / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found.update(_in_python(path.read_text(encoding="utf-8")))
    for path in sorted((base / "templates").rglob("*.html")):
        found.update(_in_template(path.read_text(encoding="utf-8")))
    return {message for message in found if message.msgid}


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)


def _in_call(node: ast.Call) -> Iterator[Message]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    texts = [
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if name in PLURAL and len(texts) >= 2:  # noqa: PLR2004 -- singular and plural
        yield Message(texts[0], texts[1])
    elif name.startswith("pgettext") and len(texts) >= 2:  # noqa: PLR2004 -- context and text
        yield Message(texts[1], context=texts[0])
    elif name in SINGLE and texts:
        yield Message(texts[0])


def _in_template(source: str) -> Iterator[Message]:
    """Parse each call that `templatize` leaves; what stands around the calls is filler."""
    written = templatize(source)
    for call in CALL.finditer(written):
        text = _balanced(written[call.start() :])
        if text:
            parsed = ast.parse(text, mode="eval").body
            if isinstance(parsed, ast.Call):
                yield from _in_call(parsed)


def _balanced(text: str) -> str:
    """Return `text` up to the parenthesis that closes its first call."""
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string == "(":
                depth += 1
            elif token.string == ")":
                depth -= 1
                if depth == 0:
                    lines = text.splitlines(keepends=True)[: token.end[0]]
                    lines[-1] = lines[-1][: token.end[1]]
                    return "".join(lines)
    except (tokenize.TokenError, IndentationError):
        return ""
    return ""
