"""People, rules, activities and service over the API: the operations that the pages call."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from ledger.statements import statement
from points_store.api.endpoint import Endpoint
from points_store.api.schema import listed, posted, shown
from volunteers.api.serializers import (
    ActivitySerializer,
    EmptyBody,
    ReasonBody,
    RuleSerializer,
    ServiceRecordBody,
    ServiceRecordSerializer,
    StatementLineSerializer,
    VolunteerDetailSerializer,
    VolunteerSerializer,
)
from volunteers.models import (
    Activity,
    ApiToken,
    PointsRule,
    PointsRuleVersion,
    ServiceRecord,
    Volunteer,
)
from volunteers.operations.deciding import confirm_record, decline_record, void_record
from volunteers.operations.recording import Occasion, ServiceLine, record_batch
from volunteers.refusals import UnknownVolunteers

if TYPE_CHECKING:
    from rest_framework.request import Request

    from ledger.requests import RequestId

READ, RECORD = ApiToken.Scope.READ, ApiToken.Scope.RECORD
STATEMENT_LINES = 50
RECORDS = ServiceRecord.objects.select_related("volunteer", "rule_version")


class VolunteerList(Endpoint):
    scopes = {"GET": READ}
    parameters = frozenset({"search"})
    is_list = True

    @extend_schema(
        parameters=[OpenApiParameter("search", str)], **listed(VolunteerSerializer, "volunteers")
    )
    def get(self, request: Request) -> Response:
        """List active people, found by name, pinyin, initials, door, phone tail or number."""
        people = Volunteer.objects.of(self.community).active().with_accounts()
        if text := request.query_params.get("search", "").strip():
            people = people.search(text[:100])
        return self.page(people, VolunteerSerializer)


class VolunteerDetail(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(**shown(VolunteerDetailSerializer, "volunteer"))
    def get(self, request: Request, member_no: int) -> Response:
        """Show one person with balance, held, available, hours and goal."""
        minutes = Sum(
            "service_records__minutes",
            filter=Q(
                service_records__state=ServiceRecord.State.CONFIRMED,
                service_records__counts_as_service=True,
            ),
            default=0,
        )
        people = (
            Volunteer.objects.of(self.community)
            .select_related("account", "goal__reward")
            .annotate(service_minutes=minutes)
        )
        found = get_object_or_404(people, number=member_no)
        return Response(VolunteerDetailSerializer(found).data)


class VolunteerStatement(Endpoint):
    scopes = {"GET": READ}
    parameters = frozenset({"before_seq"})

    @extend_schema(
        parameters=[OpenApiParameter("before_seq", int)],
        **listed(StatementLineSerializer, "volunteer_statement"),
    )
    def get(self, request: Request, member_no: int) -> Response:
        """List an account's lines, newest first; `next` leads to the older ones."""
        found = get_object_or_404(Volunteer.objects.of(self.community), number=member_no)
        before = _whole_number(request, "before_seq")
        lines = statement(found.account_id, before_seq=before, limit=STATEMENT_LINES)
        older = None
        if len(lines) == STATEMENT_LINES and lines[-1].seq > 1:
            older = request.build_absolute_uri(f"{request.path}?before_seq={lines[-1].seq}")
        body = StatementLineSerializer(lines, many=True).data
        return Response({"next": older, "previous": None, "results": body})


class RuleList(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(**shown(RuleSerializer(many=True), "rules"))
    def get(self, request: Request) -> Response:
        """List what earns points today."""
        rules = PointsRuleVersion.objects.in_force(self.community, timezone.localdate())
        return Response(RuleSerializer(rules, many=True).data)


class ActivityList(Endpoint):
    scopes = {"GET": READ}
    is_list = True

    @extend_schema(**listed(ActivitySerializer, "activities"))
    def get(self, request: Request) -> Response:
        """List activities, newest first."""
        return self.page(Activity.objects.filter(community=self.community), ActivitySerializer)


class ActivityDetail(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(**shown(ActivitySerializer, "activity"))
    def get(self, request: Request, activity_id: int) -> Response:
        """Show one activity."""
        found = get_object_or_404(Activity, pk=activity_id, community=self.community)
        return Response(ActivitySerializer(found).data)


class ServiceRecordList(Endpoint):
    scopes = {"GET": RECORD, "POST": RECORD}
    is_list = True

    @extend_schema(**listed(ServiceRecordSerializer, "service_records"))
    def get(self, request: Request) -> Response:
        """List service records, newest first."""
        return self.page(RECORDS.of(self.community), ServiceRecordSerializer)

    @extend_schema(**posted(ServiceRecordBody, ServiceRecordSerializer, "record_service", 201))
    def post(self, request: Request) -> Response:
        """Enter one person's service; it waits for somebody else to confirm it."""
        body = self.body(ServiceRecordBody)
        return self.once(
            lambda request_id: self._record(request_id, body),
            ServiceRecordSerializer,
            HTTPStatus.CREATED,
        )

    def _record(self, request_id: RequestId, body: dict[str, Any]) -> ServiceRecord:
        person = Volunteer.objects.of(self.community).filter(number=body["member_no"]).first()
        rule = PointsRule.objects.filter(community=self.community, pk=body["rule_id"]).first()
        if person is None:
            raise UnknownVolunteers([body["member_no"]])
        if rule is None:
            raise ValidationError({"rule_id": ["no such rule"]})
        batch = record_batch(
            request=request_id,
            community=self.community,
            occasion=Occasion(
                rule=rule,
                title=body["title"] or rule.name,
                service_date=body["service_date"],
                place=body["place"],
                content=body["content"],
                organiser=self.community.official_name,
                person_in_charge=self.user.name,
            ),
            lines=[ServiceLine(person.pk, body["minutes"], body["intensity"])],
            by=self.user,
            at=timezone.now(),
        )
        return RECORDS.get(batch=batch)


class ServiceRecordDetail(Endpoint):
    scopes = {"GET": RECORD}

    @extend_schema(**shown(ServiceRecordSerializer, "service_record"))
    def get(self, request: Request, service_record_id: int) -> Response:
        """Show one service record."""
        found = get_object_or_404(RECORDS.of(self.community), pk=service_record_id)
        return Response(ServiceRecordSerializer(found).data)


class _Decision(Endpoint):
    """Base of the three decisions on one record."""

    scopes = {"POST": RECORD}

    def found(self, service_record_id: int) -> int:
        """Return the id if the record is the client's community's; otherwise 404."""
        get_object_or_404(ServiceRecord.objects.of(self.community), pk=service_record_id)
        return service_record_id

    def facts(self, service_record_id: int) -> dict[str, Any]:
        return {
            "record_id": self.found(service_record_id),
            "community": self.community,
            "by": self.user,
            "at": timezone.now(),
        }


class ServiceRecordConfirm(_Decision):
    @extend_schema(**posted(EmptyBody, ServiceRecordSerializer, "confirm_service_record"))
    def post(self, request: Request, service_record_id: int) -> Response:
        """Confirm a record that another client or person entered; its points are posted."""
        self.body(EmptyBody)
        facts = self.facts(service_record_id)
        return self.once(lambda _id: confirm_record(**facts), ServiceRecordSerializer)


class ServiceRecordDecline(_Decision):
    @extend_schema(**posted(ReasonBody, ServiceRecordSerializer, "decline_service_record"))
    def post(self, request: Request, service_record_id: int) -> Response:
        """Send a waiting record back with a reason."""
        facts = self.facts(service_record_id) | self.body(ReasonBody)
        return self.once(lambda _id: decline_record(**facts), ServiceRecordSerializer)


class ServiceRecordVoid(_Decision):
    @extend_schema(**posted(ReasonBody, ServiceRecordSerializer, "void_service_record"))
    def post(self, request: Request, service_record_id: int) -> Response:
        """Reverse a confirmed record with a reason."""
        facts = self.facts(service_record_id) | self.body(ReasonBody)
        return self.once(lambda _id: void_record(**facts), ServiceRecordSerializer)


def _whole_number(request: Request, name: str) -> int | None:
    """Return a query parameter as a number; raises ValidationError (400)."""
    typed = request.query_params.get(name)
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):  # noqa: PLR2004 -- an int
        raise ValidationError({name: ["not a whole number"]})
    return int(typed)
