"""Marks the Chinese words of a page that speaks another script, for screen readers and fonts.

Tibetan and Mongolian are drafts of a few pages; every other sentence falls back to Chinese. A page
that says it is Tibetan would have its Chinese read out as Tibetan, so each such run says that it
is Chinese.
"""

from __future__ import annotations

import re

HAN = "\u3400-\u9fff\uf900-\ufaff"
# From a Chinese letter to the last one before a tag, with the digits and signs between them.
_RUN = re.compile(rf"[“《（{HAN}](?:[^<>&]*[{HAN}。，！？：、”》）])?")
_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_NO_MARKUP_INSIDE = ("option", "textarea", "title", "script", "style")


def mark_chinese(html: str) -> str:
    """Return the HTML with every run of Chinese letters in its text inside a span of its own."""
    marked = []
    closing = ""
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            name = re.match(r"<\s*(/?[a-zA-Z0-9]+)", piece)
            tag = name[1].lower() if name else ""
            if closing and tag == closing:
                closing = ""
            elif not closing and tag in _NO_MARKUP_INSIDE:
                closing = f"/{tag}"
            marked.append(piece)
        elif closing:
            marked.append(piece)
        else:
            marked.append(_RUN.sub(r'<span lang="zh-Hans">\g<0></span>', piece))
    return "".join(marked)
