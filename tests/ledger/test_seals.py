import pytest
from django.core.management import call_command

from ledger.models import Closing, Posting
from ledger.operations import close_book
from ledger.seals import seal
from tests.ledger.planting import plant


@pytest.fixture
def sealed(story):
    """The story's book, closed and sealed, and then a day older."""
    made = seal(story.book.number)
    story.book.earn(story.lamao, 5)
    close_book(book=story.book.number)
    return made


def again(made):
    return seal(made.book, through_id=made.through_id)


def test_a_seal_is_the_same_whenever_it_is_computed(sealed):
    assert again(sealed) == sealed
    assert len(sealed.digest) == 64
    assert sealed.accounts == 3  # two members and one debt have lines


def test_a_new_closing_has_a_new_seal(sealed):
    newest = seal(sealed.book)
    assert newest.through_id > sealed.through_id
    assert newest.digest != sealed.digest


@pytest.mark.parametrize(
    "cut",
    [
        "DELETE FROM ledger_posting WHERE id = {last}",
        "UPDATE ledger_posting SET hash = sha256(hash) WHERE id = {last}",
        "UPDATE ledger_posting SET target_seq = target_seq + 1 WHERE id = {last}",
    ],
)
def test_a_cut_at_the_end_breaks_the_seal(sealed, cut):
    """What no chain finds: the newest lines gone, the heads set back to match."""
    last = Posting.objects.filter(pk__lte=sealed.through_id).order_by("pk").last()
    plant(cut.format(last=last.pk))
    assert again(sealed).digest != sealed.digest


def test_a_book_without_a_closing_has_no_seal(book):
    with pytest.raises(Closing.DoesNotExist):
        seal(book.number)


def test_the_command_closes_and_prints_a_line_that_can_be_printed_again(book, capsys):
    book.member(30)
    call_command("seal_books", "--book", str(book.number))
    printed = capsys.readouterr().out
    made = seal(book.number)
    assert made.digest in printed.replace(" ", "")
    book.member(5)
    call_command("seal_books", "--through", str(made.through_id))
    assert capsys.readouterr().out == printed


def test_the_command_says_when_there_is_no_such_closing(book, capsys):
    call_command("seal_books", "--through", "999")
    assert "没有" in capsys.readouterr().out
