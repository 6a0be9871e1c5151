from volunteers.querysets.deeds import DeedQuerySet, PhotoQuerySet
from volunteers.querysets.people import MemberCardQuerySet, VolunteerQuerySet
from volunteers.querysets.rules import PointsRuleVersionQuerySet
from volunteers.querysets.service import ServiceRecordQuerySet

__all__ = [
    "DeedQuerySet",
    "MemberCardQuerySet",
    "PhotoQuerySet",
    "PointsRuleVersionQuerySet",
    "ServiceRecordQuerySet",
    "VolunteerQuerySet",
]
