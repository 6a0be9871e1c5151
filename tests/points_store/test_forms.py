"""The fields refuse what PostgreSQL would, and say so on the right input."""

from __future__ import annotations

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError

from points_store import forms


class PointsForm(forms.Form):
    points = forms.StrictIntegerField(label="积分", unit="分", help_text="整数", min_value=1)
    name = forms.NameField(label="姓名")
    phone = forms.PhoneField(label="手机号", required=False)
    level = django_forms.ChoiceField(label="强度", choices=[("a", "轻")], widget=forms.SegSelect)
    agreed = django_forms.BooleanField(label="同意", required=False)


@pytest.mark.parametrize(
    "typed",
    [
        "1_000",
        "１２",
        "༡༢",
        "٣",
        "5.0",
        "1e3",
        "",
        " ",
        "abc",
        "+5",
        "0x10",
        "1\x000",
        "9" * 1001,
        str(2**63),
        "1000001",
        "-1",
        "0",
        "−3",
    ],
)
def test_a_number_that_is_not_plain_digits_within_bounds_is_refused(typed):
    with pytest.raises(ValidationError):
        forms.StrictIntegerField(min_value=1).clean(typed)


@pytest.mark.parametrize(
    ("typed", "number"), [("20", 20), (" 20 ", 20), ("007", 7), ("1000000", 10**6)]
)
def test_a_plain_number_is_taken(typed, number):
    assert forms.StrictIntegerField(min_value=1).clean(typed) == number


def test_a_number_may_be_left_out_where_the_form_says_so():
    assert forms.StrictIntegerField(required=False).clean("") is None


@pytest.mark.parametrize("field", [forms.NameField(), forms.LineField(max_length=100)])
def test_text_is_bounded_and_refuses_nul(field):
    assert field.clean("བ" * 100) == "བ" * 100
    with pytest.raises(ValidationError, match="最多 100 个字，现在是 101 个"):
        field.clean("བ" * 101)
    with pytest.raises(ValidationError, match="看不见的字符"):
        field.clean("卓\x00玛")


def test_text_is_measured_after_it_is_cleaned():
    assert forms.NameField().clean("卓" * 100 + "\u200b" * 50) == "卓" * 100


def test_text_of_invisible_characters_only_is_empty():
    with pytest.raises(ValidationError):
        forms.NameField().clean("\u200b\u3000")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1399770261", "手机号少 1 位，应该是 11 位。"),
        ("139977026101", "手机号多 1 位，应该是 11 位。"),
        ("没有", "电话里只写数字"),
        ("23997702610", "电话里只写数字"),
    ],
)
def test_a_phone_says_what_is_wrong(typed, says):
    with pytest.raises(ValidationError, match=says):
        forms.PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("139-0000-1234", "13900001234"), ("0977-8261234", "09778261234"), ("8261234", "8261234")],
)
def test_a_phone_is_kept_as_digits(typed, kept):
    assert forms.PhoneField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "１２３４５６", "༡༢༣༤༥༦"])
def test_a_pin_is_six_plain_digits(typed):
    with pytest.raises(ValidationError, match="6 位数字"):
        forms.PinField().clean(typed)


def test_a_pin_is_never_drawn_again():
    class Pin(forms.Form):
        pin = forms.PinField(label="密码")

    assert "654321" not in str(Pin({"pin": "654321"}))


def test_each_page_has_a_key_of_its_own_and_sends_it_again():
    class Keyed(forms.Form):
        key = forms.RequestKeyField()

    first, second = Keyed(), Keyed()
    assert first["key"].value() != second["key"].value()
    key = str(first["key"].value())
    assert f'value="{key}"' in str(Keyed({"key": key}))


def test_a_field_is_drawn_label_hint_error_input():
    html = str(PointsForm({"name": "卓玛", "level": "a"}))
    parts = ["积分", 'id="id_points_helptext"', 'id="id_points_error"', 'name="points"', "<span>分"]
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_points_helptext id_points_error"' in html
    assert " required" not in html


def test_optional_fields_say_so_and_required_ones_are_named_when_empty():
    form = PointsForm({})
    html = str(form)
    assert html.count("（可以不填）") == 1
    assert form.errors["name"] == ["请填写姓名。"]
    assert form.errors["level"] == ["请选择强度。"]


def test_exclusive_choices_are_a_group_with_a_legend():
    html = str(PointsForm())
    assert '<fieldset class="field"' in html
    assert '<div class="seg"' in html
