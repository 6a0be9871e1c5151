"""Reading the tables that people send: .xlsx and CSV, trusted for nothing.

Pure functions on bytes: no Django, no database. What is not a plain table of bounded size is
refused by its content, whatever its name, before openpyxl opens it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

import openpyxl
from openpyxl.cell import WriteOnlyCell

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CELL_LETTERS = 1_000
_MAX_MEMBERS = 500
# Streamed by openpyxl row by row; everything else of a workbook it keeps whole in memory.
_MAX_SHEET_ELEMENTS = 1_500_000
_MAX_STRINGS_BYTES = 20 * 1024 * 1024
_MAX_OTHER_BYTES = 4 * 1024 * 1024
_MAX_OTHER_ELEMENTS = 50_000
_CHUNK = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_CALCULATED = frozenset("=+-@\t\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableSheet(Exception):
    """Base of everything that is refused; nothing of the file was kept."""


class NotATable(UnreadableSheet):
    """Neither .xlsx nor a text table."""


class LockedOrOld(UnreadableSheet):
    """Encrypted with a password, or the binary .xls of before 2007."""


class HasMacros(UnreadableSheet):
    """A workbook that carries programs."""


class Tampered(UnreadableSheet):
    """Built to harm: a bomb, a declaration of entities, doubled members."""


class EmptyTable(UnreadableSheet):
    """There is nothing in it."""


@dataclass
class TooBig(UnreadableSheet):
    """More than so many megabytes."""

    limit: int


@dataclass
class TooManyRows(UnreadableSheet):
    """Something stands in this row."""

    row: int


@dataclass
class TooManyColumns(UnreadableSheet):
    """Something stands in this column, counted from 1."""

    column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows of texts. Row `n` of the file is `rows[n - 1]`; blank cells are ''."""

    name: str
    rows: list[list[str]]


def read_sheets(data: bytes) -> list[Sheet]:
    """Return the sheets of a .xlsx or the one of a CSV (UTF-8, UTF-16 or GB18030).

    Days come as `2023-06-08`, whole numbers without `.0`, a formula as its text with `=`.
    Raises a subclass of UnreadableSheet, within seconds and bounded memory.
    """
    if len(data) > MAX_BYTES:
        raise TooBig(MAX_BYTES // 1024 // 1024)
    if data.startswith(_OLE):
        raise LockedOrOld
    sheets = _workbook(data) if data.startswith(b"PK") else [_text_table(data)]
    if not any(any(row) for sheet in sheets for row in sheet.rows):
        raise EmptyTable
    return sheets


def write_xlsx(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook in which every cell is text: nothing in it is ever calculated."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # a text that begins with = stays a text
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with a mark that Excel knows; what looks like a formula is covered."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_covered(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _covered(text: str) -> str:
    return f"'{text}" if text[:1] in _CALCULATED else text


def _workbook(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_package(package)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as fault:
        raise NotATable from fault
    except (OSError, ValueError, RuntimeError) as fault:
        raise NotATable from fault
    try:
        return _open(data)
    except UnreadableSheet:
        raise
    except Exception as fault:  # a hostile file may break openpyxl in any way
        raise NotATable from fault


def _open(data: bytes) -> list[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        return [
            Sheet(
                sheet.title,
                [
                    [_text(value) for value in row]
                    for row in sheet.iter_rows(
                        min_row=1, max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True
                    )
                ],
            )
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    finally:
        book.close()


def _check_package(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    names = [member.filename for member in members]
    if "xl/workbook.xml" not in names:
        raise NotATable
    if any(member.flag_bits & 1 for member in members):
        raise LockedOrOld
    if len(members) > _MAX_MEMBERS or len(set(names)) != len(names):
        raise Tampered
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise HasMacros
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise TooBig(MAX_UNPACKED_BYTES // 1024 // 1024)
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _Scan(member.filename, member.file_size).read(package.open(member))


class _Scan:
    """Walks through one XML member without keeping it: no entities, bounded in every direction."""

    def __init__(self, name: str, size: int) -> None:
        self.is_sheet = name.startswith("xl/worksheets/")
        is_strings = name == "xl/sharedStrings.xml"
        self.most = _MAX_SHEET_ELEMENTS if self.is_sheet or is_strings else _MAX_OTHER_ELEMENTS
        if is_strings and size > _MAX_STRINGS_BYTES:
            raise TooBig(_MAX_STRINGS_BYTES // 1024 // 1024)
        if not (self.is_sheet or is_strings) and size > _MAX_OTHER_BYTES:
            raise Tampered
        self.elements = self.row = self.column = 0

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise NotATable from fault

    def _doctype(self, *_declaration: object) -> None:
        raise Tampered

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self.most:
            raise Tampered
        if not self.is_sheet:
            return
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif kind == "c":
            place = _CELL.match(attributes.get("r", ""))
            self.column = _column_number(place[1]) if place else self.column + 1
            self.row = int(place[2]) if place else self.row
        elif kind in {"v", "is", "f"}:
            if self.row > MAX_ROWS:
                raise TooManyRows(self.row)
            if self.column > MAX_COLUMNS:
                raise TooManyColumns(self.column)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL_LETTERS].strip()


def _text_table(data: bytes) -> Sheet:
    text = _decode(data)
    if _CONTROL.search(text) or text.lstrip().startswith("<"):
        raise NotATable
    head = text[:4000]
    delimiter = max(",\t;，", key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            while row and not row[-1].strip():
                row.pop()
            if row and len(rows) >= MAX_ROWS:
                raise TooManyRows(len(rows) + 1)
            if len(row) > MAX_COLUMNS:
                raise TooManyColumns(len(row))
            rows.append([_uncovered(cell) for cell in row])
    except csv.Error as fault:
        raise NotATable from fault
    return Sheet("", rows)


def _uncovered(cell: str) -> str:
    """Return a cell of CSV without the apostrophe that keeps a spreadsheet from calculating it."""
    text = _text(cell)
    return text[1:] if text.startswith("'") and text[1:2] in _CALCULATED else text


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable
