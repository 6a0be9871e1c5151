"""What residents read when something is refused: one sentence, nobody is blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.refusals import (
    NotIdentified,
    PinAlreadyChosen,
    PinTooSimple,
    Refusal,
    TooManyTries,
    WrongPin,
)

if TYPE_CHECKING:
    from datetime import datetime


def word_sign_in(refusal: Refusal) -> str:
    """Return what to say when nobody was signed in; the same for who exists and who does not."""
    match refusal:
        case WrongPin(tries_left=0):
            return _("号码或密码不对。试得多了，请过 15 分钟再来，或者到柜台请工作人员帮您。")
        case WrongPin():
            return _("号码或密码不对，还可以再试 %(left)d 次。") % {"left": refusal.tries_left}
        case TooManyTries(until=None):
            return _("密码错了太多次。请到柜台，工作人员当面帮您重设。")
        case TooManyTries(until=until) if until:
            return _("试得多了，请在 %(time)s 以后再试，或者到柜台请工作人员帮您。") % {
                "time": _clock(until)
            }
    return word_pin(refusal)


def word_pin(refusal: Refusal) -> str:
    """Return what to say about a PIN that could not be chosen or changed."""
    match refusal:
        case PinTooSimple():
            return _("这个密码太好猜，不要用连着的或一样的数字。")
        case WrongPin() if refusal.tries_left:
            return _("现在的密码不对，还可以再试 %(left)d 次。") % {"left": refusal.tries_left}
        case PinAlreadyChosen():
            return _("您已经有密码了。忘了的话，请到柜台重设。")
        case NotIdentified():
            return _("要先请工作人员核对是您本人，再在两分钟里设好密码。")
        case TooManyTries() | WrongPin():
            return word_sign_in(refusal)
    raise refusal


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i", use_l10n=False)
