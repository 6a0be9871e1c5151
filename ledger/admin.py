"""The ledger to look at: what is wrong in it is reversed in the open, never edited here."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ledger.models import Account, Hold, Posting
from points_store.tenant_admin import ReadOnlyAdmin


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    community_path = "book"
    list_display = ("id", "kind", "balance", "held", "seq")
    list_filter = ("kind",)
    search_fields = ("=id",)
    ordering = ("id",)
    exclude = ("head",)
    show_full_result_count = False


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    community_path = "source__book"
    list_display = ("id", "effective_date", "kind", "points", "source", "target", "memo")
    list_filter = ("kind",)
    list_select_related = ("source", "target")
    search_fields = ("=id", "=source__id", "=target__id")
    ordering = ("-id",)
    exclude = ("hash",)
    show_full_result_count = False


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    community_path = "account__book"
    list_display = ("id", "effective_date", "kind", "points", "account", "ending")
    list_filter = ("kind",)
    list_select_related = ("account", "end")
    search_fields = ("=id", "=account__id")
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description=_("如何结束"))
    def ending(self, hold: Hold) -> str:
        return hold.end.get_how_display() if hasattr(hold, "end") else ""
