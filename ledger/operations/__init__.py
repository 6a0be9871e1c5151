"""Everything that changes the ledger. Each is one transaction, or part of the caller's."""

from ledger.operations.accounts import open_account, open_accounts, open_book
from ledger.operations.closings import close_book
from ledger.operations.holds import (
    NewHold,
    capture_hold,
    expire_hold,
    place_hold,
    place_holds,
    release_hold,
    release_holds,
)
from ledger.operations.postings import Award, Movement, earn_points, post_many, post_points
from ledger.operations.reversals import reverse_many, reverse_posting

__all__ = [
    "Award",
    "Movement",
    "NewHold",
    "capture_hold",
    "close_book",
    "earn_points",
    "expire_hold",
    "open_account",
    "open_accounts",
    "open_book",
    "place_hold",
    "place_holds",
    "post_many",
    "post_points",
    "release_hold",
    "release_holds",
    "reverse_many",
    "reverse_posting",
]
