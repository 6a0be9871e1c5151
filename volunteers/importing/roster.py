"""花名册: people, their doors, households and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from points_store.text import normalise_name
from volunteers.importing import cells
from volunteers.importing.people_index import PeopleIndex, Person, choices_of, same_or_unsure
from volunteers.importing.plan import NEW, SKIP, Context, ImportKind, Line, Outcome, Plan
from volunteers.importing.table import Column, Row, Table
from volunteers.models import ImportedFile, Volunteer
from volunteers.operations.importing import Amendment, Newcomer, import_people
from volunteers.operations.people import Enrolment

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
NAME_LETTERS = 100
ADDRESS_LETTERS = 60
COLUMNS = (
    Column(
        "name", gettext_lazy("姓名"), ("姓名", "名字", "居民姓名", "志愿者", "志愿者姓名"), True
    ),
    Column("name_bo", gettext_lazy("藏文姓名"), ("藏文姓名", "藏文", "藏文名", "藏语姓名")),
    Column("name_mn", gettext_lazy("蒙古文姓名"), ("蒙古文姓名", "蒙文姓名", "蒙文", "蒙古文")),
    Column("gender", gettext_lazy("性别"), ("性别",)),
    Column(
        "birth",
        gettext_lazy("出生年"),
        ("出生年", "出生年月", "出生日期", "出生年月日", "出生", "生日"),
    ),
    Column(
        "phone",
        gettext_lazy("电话"),
        ("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系人电话"),
    ),
    Column("estate", gettext_lazy("小区"), ("小区", "小区名称", "院落", "居住小区", "村社")),
    Column(
        "door",
        gettext_lazy("楼栋门牌"),
        ("楼栋门牌", "门牌", "门牌号", "楼栋", "房号", "楼栋房号", "楼号", "单元房号"),
    ),
    Column(
        "address",
        gettext_lazy("住址"),
        ("住址", "家庭住址", "地址", "居住地址", "现住址", "现居住地", "详细地址"),
    ),
    Column("head", gettext_lazy("户主"), ("户主", "户主姓名")),
    Column("unit", gettext_lazy("单位"), ("工作单位", "单位", "所在单位", "单位名称")),
    Column(
        "reported_in", gettext_lazy("双报到"), ("双报到", "是否双报到", "报到", "在职党员双报到")
    ),
)
GENDERS = {"女": Volunteer.Gender.FEMALE, "男": Volunteer.Gender.MALE}


def plan_roster(table: Table, context: Context) -> Plan:
    """Decide for each row: a new person, one already on file, one typed twice, or a question."""
    plan = Plan()
    index = PeopleIndex(context.community)
    for row in table.rows:
        line = Line(row, row["name_bo"], Outcome.CREATE)
        plan.lines.append(line)
        enrolment = _enrolment(row, index, line.says, context)
        if not enrolment.name or len(enrolment.name) > NAME_LETTERS:
            line.outcome = Outcome.PROBLEM
            line.subject = enrolment.name[:20] or line.subject
            line.says.insert(0, _("姓名太长") if enrolment.name else _("没有姓名"))
        else:
            _place(plan, index, enrolment, line, context)
    return plan


def _place(
    plan: Plan, index: PeopleIndex, enrolment: Enrolment, line: Line, context: Context
) -> None:
    row, says = line.row, line.says
    person = Person(
        enrolment.name,
        enrolment.estate,
        enrolment.door,
        enrolment.birth_year,
        enrolment.phone,
        row=row.number,
    )
    line.subject = person.label.rsplit(" · ", 1)[0]
    namesakes = index.namesakes(person.name)
    same, unsure = same_or_unsure(person, namesakes)
    if unsure:
        key = f"row{row.sheet}/{row.number}"
        text = _("第 %(row)d 行的%(name)s是哪一位？") % {"row": row.number, "name": person.name}
        choices = [*choices_of(unsure), (NEW, _("另一个人，办新手册"))]
        answer = plan.ask(key, text, choices, row.number, context)
        if answer == SKIP:
            line.outcome = Outcome.ASK
            says.insert(0, _("可能是 %(label)s，请选") % {"label": unsure[0].label})
            return
        same = next((other for other in unsure if other.value == answer), None)
    if same is None:
        if namesakes:
            says.append(_("同名 %(count)d 位，按门牌和出生年分开") % {"count": len(namesakes)})
        index.add(person)
        plan.work.append(_newcomer(row, enrolment))
    elif same.volunteer is None:
        line.outcome = Outcome.SKIP
        says.insert(0, _("和第 %(row)d 行是同一个人") % {"row": same.row})
    else:
        line.outcome = Outcome.MATCH
        _amend(plan, same.volunteer, enrolment, row, says)


def _newcomer(row: Row, enrolment: Enrolment) -> Newcomer:
    return Newcomer(
        enrolment=enrolment,
        head_name=normalise_name(_quiet(row["head"])),
        unit_name=_quiet(row["unit"]),
    )


def _amend(plan: Plan, known: Volunteer, enrolment: Enrolment, row: Row, says: list[str]) -> None:
    """Fill what is blank on file; what differs is said and left alone."""
    says.insert(0, _("已有手册"))
    filled: dict[str, str | int] = {}
    for field in ("phone", "name_bo", "name_mn", "birth_year", "estate", "door"):
        here, there = getattr(enrolment, field), getattr(known, field)
        if here and not there:
            filled[field] = here
        elif here and here != there and field in {"phone", "birth_year", "name_bo"}:
            label = Volunteer._meta.get_field(field).verbose_name  # type: ignore[union-attr]
            says.append(_("%(field)s和手册不同，没有改") % {"field": label})
    unit_name = "" if known.unit_id else _quiet(row["unit"])
    if filled or unit_name:
        says.append(_("补上手册里空着的"))
        plan.work.append(Amendment(volunteer_id=known.pk, fields=filled, unit_name=unit_name))


def _enrolment(row: Row, index: PeopleIndex, says: list[str], context: Context) -> Enrolment:
    estate, door = (
        _read(row, "estate", cells.plain, "", says),
        _read(row, "door", cells.plain, "", says),
    )
    if not door and (address := _read(row, "address", cells.plain, "", says)):
        known_estate, door = cells.split_address(address, sorted(index.estates))
        estate = estate or known_estate
    this_year = timezone.localtime(context.at).year
    return Enrolment(
        name=_name(row["name"], says),
        name_bo=normalise_name(row["name_bo"])[:NAME_LETTERS],
        name_mn=normalise_name(row["name_mn"])[:NAME_LETTERS],
        gender=GENDERS.get(row["gender"].strip(), ""),
        birth_year=_read(
            row, "birth", lambda cell: cells.year_of(cell, this_year=this_year), None, says
        ),
        phone=_read(row, "phone", cells.phone_of, "", says),
        estate=estate[:ADDRESS_LETTERS],
        door=door[:ADDRESS_LETTERS],
        reported_in=_read(row, "reported_in", cells.yes_of, False, says),
    )


def _name(cell: str, says: list[str]) -> str:
    """Return the name; a formula or a cell without any letter is none."""
    if cell.startswith("="):
        says.append(_("姓名是公式，请改成文字"))
        return ""
    name = normalise_name(cell)
    return name if any(letter.isalpha() for letter in name) else ""


def _read(row: Row, name: str, reader: Callable[[str], T], blank: T, says: list[str]) -> T:
    """Return what the cell means; what is unclear is said and left blank."""
    try:
        return reader(row[name])
    except cells.Unclear as unclear:
        says.append(str(unclear.words))
        return blank


def _quiet(cell: str) -> str:
    """Return a text that may be left out; a formula is left out."""
    try:
        return cells.plain(cell)[:NAME_LETTERS]
    except cells.Unclear:
        return ""


def apply_roster(plan: Plan, context: Context) -> None:
    """Enrol the new people and fill the blanks of those on file."""
    import_people(
        community=context.community,
        newcomers=[work for work in plan.work if isinstance(work, Newcomer)],
        amendments=[work for work in plan.work if isinstance(work, Amendment)],
        by=context.by,
        at=context.at,
    )


ROSTER = ImportKind(
    slug=ImportedFile.Kind.ROSTER,
    label=gettext_lazy("花名册"),
    hint=gettext_lazy("居民的姓名、住址、出生年、电话、户主、单位"),
    icon="people",
    columns=COLUMNS,
    plan=plan_roster,
    apply=apply_roster,
    after="people:list",
)
