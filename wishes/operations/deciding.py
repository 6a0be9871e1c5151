"""Staff verify a wish and clear the exact words that everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from points_store.text import mask_name, normalise_phone
from volunteers.refusals import ReasonMissing, StateMovedOn
from wishes.models import Dispatch, Wish, WishStep, WordingConsent
from wishes.operations.journal import lock_wish, note_step, wake_screens
from wishes.refusals import ConsentMissing, NotMerging, WordsNameThePerson

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import Community, PointsRule, User
    from wishes.models import WishFacts

REASON_AT_LEAST = 2  # characters


@dataclass(frozen=True)
class Wording:
    """The public side of a wish; `story` is what the wisher says, `needs` what it takes."""

    title: str
    story: str = ""
    needs: str = ""
    effort: str = ""
    estate: str = ""
    shares: int = 1
    rule: PointsRule | None = None
    is_on_tree: bool = True


@transaction.atomic
def approve_wish(
    *,
    community: Community,
    number: int,
    wording: Wording,
    consent: str,
    staff_note: str = "",
    skill: str = "",
    by: User,
    at: datetime,
) -> Wish:
    """Hang a wish on the tree with exactly these words, to which the wisher agreed.

    `consent` is a WordingConsent.How, or "" for a request that is not shown on the tree.
    Raises StateMovedOn, ConsentMissing, WordsNameThePerson.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.SUBMITTED:
        raise StateMovedOn(wish.state)
    _write_words(wish, wording, consent, by=by, at=at)
    wish.state = Wish.State.APPROVED
    wish.approved_at, wish.approved_by = at, by
    wish.save()
    wish.facts.staff_note, wish.facts.skill = staff_note, skill
    wish.facts.save(update_fields=["staff_note", "skill"])
    note_step(wish, WishStep.Kind.APPROVED, by=by, at=at)
    wake_screens(community.pk)
    return wish


@transaction.atomic
def reword_wish(
    *,
    community: Community,
    number: int,
    wording: Wording,
    consent: str,
    by: User,
    at: datetime,
) -> Wish:
    """Change the public words of a wish nobody has met yet; the wisher agreed anew.

    Raises StateMovedOn, ConsentMissing, WordsNameThePerson.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.APPROVED or wording.shares <= wish.pledged_shares:
        raise StateMovedOn(wish.state)
    _take_consent_back(wish, by=by, at=at)
    _write_words(wish, wording, consent, by=by, at=at)
    wish.save()
    note_step(wish, WishStep.Kind.REWORDED, by=by, at=at)
    wake_screens(community.pk)
    return wish


@transaction.atomic
def unpublish_wish(*, community: Community, number: int, by: User, at: datetime) -> Wish:
    """Take the words off the tree because the wisher took the consent back.

    A lit lamp goes on glowing, without a word; a wish not met yet is met without the tree.
    """
    wish = lock_wish(community, number)
    _take_consent_back(wish, by=by, at=at)
    wish.photos.update(is_public=False)
    if wish.state == Wish.State.LIT:
        wish.is_withheld = True
        wish.title = wish.story = wish.needs = wish.effort = ""
        wish.public_name = wish.estate = wish.thanks = ""
    else:
        wish.is_on_tree = False
    wish.save()
    note_step(wish, WishStep.Kind.UNPUBLISHED, by=by, at=at)
    wake_screens(community.pk)
    return wish


@transaction.atomic
def decline_wish(
    *,
    community: Community,
    number: int,
    ending: str,
    reason: str,
    merged_into: int | None = None,
    referred_to: str = "",
    by: User,
    at: datetime,
) -> Wish:
    """End a wish that is not met here, with a reason only the asker and staff read.

    `ending` is a Wish.Ending; merging names the other wish's number.
    Raises StateMovedOn, ReasonMissing, NotMerging.
    """
    wish = lock_wish(community, number)
    if wish.state not in {Wish.State.SUBMITTED, Wish.State.APPROVED} or wish.pledged_shares:
        raise StateMovedOn(wish.state)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
    facts = wish.facts
    if ending == Wish.Ending.MERGED:
        facts.merged_into = _other(wish, merged_into)
    facts.reason, facts.referred_to = reason, referred_to
    facts.save(update_fields=["reason", "referred_to", "merged_into"])
    wish.dispatches.live().update(state=Dispatch.State.CANCELLED, answered_at=at)
    wish.state, wish.ending = Wish.State.DECLINED, ending
    wish.save(update_fields=["state", "ending"])
    note_step(wish, WishStep.Kind.DECLINED, by=by, at=at, note=reason)
    wake_screens(community.pk)
    return wish


def private_words_in(facts: WishFacts, *texts: str) -> list[str]:
    """Return which of the wish's private facts stand in the texts: names, phone, door."""
    text = "\n".join(texts)
    door = facts.address
    secrets = [facts.wisher_name, facts.guardian_name, facts.phone, door]
    if facts.wisher is not None:
        secrets += [facts.wisher.name, facts.wisher.phone, facts.wisher.door]
    digits = normalise_phone(text)
    return sorted(
        {
            secret
            for secret in secrets
            if len(secret) > 1 and (secret in text or (secret.isdigit() and secret in digits))
        }
    )


def _write_words(wish: Wish, wording: Wording, consent: str, *, by: User, at: datetime) -> None:
    facts = wish.facts
    if wording.is_on_tree and not consent:
        raise ConsentMissing
    words = (wording.title, wording.story, wording.needs, wording.effort, wording.estate)
    if found := private_words_in(facts, *words):
        raise WordsNameThePerson(found)
    wish.title, wish.story = wording.title, wording.story
    wish.needs, wish.effort = wording.needs, wording.effort
    wish.estate, wish.shares = wording.estate, wording.shares
    wish.rule, wish.is_on_tree = wording.rule, wording.is_on_tree
    wish.public_name = mask_name(facts.wisher_name)
    if consent:
        WordingConsent.objects.create(
            wish=wish,
            how=consent,
            title=wish.title,
            story=wish.story,
            public_name=wish.public_name,
            estate=wish.estate,
            recorded_at=at,
            recorded_by=by,
        )


def _take_consent_back(wish: Wish, *, by: User, at: datetime) -> None:
    wish.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at, withdrawn_by=by)


def _other(wish: Wish, number: int | None) -> Wish:
    others = Wish.objects.of(wish.community).exclude(pk=wish.pk)
    other = others.filter(number=number).first() if number is not None else None
    if other is None:
        raise NotMerging(number)
    return other
