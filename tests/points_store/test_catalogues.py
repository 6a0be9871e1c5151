"""English says everything that Chinese says, with the same places to fill in."""

from __future__ import annotations

import re

import polib
import pytest
from django.conf import settings

from points_store.source_messages import Message, _in_python, _in_template, source_messages

PLACES = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def english():
    path = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return {
        Message(entry.msgid, entry.msgid_plural, entry.msgctxt): entry
        for entry in polib.pofile(str(path))
    }


def test_english_fills_in_the_same_places(english):
    wrong = [
        message.msgid
        for message, entry in english.items()
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if text and set(PLACES.findall(text)) != set(PLACES.findall(message.msgid))
    ]

    assert wrong == []


def test_no_english_line_is_chinese(english):
    chinese = re.compile(r"[\u4e00-\u9fff]")
    # What an office types into its own sheets and settings stays as it is typed there.
    typed = re.compile(
        "索南拉毛|城西社区|新源镇城西社区党群服务中心|藏式小区|轻|中|重|2分/次|3分/小时|简体中文"
    )

    left = {message.msgid: typed.sub("", entry.msgstr) for message, entry in english.items()}

    assert [msgid for msgid, text in left.items() if chinese.search(text)] == []


def test_every_sentence_has_its_english(english):
    said = {
        message
        for message, entry in english.items()
        if entry.msgstr or (entry.msgid_plural and all(entry.msgstr_plural.values()))
    }

    assert sorted(source_messages(settings.BASE_DIR) - said) == []


def test_sentences_are_found_wherever_they_are_marked():
    assert set(_in_python('x = _("一"); y = ngettext("二", "三", n)')) == {
        Message("一"),
        Message("二", "三"),
    }
    template = (
        "{% translate \"四\" %}{% translate '五' as x %}"
        "{% blocktranslate with a=b %}六 {{ a }}（(七)）{% endblocktranslate %}"
        '{{ _("八") }}'
    )
    assert {message.msgid for message in _in_template(template)} == {
        "四",
        "五",
        "六 %(a)s（(七)）",
        "八",
    }
