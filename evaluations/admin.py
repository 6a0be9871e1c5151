from __future__ import annotations

from django.contrib import admin

from evaluations.models import Dimension
from points_store.tenant_admin import TenantAdmin


@admin.register(Dimension)
class DimensionAdmin(TenantAdmin):
    """What people score. What was scored stays; it is taken out of use instead."""

    list_display = ("name", "community", "order", "is_active")
    list_filter = ("is_active",)
    can_delete = False
