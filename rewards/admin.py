"""The catalogue: what stands on the shelf, at which price, and how the stock moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points_store.pictures import PictureRefused, redraw
from points_store.tenant_admin import ReadOnlyAdmin, TenantAdmin, keeper
from points_store.text import pinyin_keys
from rewards.models import Barcode, Category, PriceChange, Reward, StockMovement
from rewards.operations.stock import NEEDS_REASON, change_price, move_stock
from rewards.refusals import OutOfStock
from volunteers.refusals import ReasonMissing

if TYPE_CHECKING:
    from django.http import HttpRequest

PICTURE_SIDE = 800  # pixels; a tile shows 160, a phone's screen twice that
PICTURE_WORDS = {
    "bytes": _("照片不能超过 10 MB。"),
    "pixels": _("照片太大，请先缩小到 2500 万像素以内。"),
    "kind": _("请选 JPG、PNG 或 WebP 照片。"),
}


class RewardForm(forms.ModelForm):
    class Meta:
        model = Reward
        fields = (
            "community", "category", "name", "price_points", "cost_fen", "measure", "symbol",
            "tone", "picture", "picture_alt", "person_month_limit", "low_stock_level", "is_active",
        )  # fmt: skip

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if not picture or "picture" not in self.changed_data:
            return picture
        try:
            return redraw(picture, max_side=PICTURE_SIDE)
        except PictureRefused as refused:
            raise ValidationError(PICTURE_WORDS[refused.why]) from refused


class BarcodeInline(admin.TabularInline):
    model = Barcode
    fields = ("code", "pack_size")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Reward | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Reward | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Reward | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Reward | None = None) -> bool:
        return True


@admin.register(Reward)
class RewardAdmin(TenantAdmin):
    """Stock is shown here and moved under 出入库; it is never typed over."""

    form = RewardForm
    inlines = (BarcodeInline,)
    list_display = ("name", "category", "price_points", "on_hand", "reserved", "is_active")
    list_filter = ("is_active", "category")
    list_select_related = ("category",)
    search_fields = ("name", "pinyin", "initials", "barcodes__code")
    readonly_fields = ("on_hand", "reserved")
    can_delete = False

    def save_model(
        self, request: HttpRequest, obj: Reward, form: forms.ModelForm, change: bool
    ) -> None:
        obj.pinyin, obj.initials = pinyin_keys(obj.name)
        wanted = obj.price_points
        if change and "price_points" in form.changed_data:
            obj.price_points = form.initial["price_points"]
        super().save_model(request, obj, form, change)
        change_price(reward=obj, price_points=wanted, by=keeper(request), at=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for barcode in formset.save(commit=False):
            barcode.community = form.instance.community
            barcode.save()
        for barcode in formset.deleted_objects:
            barcode.delete()


class MovementForm(forms.ModelForm):
    """One movement; what it would take must be free."""

    class Meta:
        model = StockMovement
        fields = ("reward", "kind", "quantity", "reason")

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        if quantity == 0:
            raise ValidationError(_("数量不能是 0：入库写正数，出库写负数。"))
        return quantity

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in NEEDS_REASON and not cleaned.get("reason"):
            self.add_error("reason", _("请写一下原因。"))
        reward, quantity = cleaned.get("reward"), cleaned.get("quantity")
        if reward and quantity and reward.free + quantity < 0:
            self.add_error("quantity", _("只剩 %(left)d 件可以出库。") % {"left": reward.free})
        return cleaned


@admin.register(StockMovement)
class StockMovementAdmin(TenantAdmin):
    community_path = "reward__community"
    form = MovementForm
    list_display = ("moved_at", "reward", "kind", "quantity", "reason", "moved_by")
    list_filter = ("kind",)
    list_select_related = ("reward", "moved_by")
    search_fields = ("reward__name",)
    autocomplete_fields = ("reward",)
    can_change = can_delete = False

    def save_model(
        self,
        request: HttpRequest,
        obj: StockMovement,
        form: forms.ModelForm,
        change: bool,
    ) -> None:
        try:
            moved = move_stock(
                reward=obj.reward,
                kind=StockMovement.Kind(obj.kind),
                quantity=obj.quantity,
                reason=obj.reason,
                by=keeper(request),
                at=timezone.now(),
            )
        except (OutOfStock, ReasonMissing):
            # Another till was quicker between the form's check and the lock.
            messages.error(request, _("库存刚刚变了，这一笔没有记上，请再看一下。"))
            return
        obj.pk = moved.pk


@admin.register(PriceChange)
class PriceChangeAdmin(ReadOnlyAdmin):
    community_path = "reward__community"
    list_display = ("changed_at", "reward", "before_points", "after_points", "changed_by")
    list_select_related = ("reward", "changed_by")


@admin.register(Category)
class CategoryAdmin(TenantAdmin):
    list_display = ("name", "community", "order")
