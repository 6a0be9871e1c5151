"""The paper side of a redemption: the numbered document, and the signed slip in the folder."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from rewards.models import Redemption
from rewards.refusals import AlreadyVoided, NoSlipNeeded
from volunteers.operations.people import ean13

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.models import Posting
    from volunteers.models import Community, PinConfirmation, User, Volunteer

SLIP_PREFIX = "21"

# The document, what paid it, what it held and what left the shelf, in one statement: each round
# trip to the database costs more than the rows do. A slip number that is taken inserts nothing.
WRITE_REDEMPTION = """
WITH redemption AS (
    INSERT INTO rewards_redemption
           (community_id, volunteer_id, number, points, balance_after, state, confirmation,
            pin_confirmation_id, collector_name, redeemed_at, redeemed_by_id, void_reason,
            held_points)
    SELECT %(community)s, %(volunteer)s, %(number)s, %(points)s, %(balance_after)s, 'done',
           %(confirmation)s, %(pin_confirmation)s, %(collector_name)s, %(at)s, %(by)s, '',
           account.held
      FROM ledger_account AS account
     WHERE account.id = %(account)s
    ON CONFLICT (number) DO NOTHING
    RETURNING *
), payment AS (
    INSERT INTO rewards_redemptionpayment (redemption_id, volunteer_id, posting_id)
    SELECT id, %(volunteer)s, %(posting)s FROM redemption
), goods AS (
    SELECT redemption.id, basket.*
      FROM redemption,
           unnest(%(rewards)s::bigint[], %(quantities)s::int[], %(prices)s::int[])
      WITH ORDINALITY AS basket (reward_id, quantity, price_points, place)
), line AS (
    INSERT INTO rewards_redemptionline (redemption_id, reward_id, quantity, price_points)
    SELECT id, reward_id, quantity, price_points FROM goods ORDER BY place
), movement AS (
    INSERT INTO rewards_stockmovement
           (reward_id, kind, quantity, reason, redemption_id, moved_at, moved_by_id)
    SELECT reward_id, 'redemption', -quantity, '', id, %(at)s, %(by)s FROM goods ORDER BY reward_id
), parked AS (
    DELETE FROM rewards_parkedbasket
     WHERE parked_by_id = %(by)s AND volunteer_id = %(volunteer)s
       AND EXISTS (SELECT FROM redemption)
)
TABLE redemption
"""


def write_redemption(
    *,
    volunteer: Volunteer,
    basket: Sequence[tuple[int, int, int]],
    posting: Posting,
    confirmation: str,
    pin_confirmation: PinConfirmation | None,
    collector_name: str,
    by: User,
    at: datetime,
) -> Redemption:
    """Write the document with its payment, lines and stock movements, within the caller's locks.

    `basket` has (reward id, quantity, price) once for each reward.
    """
    rewards, quantities, prices = zip(*basket, strict=True)
    facts = {
        "community": volunteer.community_id,
        "volunteer": volunteer.pk,
        "points": posting.points,
        "balance_after": posting.source_after,
        "confirmation": confirmation,
        "pin_confirmation": pin_confirmation and pin_confirmation.pk,
        "collector_name": collector_name,
        "at": at,
        "by": by.pk,
        "posting": posting.pk,
        "account": posting.source_id,
        "rewards": list(rewards),
        "quantities": list(quantities),
        "prices": list(prices),
    }
    written: list[Redemption] = []
    while not written:
        facts["number"] = slip_number()
        written = list(Redemption.objects.raw(WRITE_REDEMPTION, facts))
    return written[0]


def slip_number() -> str:
    """Return a slip number: EAN-13 with prefix 21 and ten random digits."""
    return ean13(f"{SLIP_PREFIX}{secrets.randbelow(10**10):010d}")


@transaction.atomic
def file_signed_slip(
    *, redemption_id: int, community: Community, by: User, at: datetime
) -> Redemption:
    """Note that the slip with the signature is in the folder; the first time counts.

    Raises NoSlipNeeded where a PIN was the consent, AlreadyVoided.
    """
    redemption = (
        Redemption.objects.of(community).select_for_update(no_key=True).get(pk=redemption_id)
    )
    if not redemption.needs_signed_slip:
        raise NoSlipNeeded
    if redemption.state == Redemption.State.VOIDED:
        raise AlreadyVoided
    if redemption.signed_slip_at is None:
        redemption.signed_slip_at, redemption.signed_slip_by = at, by
        redemption.save(update_fields=["signed_slip_at", "signed_slip_by"])
    return redemption
