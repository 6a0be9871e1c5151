"""The admin of one community sees that community: the base of every admin page but the ledger's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin

from volunteers.models import Community, Membership

if TYPE_CHECKING:
    from django.db.models import ForeignKey, Model, QuerySet
    from django.forms import ModelChoiceField
    from django.http import HttpRequest

    from volunteers.models import User


def keeper(request: HttpRequest) -> User:
    """Return the signed-in user; the admin site lets nobody else in."""
    return cast("User", request.user)


def communities_of(request: HttpRequest) -> QuerySet[Community]:
    """Return the communities whose catalogue, rules and users the signed-in user keeps."""
    if request.user.is_superuser:
        return Community.objects.all()
    return Community.objects.filter(
        pk__in=Membership.objects.filter(user=request.user.pk, role=Membership.Role.ADMIN).values(
            "community"
        )
    )


class TenantAdmin(admin.ModelAdmin):
    """Rows of the admin's own communities; rights come from the role, not from Django's table.

    `community_path` leads from the model to its community. A form never asks for the community
    where the admin keeps only one.
    """

    community_path = "community"
    can_add = can_change = can_delete = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.community_path}__in": communities_of(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._keeps(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._keeps(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and self._keeps(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_change and self._keeps(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_delete and self._keeps(request)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Offer only rows of the admin's own communities, and choose for who keeps one."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is None:
            return None
        own = communities_of(request)
        related = db_field.related_model
        if related is Community:
            field.queryset = own
            if own.count() == 1:
                field.initial = own.get().pk
        elif field.queryset is not None and any(
            column.name == "community" for column in related._meta.fields
        ):
            field.queryset = field.queryset.filter(community__in=own)
        return field

    @staticmethod
    def _keeps(request: HttpRequest) -> bool:
        return communities_of(request).exists()


class ReadOnlyAdmin(TenantAdmin):
    """History to look at; it is written by operations only."""

    can_add = can_change = can_delete = False
