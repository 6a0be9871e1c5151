from __future__ import annotations

import resource
import time
from datetime import datetime

import pytest

from points_store import sheets
from tests import office_files

HOSTILE = office_files.hostile()
REFUSED_AS = {
    "words": sheets.NotATable,
    "page": sheets.NotATable,
    "picture": sheets.NotATable,
    "zip": sheets.NotATable,
    "other package": sheets.NotATable,
    "old or locked": sheets.LockedOrOld,
    "empty": sheets.EmptyTable,
    "nothing in it": sheets.EmptyTable,
    "bomb": sheets.TooBig,
    "far cell": sheets.TooManyRows,
    "wide row": sheets.Tampered,
    "entities": sheets.Tampered,
    "macro": sheets.HasMacros,
    "many rows": sheets.TooManyRows,
    "many columns": sheets.TooManyColumns,
    "broken": sheets.NotATable,
    "too big": sheets.TooBig,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_fast_and_in_little_memory(name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()

    with pytest.raises(REFUSED_AS[name]):
        sheets.read_sheets(HOSTILE[name])

    assert time.perf_counter() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


def test_cells_come_as_plain_texts():
    rows = [[datetime(2023, 6, 8), 19900004816, 1.5, 2.0, None, " 卓玛 ", "=1+1", True]]

    [sheet] = sheets.read_sheets(office_files.xlsx(rows))

    assert sheet.rows[0][:8] == [
        "2023-06-08", "19900004816", "1.5", "2", "", "卓玛", "=1+1", "True",
    ]  # fmt: skip


def test_every_visible_sheet_is_read():
    data = office_files.xlsx([["姓名"]], [["物品"]])

    assert [sheet.name for sheet in sheets.read_sheets(data)] == ["表1", "表2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_of_office_programs(encoding, delimiter):
    data = f"姓名{delimiter}电话\n𠮷{delimiter}'=1\n".encode(encoding)

    [sheet] = sheets.read_sheets(data)

    assert sheet.rows == [["姓名", "电话"], ["𠮷", "=1"]]
