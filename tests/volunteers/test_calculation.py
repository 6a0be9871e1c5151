"""Minutes into points: whole numbers, half up, caps after the factor."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.calculation import calculate
from volunteers.models import PointsRuleVersion

whole = st.integers(0, 1000)


def points(occasion=0, hour=0, *, minutes=60, percent=100, **caps):
    figures = {name: caps.pop(name) for name in list(caps) if name.endswith("cap_points")}
    version = PointsRuleVersion(per_occasion_points=occasion, per_hour_points=hour, **figures)
    return calculate(version=version, minutes=minutes, percent=percent, **caps).points


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (2, {"occasion": 2, "minutes": 90}),
        (4, {"occasion": 2, "percent": 200}),
        (3, {"hour": 2, "minutes": 90}),
        (8, {"hour": 2, "minutes": 120, "percent": 200}),
        (1, {"hour": 1, "minutes": 30}),  # a half goes up
        (0, {"hour": 1, "minutes": 29}),
        (2, {"hour": 1, "minutes": 60, "percent": 150}),  # 1.5 goes up
    ],
)
def test_the_formula(expected, facts):
    assert points(**facts) == expected


@given(whole, whole, st.integers(1, 1440), st.integers(1, 1000))
def test_the_formula_is_half_up_of_the_exact_sum(occasion, hour, minutes, percent):
    exact = (occasion + Fraction(hour * minutes, 60)) * Fraction(percent, 100)
    assert points(occasion, hour, minutes=minutes, percent=percent) == (exact + Fraction(1, 2)) // 1


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (3, {"day_cap_points": 3}),
        (1, {"day_cap_points": 3, "day_points_before": 2}),
        (0, {"day_cap_points": 3, "day_points_before": 9}),
        (2, {"day_cap_points": 3, "month_cap_points": 10, "month_points_before": 8}),
        (5, {"day_cap_points": 30, "month_cap_points": 100}),
    ],
)
def test_caps_leave_what_is_left(expected, facts):
    assert points(5, **facts) == expected


def test_the_whole_sum_is_kept():
    version = PointsRuleVersion(per_occasion_points=2, per_hour_points=1, day_cap_points=3)
    sums = calculate(version=version, minutes=90, percent=200, day_points_before=1)
    assert (sums.before_caps, sums.points, sums.left_by_caps) == (7, 2, 2)
    assert sums.as_json()["before_caps"] == 7
