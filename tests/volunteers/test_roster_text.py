"""Pasted lists in the shapes people really paste."""

from __future__ import annotations

import pytest

from volunteers.roster_text import MAX_ENTRIES, Entry, read_roster

CHAT = """#接龙
11月16日上午10点 藏式小区北门 清雪 请大家接龙
1. 保进才
2. 张永福 2栋2单元101
3. 格日勒（幸福家园）
4. 19900007565 多杰加
5. 卓玛 3栋4单元302
6. 切羊措 139****2210
7. 买买提•艾力
8.
"""


def test_numbered_chat_list_leaves_the_announcement_out():
    entries = read_roster(CHAT)

    assert [entry.name for entry in entries] == [
        "保进才",
        "张永福",
        "格日勒",
        "多杰加",
        "卓玛",
        "切羊措",
        "买买提·艾力",
    ]
    assert entries[1].door == "2栋2单元101"
    assert entries[2].estate == "幸福家园"
    assert entries[3].phone == "19900007565"
    assert entries[5].phone == "139****2210"
    assert entries[0].line == 3


@pytest.mark.parametrize(
    "line",
    [
        "才让卓玛、多杰才让、拉毛措",
        "才让卓玛 多杰才让 拉毛措",
        "才让卓玛\t多杰才让\t拉毛措",
        "才让卓玛,多杰才让，拉毛措",
    ],
)
def test_several_names_on_one_line(line):
    assert [entry.name for entry in read_roster(line)] == ["才让卓玛", "多杰才让", "拉毛措"]


def test_columns_of_a_spreadsheet():
    pasted = "序号\t姓名\t小区\t电话\n1\t才让卓玛\t藏式小区\t19900001234\n2\t扎西\t牧民新村\t\n"

    entries = read_roster(pasted, estates={"藏式小区", "牧民新村"})

    assert [(entry.name, entry.estate, entry.phone) for entry in entries] == [
        ("才让卓玛", "藏式小区", "19900001234"),
        ("扎西", "牧民新村", ""),
    ]


def test_full_width_numbers_and_zero_width_characters_are_read():
    [entry] = read_roster("１．１９９００００７５６５\u200b 多杰加")

    assert (entry.name, entry.phone) == ("多杰加", "19900007565")


def test_tibetan_name_is_one_name():
    assert read_roster("1. བསོད་ནམས་ལྷ་མོ།")[0].name == "བསོད་ནམས་ལྷ་མོ།"


def test_card_numbers_are_people_too():
    assert read_roster("2012345678903") == [Entry(1, "2012345678903", card="2012345678903")]


@pytest.mark.parametrize("nothing", ["", "\n\n", "1.\n2.\n", "#接龙\n", "   \t ", "12345"])
def test_nothing_to_read(nothing):
    assert read_roster(nothing) == []


def test_endless_list_ends():
    assert len(read_roster("卓玛\n" * 5000)) == MAX_ENTRIES
