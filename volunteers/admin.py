"""Settings, units, rules, users and roles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points_store.tenant_admin import ReadOnlyAdmin, TenantAdmin, communities_of, keeper
from points_store.text import mask_name
from volunteers.models import (
    AccessLog,
    ApiClient,
    ApiToken,
    CalendarDay,
    Community,
    ImportedFile,
    Membership,
    PointsRule,
    PointsRuleVersion,
    ServiceRecord,
    Unit,
    User,
    Volunteer,
)
from volunteers.operations.api_tokens import issue_token, open_api_client, revoke_token
from volunteers.operations.communities import open_book_of

if TYPE_CHECKING:
    from django.db.models import ForeignKey, QuerySet
    from django.forms import ModelChoiceField, ModelForm
    from django.http import HttpRequest


@admin.register(Community)
class CommunityAdmin(TenantAdmin):
    """The settings page of a community."""

    community_path = "pk"
    can_delete = False
    list_display = ("name", "official_name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "official_name", "slug", "number_prefix")}),
        (
            _("记分"),
            {
                "fields": (
                    "needs_second_person",
                    "light_percent",
                    "medium_percent",
                    "heavy_percent",
                    "publicity_days",
                    "monthly_issue_cap_points",
                )
            },
        ),
        (
            _("柜台"),
            {"fields": ("points_per_yuan_percent", "void_minutes", "phone", "opening_hours")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or self._keeps(request)

    def save_model(
        self, request: HttpRequest, obj: Community, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            open_book_of(community=obj)


@admin.register(Unit)
class UnitAdmin(TenantAdmin):
    list_display = ("name", "community", "is_active")
    search_fields = ("name",)
    can_delete = False


class VersionInline(admin.TabularInline):
    """New figures are a new version; a version that records used stays as it was."""

    model = PointsRuleVersion
    extra = 0
    min_num = 1

    def has_change_permission(self, request: HttpRequest, obj: PointsRule | None = None) -> bool:
        return obj is None or not ServiceRecord.objects.filter(rule_version__rule=obj).exists()

    def has_add_permission(self, request: HttpRequest, obj: PointsRule | None = None) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: PointsRule | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: PointsRule | None = None) -> bool:
        return False


@admin.register(PointsRule)
class PointsRuleAdmin(TenantAdmin):
    list_display = ("name", "community", "counts_as_service", "order", "is_active")
    list_filter = ("is_active", "counts_as_service")
    inlines = (VersionInline,)
    can_delete = False


class MembershipInline(admin.TabularInline):
    """Roles that the admin may give: in the own communities, and the county's only by the owner."""

    model = Membership
    extra = 0
    min_num = 1
    validate_min = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).filter(community__in=communities_of(request))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "community":
            kwargs["queryset"] = communities_of(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role" and not request.user.is_superuser:
            kwargs["choices"] = [
                choice
                for choice in Membership.Role.choices
                if choice[0] != Membership.Role.COUNTY_APPROVER
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return True


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("username", "password", "name", "email", "own_volunteer", "is_active")


@admin.register(User)
class UserAdmin(TenantAdmin, DjangoUserAdmin):
    """Staff of the admin's communities. Nobody is made a superuser here."""

    community_path = "memberships__community"
    form, add_form = UserForm, NewUserForm
    inlines = (MembershipInline,)
    list_display = ("username", "name", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "name")
    filter_horizontal = ()
    raw_id_fields = ("own_volunteer",)
    can_delete = False
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "email")}),
        (_("权限"), {"fields": ("is_active", "own_volunteer")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        own = super().get_queryset(request).distinct()
        return own if request.user.is_superuser else own.filter(is_superuser=False)


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnlyAdmin):
    """To choose a user's own dossier; people are kept on the staff pages, which log views."""

    list_display = ("number", "masked", "community", "state")
    search_fields = ("name", "number")
    fields = ("number", "masked", "state")

    @admin.display(description=_("姓名"))
    def masked(self, volunteer: Volunteer) -> str:
        return mask_name(volunteer.name)


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin):
    list_display = ("imported_at", "kind", "file_name", "created_count", "imported_by")
    list_filter = ("kind",)


class TokenForm(forms.ModelForm):
    """What a new token may do and for how long; its text is shown once, after it was made."""

    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=730, initial=365)

    class Meta:
        model = ApiToken
        fields = ("client", "scopes")


@admin.register(ApiClient)
class ApiClientAdmin(TenantAdmin):
    """Other systems; each gets a service user of its own."""

    list_display = ("name", "community", "is_active", "requests_per_minute")
    fields = ("community", "name", "is_active", "requests_per_minute")
    can_delete = False

    def save_model(
        self, request: HttpRequest, obj: ApiClient, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            made = open_api_client(community=obj.community, name=obj.name)
            obj.pk, obj.user = made.pk, made.user
        super().save_model(request, obj, form, change=True)


@admin.register(ApiToken)
class ApiTokenAdmin(TenantAdmin):
    """Tokens are made and ended here; neither changes what it was made as."""

    community_path = "client__community"
    form = TokenForm
    list_display = ("client", "tail", "scopes", "expires_at", "revoked_at", "created_by")
    list_select_related = ("client", "created_by")
    actions = ("revoke",)
    can_change = can_delete = False

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "client":
            kwargs["queryset"] = ApiClient.objects.filter(community__in=communities_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: ApiToken, form: forms.ModelForm, change: bool
    ) -> None:
        made = issue_token(
            client=obj.client,
            scopes=form.cleaned_data["scopes"],
            lasts=timedelta(days=form.cleaned_data["days"]),
            by=keeper(request),
            at=timezone.now(),
        )
        obj.pk = made.token.pk
        messages.warning(
            request, _("令牌只显示这一次，请现在抄下来：%(text)s") % {"text": made.text}
        )

    @admin.action(description=_("停用选中的令牌"), permissions=["view"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        for token in tokens:
            revoke_token(token=token, by=keeper(request), at=timezone.now())


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """Who looked at whom: names masked, for the admin reads the log and not the dossiers."""

    list_display = ("seen_at", "seen_by", "act", "people_count", "whom")
    list_filter = ("act",)
    list_select_related = ("seen_by", "volunteer")

    @admin.display(description=_("居民"))
    def whom(self, line: AccessLog) -> str:
        return f"{line.volunteer.number} {mask_name(line.volunteer.name)}" if line.volunteer else ""


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """The working days of the whole installation: only its owner changes what holds for all."""

    list_display = ("day_date", "name", "is_working")
    list_editable = ("name", "is_working")
    date_hierarchy = "day_date"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser
