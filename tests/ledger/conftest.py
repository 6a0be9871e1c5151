from __future__ import annotations

import pytest

from tests.ledger.story import make_book, tell_story


@pytest.fixture
def book(db):
    return make_book()


@pytest.fixture
def committed_book(transactional_db):
    """A book in a database that really commits: deferred assertions speak, threads see it."""
    return make_book()


@pytest.fixture
def story(book):
    return tell_story(book)
