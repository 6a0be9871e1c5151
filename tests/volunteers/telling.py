"""Deeds that tests need: told by the resident, or by staff for them."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

from PIL import Image

from points_store.pictures import read_photo
from tests import factories
from tests.factories import NOW
from tests.volunteers.logging import YESTERDAY, clean_up
from volunteers.operations.deeds import DeedStory, declare_deed
from volunteers.operations.photos import keep_photo


def story(community, **said):
    return DeedStory(
        **{
            "rule": clean_up(community),
            "title": "帮邻居抬煤上楼",
            "story": "一共六筐。",
            "service_date": YESTERDAY,
            "minutes": 60,
            "helped": "增太老人",
            **said,
        }
    )


def told(volunteer, *, by=None, key=None, request=None, **said):
    return declare_deed(
        request=request or factories.make_request(),
        community=volunteer.community,
        volunteer_id=volunteer.pk,
        story=story(volunteer.community, **said),
        upload_key=key or uuid4(),
        by=by,
        at=NOW,
    )


def picture(seed=0, size=(320, 240), form="JPEG", **saved):
    """Return a picture whose fields of grey depend on the seed."""
    image = Image.new("L", (9, 8))
    image.putdata([(seed * 7919 + place * place * 31 + place * 17) % 251 for place in range(72)])
    sent = BytesIO()
    image.resize(size, Image.Resampling.NEAREST).convert("RGB").save(sent, form, **saved)
    sent.seek(0)
    return sent


def kept(volunteer, key, *, by=None, seed=0, **shape):
    """Keep a picture under the key of a page, as the resident or as staff."""
    return keep_photo(
        community=volunteer.community,
        drawn=read_photo(picture(seed, **shape), max_side=1600),
        upload_key=key,
        by=by,
        by_resident=None if by else volunteer,
        at=NOW,
    )
