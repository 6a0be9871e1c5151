"""What every template and stylesheet keeps to, read from the files themselves."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
MOST_LINES = 150
PHONE_STYLES = ("tokens", "base", "components", "percent", "phone", "print")
PHONE_BYTES = 60 * 1024
_SAID = re.compile(
    r"{#.*?#}|{% comment %}.*?{% endcomment %}|{% (?:translate|include) .*?%}"
    r"|{% blocktranslate.*?{% endblocktranslate %}|{{[^}]*_\(.*?}}",
    re.DOTALL,
)


def name(path):
    return str(path.relative_to(ROOT))


@cache
def symbols(sprite):
    return set(re.findall(r'id="([^"]+)"', (ROOT / "static" / "img" / sprite).read_text("utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_keeps_to_the_content_policy(path):
    source = path.read_text("utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=", source)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source)
    assert not re.search(r"<style|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_can_be_read_in_one_go(path):
    assert path.read_text("utf-8").count("\n") <= MOST_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_word_people_see_can_be_translated(path):
    if path.parent.name == "gallery":
        return  # its invented resident has a name in every language
    rest = _SAID.sub("", path.read_text("utf-8"))
    assert re.findall(r"[\u3400-\u9fff][^<{\n]*", rest) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_drawing_a_template_names_exists(path):
    source = path.read_text("utf-8")
    icons = set(re.findall(r'{% icon "([^"]+)"', source)) | set(
        re.findall(r' icon="([^"]+)"', source)
    )
    assert {f"i-{icon}" for icon in icons} <= symbols("sprite.svg")
    assert {f"g-{pic}" for pic in re.findall(r'{% pic "([^"]+)"', source)} <= symbols("goods.svg")


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_every_file_a_stylesheet_names_exists_here(path):
    for address in re.findall(r"url\(\"?([^)\"]+)", path.read_text("utf-8")):
        assert (path.parent / address).resolve().is_file(), address


def test_a_resident_page_needs_little():
    sizes = [(ROOT / "static" / "css" / f"{style}.css").stat().st_size for style in PHONE_STYLES]
    assert sum(sizes) <= PHONE_BYTES


def test_the_drawings_are_whole():
    assert len(symbols("sprite.svg")) >= 40
    assert len(symbols("goods.svg")) == 20
