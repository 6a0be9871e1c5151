"""Neighbours at work: offers in flight, and what people think of twelve places."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from evaluations.models import Dimension, Subject
from evaluations.operations import Answer, evaluate, open_subject
from wishes.models import Skill
from wishes.operations.dispatching import Candidate, offer_wish, register_helper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from points_store.demo.story import Staff
    from volunteers.models import Community, Volunteer
    from wishes.models import Wish

PLACE, ACTIVITY, SHOP = Subject.Kind.PLACE, Subject.Kind.ACTIVITY, Subject.Kind.SHOP
# Name, kind, how many answered, and how content they were: of ten, so many give the best.
SCORED = (
    ("积分小超市", SHOP, 16, 9),
    ("糌粑调解室", PLACE, 12, 9),
    ("藏式小区北门", PLACE, 9, 6),
    ("社区图书角", PLACE, 8, 8),
    ("幸福家园活动室", PLACE, 10, 7),
    ("牧民新村卫生室", PLACE, 7, 8),
    ("阳光小区健身点", PLACE, 6, 5),
    ("法院家属院车棚", PLACE, 6, 4),
    ("便民服务窗口", PLACE, 14, 8),
    ("老年饭桌", PLACE, 11, 9),
    ("周末清洁活动", ACTIVITY, 8, 7),
    ("儿童阅读会", ACTIVITY, 3, 9),
)
REMARKS = ("人很热情。", "地方再大一点就好了。", "路灯修好了，谢谢。", "", "", "")
SKILLS = (
    (Skill.REPAIR, Skill.CARRY),
    (Skill.ESCORT, Skill.DRIVE),
    (Skill.PHONE, Skill.TUTOR),
    (Skill.COMPANY, Skill.READING),
    (Skill.HEALTH,),
    (Skill.HAIRCUT,),
    (Skill.TRANSLATE, Skill.READING),
    (Skill.CARRY,),
)


def send_offers(
    *, waiting: Sequence[Wish], people: Sequence[Volunteer], staff: Staff, at: datetime
) -> None:
    """Let eight people say they are willing, and ask some of them about two wishes."""
    helpers = people[60 : 60 + len(SKILLS)]
    for helper, skills in zip(helpers, SKILLS, strict=True):
        register_helper(volunteer=helper, skills=skills, note="周末", is_willing=True)
    for place, wish in enumerate(waiting[:2]):
        asked = helpers[place * 3 : place * 3 + 3]
        offer_wish(
            community=wish.community,
            number=wish.number,
            candidates=[Candidate(volunteer_id=helper.pk) for helper in asked],
            hours_to_answer=24,
            by=staff.clerk,
            at=at - timedelta(hours=2),
        )


def score_places(*, community: Community, staff: Staff, random: Random, at: datetime) -> None:
    """Give twelve places a code, and eleven of them enough answers for a result."""
    for name, kind, answers, content in SCORED:
        subject = open_subject(
            community=community,
            kind=kind,
            name=name,
            by=staff.approver,
            at=at - timedelta(days=40),
        )
        dimensions = Dimension.objects.filter(community=community).values_list("pk", flat=True)
        for number in range(answers):
            scores = {
                one: 5 if random.randrange(10) < content else random.choice((3, 4))
                for one in dimensions
            }
            evaluate(
                subject=subject,
                answer=Answer(
                    scores=scores,
                    key=uuid5(NAMESPACE_URL, f"{community.slug}/{name}/{number}"),
                    device=f"demo-{number}",
                    remark=random.choice(REMARKS),
                ),
                at=at - timedelta(days=number + 1),
            )
