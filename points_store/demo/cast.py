"""Who lives in the demo community. Every name is put together from common parts; nobody is real."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from volunteers.operations.people import Enrolment

if TYPE_CHECKING:
    from random import Random

ESTATES = ("藏式小区", "幸福家园", "牧民新村", "阳光小区", "河东小区")
UNITS = ("县人民法院", "县第一小学", "县人民医院", "县供电公司", "县图书馆")
REPORTED_IN = 25
PEOPLE = 120


class Given(NamedTuple):
    """A given name with its Tibetan form."""

    name: str
    name_bo: str


FIRST = (
    Given("扎西", "བཀྲ་ཤིས་"),
    Given("卓玛", "སྒྲོལ་མ་"),
    Given("索南", "བསོད་ནམས་"),
    Given("才让", "ཚེ་རིང་"),
    Given("多杰", "རྡོ་རྗེ་"),
    Given("白玛", "པདྨ་"),
    Given("央金", "དབྱངས་ཅན་"),
    Given("拉毛", "ལྷ་མོ་"),
    Given("仁青", "རིན་ཆེན་"),
    Given("桑杰", "སངས་རྒྱས་"),
    Given("嘉措", "རྒྱ་མཚོ་"),
    Given("达哇", "ཟླ་བ་"),
)
SECOND = (
    Given("卓玛", "སྒྲོལ་མ།"),
    Given("才让", "ཚེ་རིང་།"),
    Given("加", "རྒྱལ།"),
    Given("措", "མཚོ།"),
    Given("东智", "དོན་གྲུབ།"),
    Given("吉", "སྐྱིད།"),
    Given("太", "ཐར།"),
    Given("草", "མཚོ།"),
)
SURNAMES = "马韩李王张刘周谢童保"
HAN_GIVEN = ("国庆", "永福", "桂英", "晓燕", "志强", "玉梅", "生莲", "占奎", "有德", "发科")
MONGOL = ("格日勒", "萨仁", "其其格", "巴图", "乌兰", "斯琴")
# Four 卓玛 and three 扎西: the same name is the normal case.
NAMESAKES = ("卓玛", "卓玛", "卓玛", "卓玛", "扎西", "扎西", "扎西")


def invented_people(random: Random) -> list[Enrolment]:
    """Return PEOPLE enrolments; the first is 索南拉毛, the heroine of the counter's story."""
    people = [
        Enrolment(
            name="索南拉毛",
            name_bo="བསོད་ནམས་ལྷ་མོ།",
            gender="female",
            birth_year=1968,
            birth_month=5,
            phone="19900001968",
            estate="藏式小区",
            door="3栋102",
            language="bo",
        )
    ]
    names = [Given(name, _bare(name)) for name in NAMESAKES]
    names += [_invented_name(random) for _ in range(PEOPLE - len(names) - 1)]
    for index, given in enumerate(names):
        people.append(_person(given, random, unit_wanted=index >= len(NAMESAKES)))
    return people


def _person(given: Given, random: Random, *, unit_wanted: bool) -> Enrolment:
    estate = random.choice(ESTATES)
    building, entrance = random.randint(1, 9), random.randint(1, 4)
    door = f"{building}栋{entrance}单元{random.randint(1, 6)}0{random.randint(1, 3)}"
    has_phone = random.random() < 0.7  # noqa: PLR2004 -- many old people have none
    return Enrolment(
        name=given.name,
        name_bo=given.name_bo,
        gender=random.choice(("female", "male")),
        birth_year=random.randint(1938, 2006) if unit_wanted else random.randint(1940, 1970),
        birth_month=random.randint(1, 12),
        phone=f"1990000{random.randint(0, 9999):04d}" if has_phone else "",
        estate=estate,
        door=door,
    )


def _invented_name(random: Random) -> Given:
    kind = random.random()
    if kind < 0.6:  # noqa: PLR2004 -- about as the county is
        first, second = random.choice(FIRST), random.choice(SECOND)
        if first.name == second.name:
            return Given(first.name, _bare(first.name))
        return Given(first.name + second.name, first.name_bo + second.name_bo)
    if kind < 0.9:  # noqa: PLR2004
        return Given(random.choice(SURNAMES) + random.choice(HAN_GIVEN), "")
    return Given(random.choice(MONGOL), "")


def _bare(name: str) -> str:
    return next((given.name_bo.rstrip("་") + "།" for given in FIRST if given.name == name), "")
