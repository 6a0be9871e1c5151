"""Why the ledger says no: facts for the view to word. What was refused left nothing behind."""

from __future__ import annotations


class NotEnoughPoints(Exception):
    """Less is available on the member's account than the act needs."""

    def __init__(self, available: int, needed: int, account_id: int | None = None) -> None:
        super().__init__(available, needed, account_id)
        self.available = available
        self.needed = needed
        self.account_id = account_id


class KeyReused(Exception):
    """The request's key was used before, with other content."""


class KeyBusy(Exception):
    """The first request with this key has not finished."""


class AlreadyReversed(Exception):
    """The posting has been reversed before."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(posting_id)
        self.posting_id = posting_id


class HoldEnded(Exception):
    """The hold was captured, released or expired before."""

    def __init__(self, hold_id: int, how: str) -> None:
        super().__init__(hold_id, how)
        self.hold_id = hold_id
        self.how = how
