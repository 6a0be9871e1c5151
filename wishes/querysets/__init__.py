from wishes.querysets.pledges import DispatchQuerySet, PledgeQuerySet
from wishes.querysets.wishes import WishQuerySet

__all__ = ["DispatchQuerySet", "PledgeQuerySet", "WishQuerySet"]
