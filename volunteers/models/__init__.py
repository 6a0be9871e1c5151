from volunteers.models.api_clients import ApiClient, ApiMinute, ApiToken
from volunteers.models.calendar import CalendarDay
from volunteers.models.community import Community, Membership
from volunteers.models.corrections import Correction
from volunteers.models.deeds import Deed
from volunteers.models.drafts import LogDraft
from volunteers.models.imports import ImportDraft, ImportedFile
from volunteers.models.people import Household, MemberCard, Unit, Volunteer
from volunteers.models.photos import Photo
from volunteers.models.records import AccessLog, Consent
from volunteers.models.rules import Activity, PointsRule, PointsRuleVersion
from volunteers.models.service import OpeningBalance, RecordBatch, ServiceRecord
from volunteers.models.sign_in import (
    FirstPinCode,
    Identification,
    MemberAccess,
    PinAttempt,
    PinConfirmation,
)
from volunteers.models.user import User

__all__ = [
    "AccessLog",
    "Activity",
    "ApiClient",
    "ApiMinute",
    "ApiToken",
    "CalendarDay",
    "Community",
    "Consent",
    "Correction",
    "Deed",
    "FirstPinCode",
    "Household",
    "Identification",
    "ImportDraft",
    "ImportedFile",
    "LogDraft",
    "MemberAccess",
    "MemberCard",
    "Membership",
    "OpeningBalance",
    "Photo",
    "PinAttempt",
    "PinConfirmation",
    "PointsRule",
    "PointsRuleVersion",
    "RecordBatch",
    "ServiceRecord",
    "Unit",
    "User",
    "Volunteer",
]
