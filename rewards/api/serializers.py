"""What the API says of the shelf and of redemptions, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from points_store.api.strict import Body, StrictCharField, StrictIntegerField
from rewards.models import Redemption, RedemptionLine, Reward
from rewards.models.counter import MAX_LINE_QUANTITY

MAX_LINES = 50
BIGINT = 2**63 - 1


class RewardSerializer(serializers.ModelSerializer[Reward]):
    """A thing on the shelf; `free` is what can still be handed over."""

    category = serializers.CharField(source="category.name", default="")
    free = serializers.IntegerField()

    class Meta:
        model = Reward
        fields = ("id", "name", "category", "price_points", "measure", "free", "person_month_limit")


class RedemptionLineSerializer(serializers.ModelSerializer[RedemptionLine]):
    class Meta:
        model = RedemptionLine
        fields = ("reward_id", "quantity", "price_points")


class RedemptionSerializer(serializers.ModelSerializer[Redemption]):
    """Rewards handed over, paid by one person."""

    member_no = serializers.IntegerField(source="volunteer.number")
    lines = RedemptionLineSerializer(many=True)

    class Meta:
        model = Redemption
        fields = (
            "id", "number", "member_no", "points", "balance_after", "state", "confirmation",
            "collector_name", "lines", "redeemed_at", "voided_at", "void_reason",
        )  # fmt: skip


class LineBody(Body):
    reward_id = StrictIntegerField(min_value=1, max_value=BIGINT)
    quantity = StrictIntegerField(min_value=1, max_value=MAX_LINE_QUANTITY)


class ConfirmationBody(Body):
    """How the resident agreed: `pin` with the six digits, `paper`, or `collector` with a name."""

    method = serializers.ChoiceField(choices=Redemption.Confirmation.choices)
    pin = StrictCharField(required=False, min_length=6, max_length=6)
    collector_name = StrictCharField(required=False, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wanted = {"pin": "pin", "collector": "collector_name"}.get(attrs["method"])
        for name in ("pin", "collector_name"):
            if (name == wanted) != (name in attrs):
                word = "required" if name == wanted else "not with this method"
                raise serializers.ValidationError({name: [word]})
        return attrs


class RedemptionBody(Body):
    member_no = StrictIntegerField(min_value=1, max_value=2**31 - 1)
    lines = serializers.ListField(child=LineBody(), allow_empty=False, max_length=MAX_LINES)
    confirmation = ConfirmationBody()
