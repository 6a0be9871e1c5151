"""How the catalogue is filtered; anything unknown shows everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from points_store.forms import Form, LineField

if TYPE_CHECKING:
    from rewards.catalogue import Offer, Shelf
    from rewards.models import Category

ALL, CAN, NEAR = "all", "can", "near"
FIND_CHARACTERS = 40


class FilterForm(Form):
    """`show` is all, can, near or the number of a category; `find` is part of a name."""

    show = LineField(required=False, max_length=20)
    find = LineField(required=False, max_length=FIND_CHARACTERS)

    @property
    def chosen(self) -> str:
        """The filter that was asked for."""
        return str(self.cleaned_data.get("show", "")) or ALL

    def choose(self, shelf: Shelf) -> list[Offer]:
        """Return the offers that pass; the goal stands above all of them by itself."""
        if self.chosen == CAN:
            return shelf.can_have
        if self.chosen == NEAR:
            return shelf.near
        if not (self.chosen.isascii() and self.chosen.isdigit()):
            return [o for o in shelf.offers if not o.is_goal or self.cleaned_data.get("find")]
        return [o for o in shelf.offers if str(o.reward.category_id) == self.chosen]

    @staticmethod
    def categories_of(shelf: Shelf) -> list[Category]:
        """Return the categories that have something on the shelf, in the shop's order."""
        found = {o.reward.category for o in shelf.offers if o.reward.category}
        return sorted(found, key=lambda category: (category.order, category.pk))
