"""The kinds of files that this app imports; the shop adds its own when it is ready."""

from __future__ import annotations

from volunteers.importing.opening import OPENING
from volunteers.importing.plan import register
from volunteers.importing.roster import ROSTER
from volunteers.importing.rules import RULES
from volunteers.importing.service import SERVICE


def register_all() -> None:
    """Offer them on the import page."""
    for kind in (ROSTER, RULES, SERVICE, OPENING):
        register(kind)
