"""The roster: everybody of the community, found by any of their names, and taken away as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from points_store import sheets
from points_store.access import Permission, require_permission
from volunteers.models import AccessLog, Volunteer
from volunteers.operations.dossiers import log_access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from points_store.http import StaffRequest

PAGE_PEOPLE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@require_permission(Permission.VIEW_DOSSIER)
def roster(request: StaffRequest) -> HttpResponse:
    """Show the people page by page; `?q=` searches names, pinyin, door, phone tail, number."""
    typed = request.GET.get("q", "").strip()
    people = Volunteer.objects.of(request.community).active()
    people = people.search(typed) if typed else people.order_by("number")
    page = Paginator(people.select_related("account", "unit", "community"), PAGE_PEOPLE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "typed": typed,
        "may_enrol": Permission.ENROL_VOLUNTEER in request.permissions,
        "may_import": Permission.IMPORT_FILES in request.permissions,
        "may_export": Permission.EXPORT_DATA in request.permissions,
        "may_edit": Permission.EDIT_VOLUNTEER in request.permissions,
    }
    return render(request, "volunteers/people/roster.html", context)


@require_POST
@require_permission(Permission.EXPORT_DATA)
def export(request: StaffRequest, kind: str) -> HttpResponse:
    """Give the whole roster as .xlsx or .csv, and note who took how many people away."""
    rows = list(_rows(request))
    log_access(
        community=request.community,
        act=AccessLog.Act.EXPORT,
        by=request.user,
        at=timezone.now(),
        people_count=len(rows) - 1,
    )
    if kind == "csv":
        answer = HttpResponse(sheets.write_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(sheets.write_xlsx(_("花名册"), rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="roster.{kind}"'
    return answer


def _rows(request: StaffRequest) -> Iterator[list[str]]:
    yield [
        _("手册编号"),
        _("姓名"),
        _("藏文姓名"),
        _("出生年"),
        _("联系电话"),
        _("小区"),
        _("楼栋门牌"),
        _("户主"),
        _("工作单位"),
        _("双报到"),
        _("可用积分"),
    ]
    people = Volunteer.objects.of(request.community).active().order_by("number")
    for person in people.select_related("account", "unit", "community", "household"):
        yield [
            person.handbook_number,
            person.name,
            person.name_bo,
            str(person.birth_year or ""),
            person.phone,
            person.estate,
            person.door,
            person.household.head_name if person.household else "",
            person.unit.name if person.unit else "",
            _("是") if person.reported_in else "",
            str(person.account.available),
        ]
