"""What becomes of names, numbers and phones as people really type them."""

from __future__ import annotations

import pytest

from points_store import text

TIBETAN = "བསོད་ནམས་ལྷ་མོ།"

# typed, kept
NAMES = [
    ("索南拉毛", "索南拉毛"),
    ("  索南拉毛  ", "索南拉毛"),
    ("索南 拉毛", "索南拉毛"),
    ("王　芳", "王芳"),
    ("王\u00a0芳", "王芳"),
    ("王\t芳", "王芳"),
    ("王\n芳", "王芳"),
    ("买买提·艾力", "买买提·艾力"),
    ("买买提•艾力", "买买提·艾力"),
    ("买买提・艾力", "买买提·艾力"),
    ("买买提･艾力", "买买提·艾力"),
    ("买买提‧艾力", "买买提·艾力"),
    ("买买提⋅艾力", "买买提·艾力"),
    ("买买提∙艾力", "买买提·艾力"),
    ("买买提·艾力", "买买提·艾力"),
    ("买买提.艾力", "买买提·艾力"),
    ("买买提．艾力", "买买提·艾力"),
    ("买买提。艾力", "买买提·艾力"),
    ("买买提｡艾力", "买买提·艾力"),
    ("买买提 · 艾力", "买买提·艾力"),
    ("买买提··艾力", "买买提·艾力"),
    ("买买提·艾力.库尔班", "买买提·艾力·库尔班"),
    ("卓玛\u200b", "卓玛"),
    ("卓\u200d玛", "卓玛"),
    ("\ufeff卓玛", "卓玛"),
    ("\u202e卓玛\u202c", "卓玛"),
    ("\u2066卓玛\u2069", "卓玛"),
    ("卓\u00ad玛", "卓玛"),
    ("卓玛\ufe0f", "卓玛"),
    ("卓玛\u3164", "卓玛"),
    ("卓\x00玛", "卓玛"),
    ("卓\ud800玛", "卓玛"),
    ("𠮷田", "𠮷田"),
    ("葛\U000e0100", "葛"),
    ("\uf900", "\u8c48"),  # a compatibility character has one canonical form
    ("J. R. Smith", "J. R. Smith"),
    ("Tenzin  Dolma", "Tenzin Dolma"),
    ("Jose\u0301", "José"),
    (TIBETAN, TIBETAN),
    ("བ" * 100, "བ" * 100),
    ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ"),
    ("ᠰᠠᠷ\u180eᠠ", "ᠰᠠᠷ\u180eᠠ"),  # the separator is part of the spelling there
    ("卓\u180e玛", "卓玛"),
    ("·卓玛", "·卓玛"),
    ("", ""),
    (" \u200b ", ""),
]


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_a_name_is_kept_in_one_spelling(typed, kept):
    assert text.normalise_name(typed) == kept


@pytest.mark.parametrize("kept", sorted({kept for _, kept in NAMES}))
def test_a_kept_name_stays_as_it_is(kept):
    assert text.normalise_name(kept) == kept


def test_names_that_differ_in_dots_spaces_and_case_share_a_key():
    keys = {text.name_key(name) for name in ("买买提·艾力", "买买提 艾力", "买买提艾力")}
    assert keys == {"买买提艾力"}
    assert text.name_key("Tenzin Dolma") == text.name_key("TENZIN DOLMA")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("３栋１０２", "3栋102"), (" 3 栋  102 ", "3 栋 102"), ("Ａ座", "A座"), ("a\x07b", "ab")],
)
def test_a_line_has_single_spaces_and_plain_digits(typed, kept):
    assert text.normalise_line(typed) == kept


def test_a_paragraph_keeps_its_lines():
    assert text.normalise_paragraph("帮邻居\r\n  买药 \n\n") == "帮邻居\n买药"


@pytest.mark.parametrize(
    "typed",
    [
        "13900001234",
        "139-0000-1234",
        "１３９００００１２３４",
        "+86 139 0000 1234",
        "13900001234.0",
    ],
)
def test_a_phone_is_kept_as_digits(typed):
    assert text.normalise_phone(typed) == "13900001234"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("索南拉毛", "索**毛"),
        ("索拉毛", "索*毛"),
        ("卓玛", "卓*"),
        ("张", "*"),
        ("", "*"),
        ("买买提·艾力", "买****力"),
        ("𠮷田", "𠮷*"),
        (TIBETAN, "བ****མོ"),
        ("བ" * 100, "བ****བ"),
    ],
)
def test_others_never_see_a_whole_name(name, shown):
    assert text.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("8261234", "****34"),
        ("", ""),
        ("0977-8261234", "097****1234"),
    ],
)
def test_a_phone_is_shown_without_its_middle(phone, shown):
    assert text.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("索南拉毛", "suonanlamao", "snlm"),
        ("曾国藩", "zengguofan", "zgf"),
        ("单芳", "shanfang", "sf"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("𠮷田", "jitian", "jt"),
        ("马Ali", "maali", "mali"),
    ],
)
def test_a_name_is_found_by_every_reading(name, pinyin, initials):
    keys = text.pinyin_keys(name)
    assert pinyin in keys.pinyin.split()
    assert initials in keys.initials.split()


def test_a_name_without_chinese_has_no_pinyin():
    assert text.pinyin_keys(TIBETAN) == ("", "")


def test_a_hundred_polyphonic_characters_give_keys_of_bounded_length():
    keys = text.pinyin_keys("仇乐行朴" * 25)
    assert 0 < len(keys.pinyin) <= 600
    assert 0 < len(keys.initials) <= 300


@pytest.mark.parametrize("typed", ["\u0f40\u0fb5" * 50, "\u0301", "\u200d", "·", "。"])
def test_odd_letters_do_no_harm(typed):
    for clean in (text.normalise_name, text.normalise_line, text.mask_name, text.name_key):
        assert "\u200d" not in clean(typed)
    text.pinyin_keys(typed)
