from wishes.models.dispatch import Dispatch, Helper, Skill
from wishes.models.gift import FundGift
from wishes.models.photo import WishPhoto
from wishes.models.pledge import HelpingHand, Pledge
from wishes.models.private import WishFacts, WordingConsent
from wishes.models.step import WishStep
from wishes.models.wish import Tree, Wish

__all__ = [
    "Dispatch",
    "FundGift",
    "Helper",
    "HelpingHand",
    "Pledge",
    "Skill",
    "Tree",
    "Wish",
    "WishFacts",
    "WishPhoto",
    "WishStep",
    "WordingConsent",
]
