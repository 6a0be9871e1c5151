"""On a Tibetan or Mongolian page, what is still Chinese says that it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from points_store.catalogues import compile_catalogues
from points_store.fallback import mark_chinese
from tests import factories, residents


@pytest.fixture(autouse=True, scope="module")
def _catalogues():
    compile_catalogues()


@pytest.fixture
def mine(client, lamao):
    return residents.sign_in(client, lamao)


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>可用积分</p>", '<p><span lang="zh-Hans">可用积分</span></p>'),
        ("<p>ལག་དེབ།</p>", "<p>ལག་དེབ།</p>"),
        ("<p>剩 3 口。</p>", '<p><span lang="zh-Hans">剩 3 口。</span></p>'),
        ("<p>ལྷག་མ་ 3 <b>水壶</b></p>", '<p>ལྷག་མ་ 3 <b><span lang="zh-Hans">水壶</span></b></p>'),
        ('<a aria-label="返回">x</a>', '<a aria-label="返回">x</a>'),
        ("<option>全部</option>", "<option>全部</option>"),
        ("<!-- 说明 --><i>a &lt; b</i>", "<!-- 说明 --><i>a &lt; b</i>"),
        ("<b>“好”</b>", '<b><span lang="zh-Hans">“好”</span></b>'),
        ("水&lt;壶", '<span lang="zh-Hans">水</span>&lt;<span lang="zh-Hans">壶</span>'),
    ],
)
def test_only_chinese_text_is_marked(html, marked):
    assert mark_chinese(html) == marked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "lang", "words", "digits"),
    [
        ("bo", "bo", "བེད་སྤྱོད་ཆོག་པའི་བསགས་སྐར།", "༡༨༠"),
        ("mn-mong", "mn-Mong", "ᠬᠡᠷᠡᠭᠯᠡᠵᠦ ᠪᠣᠯᠬᠤ ᠣᠨᠣᠭ᠎ᠠ", "᠑᠘᠐"),
    ],
)
def test_the_handbook_speaks_the_chosen_language(mine, code, lang, words, digits):
    mine.post(reverse("language"), {"language": code, "next": "/mine/"})

    text = mine.get(reverse("mine:handbook")).text

    assert f'<html lang="{lang}"' in text
    assert words in text
    assert digits in text
    assert '<span lang="zh-Hans">从纸质手册转来</span>' in text
    assert "CX-0001" in text


@pytest.mark.django_db
def test_a_chinese_page_is_not_touched(mine):
    assert '<span lang="zh-Hans">可用积分</span>' not in mine.get(reverse("mine:handbook")).text


@pytest.mark.django_db
def test_a_name_with_markup_stays_text(client, community, duojie):
    name = "<script>水</script>"
    new = factories.make_volunteer(community, name, by=duojie)
    residents.sign_in(client, new)
    client.post(reverse("language"), {"language": "bo", "next": "/mine/"})

    text = client.get(reverse("mine:handbook")).text

    assert "<script>水" not in text
    assert '&lt;script&gt;<span lang="zh-Hans">水</span>&lt;/script&gt;' in text
