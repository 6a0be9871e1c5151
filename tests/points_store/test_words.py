"""How numbers, days and names are said on a page, in each language."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import polib
import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

MORNING = datetime(2023, 11, 15, 20, 5, tzinfo=UTC)  # 04:05 of the 16th in Shanghai
CATALOGUES = {"bo": "bo", "mn-mong": "mn_Mong", "en": "en"}


def draw(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ 180|pts }}", '<span class="pts">180<small>分</small></span>'),
        ('{{ 15|pts:"hold" }}', '<span class="pts hold">15<small>分</small></span>'),
        ("{{ 3|signed_pts }}", '<span class="pts plus">+3<small>分</small></span>'),
        ("{{ -35|signed_pts }}", '<span class="pts minus">−35<small>分</small></span>'),
        ("{{ -1200|points }}", "−1200"),
        ("{{ '<b>索南拉毛'|mask }}", "&lt;****毛"),
        ("{{ '13812341234'|mask_phone }}", "138****1234"),
        ("{{ 'བསོད་ནམས'|first_letter }}", "བ"),
        ("{{ ''|first_letter }}", ""),
        ("{{ 90|percent_class }}", "pct-90"),
        ("{{ 180|percent_class:200 }}", "pct-90"),
        ("{{ 5|percent_class:0 }}", "pct-0"),
        ("{{ 999|percent_class }}", "pct-100"),
        ("{{ -3|percent_class }}", "pct-0"),
    ],
)
def test_a_part_of_a_page_is_drawn(source, html):
    assert draw(source) == html


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ moment|day }}", "11月16日 星期四"),
        ("{{ moment|long_day }}", "2023年11月16日 星期四"),
        ("{{ moment|clock }}", "04:05"),
        ("{{ moment|stamp }}", "2023-11-16 04:05"),
        ("{{ none|day }}{{ none|long_day }}{{ none|clock }}{{ none|stamp }}", ""),
    ],
)
def test_the_day_is_the_day_in_shanghai(source, said):
    assert draw(source, moment=MORNING, none=None) == said


@pytest.mark.parametrize(
    ("language", "digits", "day"),
    [
        ("en", "180", "Thursday 16 November"),
        ("bo", "༡༨༠", "ཟླ་༡༡ ཚེས་༡༦"),
        ("mn-mong", "᠑᠘᠐", "᠑᠑ ᠰᠠᠷ᠎ᠠ ᠶᠢᠨ ᠑᠖ ᠡᠳᠦᠷ"),
    ],
)
def test_digits_and_days_follow_the_language(language, digits, day):
    with translation.override(language):
        assert draw("{{ 180|points }}") == digits
        assert draw("{{ moment|day }}", moment=MORNING).startswith(day)


@pytest.mark.parametrize("locale", ["zh_Hans", "en", "bo", "mn_Mong"])
def test_dates_are_typed_the_same_way_in_every_language(locale):
    chinese = import_module("points_store.formats.zh_Hans.formats")
    formats = import_module(f"points_store.formats.{locale}.formats")
    assert formats.DATE_INPUT_FORMATS == chinese.DATE_INPUT_FORMATS
    assert formats.SHORT_DATE_FORMAT == "Y-m-d"
    assert formats.FIRST_DAY_OF_WEEK == 1


def test_what_a_slip_prints_is_the_same_in_every_language():
    with translation.override("bo"):
        assert draw("{{ moment|stamp }}", moment=MORNING) == "2023-11-16 04:05"


@pytest.mark.parametrize("language", ["bo", "mn-mong"])
def test_words_nobody_has_read_yet_are_marked_as_drafts(language):
    path = settings.BASE_DIR / "locale" / CATALOGUES[language] / "LC_MESSAGES" / "django.po"
    entries = polib.pofile(str(path))
    assert len(entries) > 30
    for entry in entries:
        assert entry.msgstr, entry.msgid
        assert "draft, to be read by a native reader" in entry.tcomment, entry.msgid
        assert entry.msgid.count("%(") == entry.msgstr.count("%("), entry.msgid
