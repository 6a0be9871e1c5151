"""What a typed or pasted text becomes before it is kept, compared or shown to others.

Pure functions on strings: no Django, no database, so every layer of every app may import them.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations, groupby, product
from typing import TYPE_CHECKING, NamedTuple

from pypinyin import Style, load_single_dict, pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME_DOT = "\u00b7"
# Middle dots that keyboards, fonts and old spreadsheets put between the parts of a name.
_MIDDLE_DOTS = "\u00b7\u0387\u2022\u2027\u2219\u22c5\u25cf\u2e31\u30fb\uff65\ua78f\u2e33"
# Full stops that stand for the name dot, but only between two letters that are not Latin
# (买买提.艾力, 买买提。艾力); "J. R. Smith" keeps its stops.
_STOPS = ".\uff0e\u2024\u3002\uff61"
_DOT_RUN = re.compile(rf"\s*[{_MIDDLE_DOTS}](?:\s*[{_MIDDLE_DOTS}])*\s*")
_STOP_RUN = re.compile(rf"\s*[{_STOPS}](?:\s*[{_STOPS}])*\s*")
_SPACE_RUN = re.compile(r"\s+")
_HAN_GAP = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
# Letters and marks that take no room on screen though Unicode does not call them format characters.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_MONGOLIAN_VOWEL_SEPARATOR = "\u180e"
_MAX_READINGS = 24
_MAX_PINYIN_LETTERS = 600
_MAX_INITIALS = 300
_MAX_STARS = 4
_SHORTEST_FULL_PHONE = 10

# Characters of real names that pypinyin's table lacks.
load_single_dict({ord("𠮷"): "jí"})


class PinyinKeys(NamedTuple):
    """Search keys of a name: every reading as one word, words separated by single spaces."""

    pinyin: str
    initials: str


def _is_mongolian(character: str) -> bool:
    return "\u1800" <= character <= "\u18af"


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _visible(text: str, *, keep: str = "") -> str:
    """Return `text` without control, format, surrogate and other invisible characters.

    White space of every kind survives as a plain space. The vowel separator of the Mongolian
    script is a letter's ending, not an accident of copying, and stays inside a Mongolian word.
    """
    kept = []
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if character in keep:
            kept.append(character)
        elif character.isspace() or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif character == _MONGOLIAN_VOWEL_SEPARATOR and index and _is_mongolian(text[index - 1]):
            kept.append(character)
        elif category in {"Cc", "Cf", "Cs"} or character in _INVISIBLE:
            continue
        elif not _is_variation_selector(character):
            kept.append(character)
    return "".join(kept)


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _is_latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "")


def _join(match: re.Match[str], *, latin_too: bool) -> str:
    """Return the name dot where `match` stands between two letters, else what was there."""
    text = match.string
    if match.start() == 0 or match.end() == len(text):
        return match.group()
    before, after = text[match.start() - 1], text[match.end()]
    if not (_is_word(before) and _is_word(after)):
        return match.group()
    if not latin_too and (_is_latin(before) or _is_latin(after)):
        return match.group()
    return NAME_DOT


def normalise_name(raw: str) -> str:
    """Return the one spelling under which a person's name is kept.

    Unicode NFC; no invisible characters; every kind of name dot becomes U+00B7 without spaces
    round it; the padding inside 王　芳 goes, the space in `Tenzin Dolma` stays.
    """
    name = _visible(unicodedata.normalize("NFC", raw))
    name = _SPACE_RUN.sub(" ", name).strip()
    name = _DOT_RUN.sub(lambda match: _join(match, latin_too=True), name)
    name = _STOP_RUN.sub(lambda match: _join(match, latin_too=False), name)
    return unicodedata.normalize("NFC", _HAN_GAP.sub("", name))


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common: no dots, no spaces, case folded."""
    bare = normalise_name(name)
    return "".join(c for c in bare if c != NAME_DOT and not c.isspace()).casefold()


def normalise_line(raw: str) -> str:
    """Return one line of free text: NFC, full-width ASCII folded, spaces single, ends trimmed."""
    return _SPACE_RUN.sub(" ", fold_width(_visible(unicodedata.normalize("NFC", raw)))).strip()


def normalise_paragraph(raw: str) -> str:
    """Return free text of several lines, cleaned as `normalise_line` does, line by line."""
    lines = _visible(raw.replace("\r\n", "\n").replace("\r", "\n"), keep="\n").split("\n")
    return "\n".join(normalise_line(line) for line in lines).strip("\n")


def fold_width(text: str) -> str:
    """Return `text` with full-width digits and Latin letters as ASCII; punctuation stays."""
    return "".join(
        chr(ord(c) - 0xFEE0) if "０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ" else c
        for c in text
    )


def normalise_number(raw: str) -> str:
    """Return typed digits as ASCII without spaces; whatever is not a digit stays to be refused."""
    return re.sub(r"\s", "", fold_width(_visible(raw)))


def normalise_phone(raw: str) -> str:
    """Return a phone number as digits: no spaces, brackets, hyphens, country code or `.0`."""
    text = normalise_number(raw).replace("＋", "+")
    text = re.sub(r"\.0+$", "", text)
    text = re.sub(r"[()（）\-\u2010-\u2015\u2212－.]", "", text)
    return re.sub(r"^(?:\+|00)86(?=\d)", "", text)


def clusters(text: str) -> list[str]:
    """Return the letters a reader sees, each with its marks and the letters stacked under it."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character)[0] == "M":
            found[-1] += character
        else:
            found.append(character)
    return found


def mask_name(name: str) -> str:
    """Return `name` as others may see it: 索**毛, 索*毛, 卓*; never the whole of it.

    At most four stars, so that the length of a long name tells nothing.
    """
    letters = clusters(normalise_name(name))
    while letters and not _is_word(letters[-1][0]):
        letters.pop()
    match letters:
        case [] | [_]:
            return "*"
        case [first, _]:
            return f"{first}*"
        case _:
            return f"{letters[0]}{'*' * min(len(letters) - 2, _MAX_STARS)}{letters[-1]}"


def mask_phone(phone: str) -> str:
    """Return `phone` as 138****1234; a shorter number keeps its last two digits only."""
    digits = normalise_phone(phone)
    if not digits:
        return ""
    if len(digits) < _SHORTEST_FULL_PHONE:
        return f"****{digits[-2:]}"
    return f"{digits[:3]}****{digits[-4:]}"


def _choices(readings: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the usual reading first, then those with one, two … characters read otherwise."""
    usual = [options[0] for options in readings]
    several = [index for index, options in enumerate(readings) if len(options) > 1]
    for changed in range(len(several) + 1):
        for places in combinations(several, changed):
            for others in product(*(readings[place][1:] for place in places)):
                chosen = usual.copy()
                for place, other in zip(places, others, strict=True):
                    chosen[place] = other
                yield tuple(chosen)


def pinyin_keys(name: str) -> PinyinKeys:
    """Return the pinyin and the initials of `name`, all readings of polyphonic characters.

    单芳 gives `danfang chanfang shanfang` and `df cf sf`. At most 24 readings, the usual one
    first, in 600 letters of pinyin and 300 initials; scripts without pinyin add nothing.
    """
    readings: list[list[str]] = []
    for is_ascii, run in groupby(name_key(name), str.isascii):
        if is_ascii:
            readings += [[letter] for letter in run if letter.isalnum()]
        else:
            found = pinyin("".join(run), style=Style.NORMAL, heteronym=True, errors="ignore")
            readings += [list(dict.fromkeys(options)) for options in found]
    spellings: dict[str, None] = {}
    initials: dict[str, None] = {}
    for index, choice in enumerate(_choices(readings)):
        if index == _MAX_READINGS:
            break
        spellings["".join(choice)] = None
        initials["".join(syllable[0] for syllable in choice)] = None
    return PinyinKeys(_bounded(spellings, _MAX_PINYIN_LETTERS), _bounded(initials, _MAX_INITIALS))


def _bounded(words: Iterable[str], limit: int) -> str:
    """Return as many whole words as fit `limit`; a first word too long for itself is cut."""
    kept = ""
    for word in filter(None, words):
        longer = f"{kept} {word}" if kept else word[:limit]
        if len(longer) > limit:
            break
        kept = longer
    return kept
