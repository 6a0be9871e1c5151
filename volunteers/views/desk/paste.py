"""Pasting a list of names (ui 05b): who was recognised, who has to be chosen, who is not there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from points_store.access import Permission, require_permission
from volunteers.forms.desk import PasteForm, Row
from volunteers.matching import Match, match_entries
from volunteers.models import Volunteer
from volunteers.roster_text import Entry, read_roster
from volunteers.views.desk.sheet import keep_draft, row_of, sheet_from_post

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest
    from volunteers.models import Community


@require_POST
@require_permission(Permission.RECORD_SERVICE)
def paste(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a pasted list means; with `join`, add the chosen people to the draft."""
    sheet = sheet_from_post(request, key)
    if "join" in request.POST:
        known = {line.volunteer.pk for line in sheet.lines if line.volunteer}
        chosen = rows_of_choices(request) if request.POST["join"] == "1" else []
        fresh = [row for row in chosen if row.volunteer_id not in known]
        draft = keep_draft(request, sheet, [*(line.row for line in sheet.lines), *fresh])
        return redirect(f"{reverse('desk:log')}?draft={draft.key}")
    form = PasteForm(request.POST if "read" in request.POST else None)
    matches: list[Match] = []
    if form.is_valid():
        entries = read_roster(form.cleaned_data["roster"], estates=_estates(request.community))
        matches = match_entries(request.community, entries)
    sorted_out = _sort(matches)
    context = {"sheet": sheet, "form": form, "is_read": form.is_bound, **sorted_out}
    return render(
        request, "volunteers/desk/paste.html", context, status=422 if form.errors else 200
    )


def rows_of_choices(request: StaffRequest) -> list[Row]:
    """Return a new row for each person chosen on the paste page, each person once."""
    chosen = dict.fromkeys(
        value
        for name in request.POST
        if name == "found" or name.startswith("pick-")
        for value in request.POST.getlist(name)
        if value.isascii() and value.isdigit()
    )
    people = (
        Volunteer.objects.of(request.community)
        .active()
        .in_bulk(
            [int(value) for value in chosen if len(value) <= 18]  # noqa: PLR2004 -- a bigint
        )
    )
    return [
        row_of(Match(Entry(0, one.name, name=one.name), one), uuid.uuid4().hex[:8], request.POST)
        for value in chosen
        if (one := people.get(int(value)))
    ]


def _estates(community: Community) -> set[str]:
    return set(
        Volunteer.objects.of(community)
        .active()
        .exclude(estate="")
        .values_list("estate", flat=True)
        .distinct()
    )


def _sort(matches: list[Match]) -> dict[str, list[Match]]:
    """Put what needs a look first: not found, to choose, repeated, recognised."""
    found: list[Match] = []
    repeated: list[Match] = []
    seen: set[int] = set()
    for match in matches:
        if match.volunteer is None:
            continue
        (repeated if match.volunteer.pk in seen else found).append(match)
        seen.add(match.volunteer.pk)
    unsure = [match for match in matches if match.volunteer is None]
    return {
        "missing": [match for match in unsure if not match.candidates],
        "unsure": [match for match in unsure if match.candidates],
        "repeated": repeated,
        "found": found,
    }
