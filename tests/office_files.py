"""Tables as an office makes them, and files that mean harm."""

from __future__ import annotations

import functools
import io
import zipfile
from datetime import datetime

import openpyxl

ROSTER_HEADER = [
    "序号", "姓名", "藏文姓名", "性别", "出生年月", "联系电话", "小区", "楼栋门牌", "户主",
    "工作单位", "双报到", "身份证号", "备注",
]  # fmt: skip
ID_NUMBER = "63282319640603558X"
MESSY_ROSTER = [
    ["新源镇社区志愿者花名册"],
    ["填表单位：社区居民委员会        填表时间：2023年10月"],
    ROSTER_HEADER,
    [1, "桑杰本", None, "女", "19781019", "199-0000-8712", "牧民新村", "2栋1单元602"],
    [2, "央金才让", None, "女", "1964-06", "19900007322", "牧民新村", "2栋1单元602", "桑杰本",
     None, None, ID_NUMBER, "独居"],
    [3, "才让\u200b尖措\u3000", None, "女", "2001年1月", "无", "牧民新村", "2栋1单元602", "桑杰本"],
    [],
    [4, "买买提•艾力", None, "男", "2006/04/10", 19900004816, "牧民新村", "2栋1单元302"],
    [5, "白玛扎西", None, "男", datetime(1973, 6, 1), "１９９００００３７２０", "幸福家园",
     "3栋4单元103", None, "县第一小学", "是"],
    [6, "扎西", "བཀྲ་ཤིས།", "女", "1938.5", None, "幸福家园", "3栋3单元403"],
    [7, "扎西", "བཀྲ་ཤིས།", "女", "1966.3", None, "河东小区", "1栋3单元101"],
    [999, None, "བཀྲ་ཤིས།", "女", "1968年13月", "1380013800", "幸福家园", "3栋3单元403"],
    [8, "扎西", "བཀྲ་ཤིས།", "女", "1966.3", None, "河东小区", "1栋3单元101"],
    ["合计", "8人"],
]  # fmt: skip
SERVICE_HEADER = ["日期", "活动名称", "地点", "姓名", "住址", "时长(小时)", "劳动强度", "备注"]


def xlsx(*sheets):
    """Return the bytes of a workbook with one list of rows to the sheet."""
    book = openpyxl.Workbook(write_only=True)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, changes, **more):
    """Return the package with members replaced or added: name → bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in changes:
                after.writestr(name, before.read(name))
        for name, content in changes.items():
            after.writestr(name, content)
    return out.getvalue()


def sheet_xml(inner):
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<?xml version="1.0"?><worksheet {space}><sheetData>{inner}</sheetData></worksheet>'


@functools.cache
def hostile():
    """Return name → bytes of files that nobody should send."""
    plain = xlsx([["姓名"], ["卓玛"]])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b"<x>" + b" " * (60 * 1024 * 1024) + b"</x>"
    entities = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f'<!ENTITY {b} "&{a};&{a};&{a};&{a};">'
            for a, b in zip("abcdefg", "bcdefgh", strict=True)
        )
        + "]><worksheet>&h;</worksheet>"
    )
    return {
        "words": b"hello \x00\x01\x02",
        "page": b"<html><table></table></html>",
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "zip": repacked(plain, {})[:200],
        "other package": _package({"word/document.xml": b"<a/>"}),
        "old or locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "empty": b"",
        "nothing in it": xlsx([[]]),
        "bomb": repacked(plain, {"xl/media/a.xml": bomb}),
        "far cell": repacked(
            plain, {sheet: sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}
        ),
        "wide row": repacked(plain, {sheet: sheet_xml(f"<row>{'<c/>' * 2_000_000}</row>")}),
        "entities": repacked(plain, {sheet: entities}),
        "macro": repacked(plain, {"xl/vbaProject.bin": b"x"}),
        "many rows": xlsx([["姓名"], *[[f"人{i}"] for i in range(5_001)]]),
        "many columns": xlsx([["姓名", *range(60)]]),
        "broken": repacked(plain, {"xl/workbook.xml": b"<workbook>"}),
        "too big": b"a,b\n" * 2_000_000,
    }


def _package(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()
