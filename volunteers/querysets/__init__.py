from volunteers.querysets.people import MemberCardQuerySet, VolunteerQuerySet
from volunteers.querysets.rules import PointsRuleVersionQuerySet
from volunteers.querysets.service import ServiceRecordQuerySet

__all__ = [
    "MemberCardQuerySet",
    "PointsRuleVersionQuerySet",
    "ServiceRecordQuerySet",
    "VolunteerQuerySet",
]
