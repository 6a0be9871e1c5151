"""The board's figures over the API: the same functions, the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from board import figures
from points_store.api.endpoint import Endpoint
from points_store.api.schema import shown
from volunteers.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.request import Request


class FigureSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    this_month = serializers.IntegerField()


class SummarySerializer(serializers.Serializer[Any]):
    """What the board says, in total and this month."""

    volunteers_redeeming = FigureSerializer()
    reported_in = FigureSerializer()
    goods_handed_over = FigureSerializer()
    wishes_lit = FigureSerializer()


class Summary(Endpoint):
    scopes = {"GET": ApiToken.Scope.READ}

    @extend_schema(**shown(SummarySerializer, "summary"))
    def get(self, request: Request) -> Response:
        """Return the four figures of the board."""
        month_start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        community = self.community
        found = {
            "volunteers_redeeming": figures.people_redeeming(community, month_start),
            "reported_in": figures.reported_in(community, month_start),
            "goods_handed_over": figures.goods_handed_over(community, month_start),
            "wishes_lit": figures.wishes_lit(community, month_start),
        }
        return Response(SummarySerializer(found).data)
