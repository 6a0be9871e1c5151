"""What the API says of people, rules, activities and service, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from points_store.api.strict import Body, StrictCharField, StrictIntegerField
from points_store.text import mask_phone
from volunteers.models import (
    Activity,
    PointsRuleVersion,
    ServiceRecord,
    Volunteer,
)
from volunteers.models.service import MINUTES_A_DAY


class VolunteerSerializer(serializers.ModelSerializer[Volunteer]):
    """A person as a client of their own community may know them; the phone is masked."""

    member_no = serializers.IntegerField(source="number")
    phone_masked = serializers.SerializerMethodField()
    balance = serializers.IntegerField(source="account.balance")
    held = serializers.IntegerField(source="account.held")
    available = serializers.IntegerField(source="account.available")

    class Meta:
        model = Volunteer
        fields = (
            "member_no", "name", "name_bo", "birth_year", "estate", "phone_masked", "language",
            "balance", "held", "available",
        )  # fmt: skip

    def get_phone_masked(self, volunteer: Volunteer) -> str:
        return mask_phone(volunteer.phone)


class VolunteerDetailSerializer(VolunteerSerializer):
    """The same with hours of service and the goal."""

    service_minutes = serializers.IntegerField()
    goal = serializers.SerializerMethodField()

    class Meta(VolunteerSerializer.Meta):
        fields: tuple[str, ...] = (  # type: ignore[assignment]
            *VolunteerSerializer.Meta.fields,
            "service_minutes",
            "goal",
        )

    def get_goal(self, volunteer: Volunteer) -> dict[str, Any] | None:
        # The goal is a reward of an app to the right; it is read by name, as its relation says.
        goal = getattr(volunteer, "goal", None)
        if goal is None:
            return None
        return {"reward_id": goal.reward_id, "price_points": goal.reward.price_points}


class StatementLineSerializer(serializers.Serializer[Any]):
    """One line of an account, newest first; points are signed."""

    seq = serializers.IntegerField()
    posting_id = serializers.IntegerField()
    kind = serializers.CharField()
    points = serializers.IntegerField()
    balance_after = serializers.IntegerField()
    effective_date = serializers.DateField()
    created_at = serializers.DateTimeField()
    reverses_id = serializers.IntegerField(allow_null=True)
    reversed_by_id = serializers.IntegerField(allow_null=True)


class RuleSerializer(serializers.ModelSerializer[PointsRuleVersion]):
    """What an act earns today."""

    id = serializers.IntegerField(source="rule_id")
    name = serializers.CharField(source="rule.name")
    counts_as_service = serializers.BooleanField(source="rule.counts_as_service")

    class Meta:
        model = PointsRuleVersion
        fields = (
            "id", "name", "counts_as_service", "valid_from_date", "per_occasion_points",
            "per_hour_points", "day_cap_points", "month_cap_points",
        )  # fmt: skip


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    class Meta:
        model = Activity
        fields = ("id", "title", "rule_id", "service_date", "place", "content", "state")


class ServiceRecordSerializer(serializers.ModelSerializer[ServiceRecord]):
    """One person's minutes in one act, with how its points came about."""

    member_no = serializers.IntegerField(source="volunteer.number")
    rule_id = serializers.IntegerField(source="rule_version.rule_id")

    class Meta:
        model = ServiceRecord
        fields = (
            "id", "member_no", "rule_id", "title", "service_date", "minutes", "intensity", "place",
            "content", "organiser", "person_in_charge", "counts_as_service", "points",
            "calculation", "origin", "state", "submitted_at", "decided_at", "decline_reason",
            "voided_at", "void_reason",
        )  # fmt: skip


class ServiceRecordBody(Body):
    """One person's part in one act."""

    member_no = StrictIntegerField(min_value=1, max_value=2**31 - 1)
    rule_id = StrictIntegerField(min_value=1, max_value=2**63 - 1)
    service_date = serializers.DateField()
    minutes = StrictIntegerField(min_value=1, max_value=MINUTES_A_DAY)
    intensity = serializers.ChoiceField(choices=ServiceRecord.Intensity.choices)
    title = StrictCharField(max_length=100, required=False, allow_blank=True, default="")
    place = StrictCharField(max_length=100, required=False, allow_blank=True, default="")
    content = StrictCharField(max_length=300, required=False, allow_blank=True, default="")


class ReasonBody(Body):
    reason = StrictCharField(min_length=2, max_length=200)


class EmptyBody(Body):
    """No member at all: `{}`."""
