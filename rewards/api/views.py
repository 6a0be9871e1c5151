"""The shelf and the counter over the API: the operations that the pages call."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from points_store.api.endpoint import Endpoint
from points_store.api.schema import listed, posted, shown
from rewards.api.serializers import RedemptionBody, RedemptionSerializer, RewardSerializer
from rewards.models import Redemption, Reward
from rewards.operations.redeeming import (
    BasketLine,
    Consent,
    basket_content,
    merge_lines,
    redeem_rewards,
    void_redemption,
)
from rewards.refusals import NotOnShelf
from volunteers.api.serializers import ReasonBody
from volunteers.models import ApiToken, Volunteer
from volunteers.operations.pins import confirm_with_pin
from volunteers.refusals import UnknownVolunteers

if TYPE_CHECKING:
    from rest_framework.request import Request

    from ledger.requests import RequestId

READ, COUNTER = ApiToken.Scope.READ, ApiToken.Scope.COUNTER
REDEMPTIONS = Redemption.objects.select_related("volunteer").prefetch_related("lines")


class RewardList(Endpoint):
    scopes = {"GET": READ}
    is_list = True

    @extend_schema(**listed(RewardSerializer, "rewards"))
    def get(self, request: Request) -> Response:
        """List the shelf, what is out included."""
        shelf = Reward.objects.of(self.community).on_shelf().select_related("category")
        return self.page(shelf, RewardSerializer)


class RewardDetail(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(**shown(RewardSerializer, "reward"))
    def get(self, request: Request, reward_id: int) -> Response:
        """Show one reward."""
        shelf = Reward.objects.of(self.community).select_related("category")
        return Response(RewardSerializer(get_object_or_404(shelf, pk=reward_id)).data)


class RedemptionList(Endpoint):
    scopes = {"GET": COUNTER, "POST": COUNTER}
    is_list = True

    @extend_schema(**listed(RedemptionSerializer, "redemptions"))
    def get(self, request: Request) -> Response:
        """List redemptions, newest first."""
        return self.page(REDEMPTIONS.of(self.community), RedemptionSerializer)

    @extend_schema(**posted(RedemptionBody, RedemptionSerializer, "redeem_rewards", 201))
    def post(self, request: Request) -> Response:
        """Hand rewards over: all lines or none, at today's prices."""
        body = self.body(RedemptionBody)
        if done := self.replayed():
            return done
        volunteer, lines = self._basket(body)
        consent = self._consent(volunteer, lines, body["confirmation"])
        return self.once(
            lambda request_id: self._redeem(request_id, volunteer, lines, consent),
            RedemptionSerializer,
            HTTPStatus.CREATED,
        )

    def _basket(self, body: dict[str, Any]) -> tuple[Volunteer, list[BasketLine]]:
        people = Volunteer.objects.of(self.community).active()
        volunteer = people.filter(number=body["member_no"]).first()
        if volunteer is None:
            raise UnknownVolunteers([body["member_no"]])
        prices = dict(
            Reward.objects.of(self.community)
            .on_shelf()
            .filter(pk__in=[line["reward_id"] for line in body["lines"]])
            .values_list("pk", "price_points")
        )
        for line in body["lines"]:
            if line["reward_id"] not in prices:
                raise NotOnShelf(line["reward_id"])
        lines = [
            BasketLine(line["reward_id"], line["quantity"], prices[line["reward_id"]])
            for line in body["lines"]
        ]
        try:
            return volunteer, merge_lines(lines)
        except ValueError as too_many:
            raise ValidationError({"lines": [str(too_many)]}) from too_many

    def _consent(
        self, volunteer: Volunteer, lines: list[BasketLine], given: dict[str, Any]
    ) -> Consent:
        """Check a PIN outside the redemption's transaction, so that a wrong one is counted."""
        method = Redemption.Confirmation(given["method"])
        if method != Redemption.Confirmation.PIN:
            return Consent(method, collector_name=given.get("collector_name", ""))
        confirmation = confirm_with_pin(
            volunteer=volunteer,
            pin=given["pin"],
            content=basket_content(volunteer, lines),
            device=f"api:{self.token.client_id}",
            by=self.user,
            at=timezone.now(),
        )
        return Consent(method, pin_confirmation_id=confirmation.pk)

    def _redeem(
        self,
        request_id: RequestId,
        volunteer: Volunteer,
        lines: list[BasketLine],
        consent: Consent,
    ) -> Redemption:
        redemption = redeem_rewards(
            request=request_id,
            community=self.community,
            volunteer_id=volunteer.pk,
            lines=lines,
            consent=consent,
            by=self.user,
            at=timezone.now(),
        )
        return REDEMPTIONS.get(pk=redemption.pk)


class RedemptionDetail(Endpoint):
    scopes = {"GET": COUNTER}

    @extend_schema(**shown(RedemptionSerializer, "redemption"))
    def get(self, request: Request, redemption_id: int) -> Response:
        """Show one redemption."""
        found = get_object_or_404(REDEMPTIONS.of(self.community), pk=redemption_id)
        return Response(RedemptionSerializer(found).data)


class RedemptionVoid(Endpoint):
    scopes = {"POST": COUNTER}

    @extend_schema(**posted(ReasonBody, RedemptionSerializer, "void_redemption"))
    def post(self, request: Request, redemption_id: int) -> Response:
        """Give points and goods back, once; a client may void only what it redeemed itself."""
        reason = self.body(ReasonBody)["reason"]
        found = get_object_or_404(Redemption.objects.of(self.community), pk=redemption_id)
        return self.once(lambda _id: self._void(found.pk, reason), RedemptionSerializer)

    @transaction.atomic
    def _void(self, redemption_id: int, reason: str) -> Redemption:
        void_redemption(
            redemption_id=redemption_id,
            community=self.community,
            reason=reason,
            may_void_any=False,
            by=self.user,
            at=timezone.now(),
        )
        return REDEMPTIONS.get(pk=redemption_id)
