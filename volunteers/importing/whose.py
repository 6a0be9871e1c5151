"""Which person on file a row of service or of opening points is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from points_store.text import name_key, normalise_name
from volunteers.importing import cells
from volunteers.importing.people_index import choices_of
from volunteers.importing.plan import SKIP, Line, Outcome

if TYPE_CHECKING:
    from volunteers.importing.people_index import PeopleIndex
    from volunteers.importing.plan import Context, Plan
    from volunteers.importing.table import Row
    from volunteers.models import Volunteer


def address_of(row: Row) -> str:
    """Return the key of the door in the row, from one column or from two."""
    try:
        estate, door = cells.plain(row["estate"]), cells.plain(row["door"])
        whole = cells.plain(row["address"])
    except cells.Unclear:
        return ""
    return (
        cells.address_key(estate, door or whole) if estate or door else cells.address_key("", whole)
    )


def whose(plan: Plan, index: PeopleIndex, line: Line, context: Context) -> Volunteer | None:
    """Return the one person of that name behind that door; ask where there are several.

    One question is asked for all rows with the same name and door. Without an answer, or where
    nobody of that name is on file, the line says so and is left out.
    """
    name = normalise_name(line.row["name"])
    line.subject = name or line.subject
    if not name or name.startswith("="):
        _leave(line, Outcome.PROBLEM, _("没有姓名"))
        return None
    namesakes = index.namesakes(name)
    if not namesakes:
        _leave(line, Outcome.PROBLEM, _("花名册里没有这个人，请先办手册"))
        return None
    door = address_of(line.row)
    there = [person for person in namesakes if person.door_key == door] if door else namesakes
    if len(there) == 1:
        return there[0].volunteer
    key = f"who{name_key(name)}|{door}"
    if there and door:
        text = _("%(name)s：这个门里有 %(count)d 位同名的，是哪一位？")
    elif there:
        text = _("%(name)s：有 %(count)d 位同名的，表里没写门牌，是哪一位？")
    else:
        text = _("%(name)s：花名册里有 %(count)d 位，门牌都不一样，是哪一位？")
    some = there or namesakes
    where = line.row["address"] or line.row["door"]
    words = text % {"name": f"{name}（{where}）" if where else name, "count": len(some)}
    answer = plan.ask(key, words, choices_of(some), line.row.number, context)
    if answer == SKIP:
        _leave(line, Outcome.ASK, _("是哪一位，请在上面选"))
        return None
    return next(person.volunteer for person in some if person.value == answer)


def _leave(line: Line, outcome: Outcome, why: str) -> None:
    line.outcome = outcome
    line.says.append(why)
