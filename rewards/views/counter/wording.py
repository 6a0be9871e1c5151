"""What the counter says when something is refused: one clear sentence, and where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ledger.refusals import KeyBusy, KeyReused, NotEnoughPoints
from rewards import refusals as shop
from volunteers import refusals as people

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

REFUSED = (people.Refusal, NotEnoughPoints, KeyReused, KeyBusy)


@dataclass(frozen=True)
class Problem:
    """A sentence and its place: a line of the basket, the question for consent, or the page."""

    text: str
    reward_id: int | None = None
    is_about_consent: bool = False
    needs_new_key: bool = False


def word_refusal(refusal: Exception) -> Problem:
    """Return what to say about a refusal of redeeming or confirming."""
    return _WORDS[type(refusal)](refusal)


def word_void(refusal: Exception) -> str:
    """Return what to say about a refusal to undo a redemption."""
    if isinstance(refusal, shop.TooLateToVoid):
        return _("自己撤销的时间到 %(time)s 为止。请书记写明原因后撤销。") % {
            "time": _clock(refusal.until)
        }
    if isinstance(refusal, people.ReasonMissing):
        return _("请写明撤销的原因，至少两个字。")
    if isinstance(refusal, shop.AlreadyVoided):
        return _("这一笔已经撤销过了。")
    return word_refusal(refusal).text


def word_pin(refusal: people.Refusal) -> str:
    """Return what to say about a PIN that did not open, or could not be chosen."""
    return _PIN_WORDS.get(type(refusal), _no_pin)(refusal)


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i", use_l10n=False)


def _not_enough(refusal: NotEnoughPoints) -> Problem:
    return Problem(
        _("可用 %(available)d 分，这些要 %(needed)d 分，还差 %(missing)d 分。请少拿一样。")
        % {
            "available": refusal.available,
            "needed": refusal.needed,
            "missing": refusal.needed - refusal.available,
        }
    )


def _out_of_stock(refusal: shop.OutOfStock) -> Problem:
    words = _("刚刚兑完了。") if refusal.left < 1 else _("只剩 %(left)d 件了。")
    return Problem(words % {"left": refusal.left}, reward_id=refusal.reward_id)


def _month_limit(refusal: shop.MonthLimitReached) -> Problem:
    words = _("这个月已经换够了。") if refusal.left < 1 else _("这个月还可以换 %(left)d 件。")
    return Problem(words % {"left": refusal.left}, reward_id=refusal.reward_id)


def _frozen(refusal: people.AccountFrozen) -> Problem:
    if not refusal.reason:
        return Problem(_("这本手册暂时冻结，现在不能兑换。"))
    return Problem(_("这本手册暂时冻结，现在不能兑换：%(reason)s") % {"reason": refusal.reason})


def _wrong_pin(refusal: people.WrongPin) -> str:
    if refusal.tries_left == 0:
        return _("密码不对。先歇 15 分钟再按，或者改用签字。")
    return _("密码不对，还可以再按 %(left)d 次。") % {"left": refusal.tries_left}


def _too_many_tries(refusal: people.TooManyTries) -> str:
    if refusal.until is None:
        return _("这本手册的密码错了太多次，要请社工重设。这次请改用签字。")
    return _("密码错了几次，%(time)s 以后可以再按。这次可以改用签字。") % {
        "time": _clock(refusal.until)
    }


def _no_pin(_refusal: people.Refusal) -> str:
    return _("还没有设密码，请改用签字。")


_PIN_WORDS: dict[type[people.Refusal], Callable[..., str]] = {
    people.WrongPin: _wrong_pin,
    people.TooManyTries: _too_many_tries,
    people.PinNotChosen: _no_pin,
    people.PinTooSimple: lambda _refusal: _("这个密码太好猜，不要用连着的或一样的数字。"),
    people.PinAlreadyChosen: lambda _refusal: _("这位居民已经有密码了。忘了的话，请社工重设。"),
    people.NotIdentified: lambda _refusal: _("核对身份已经过了两分钟，请再核对一次。"),
}

_WORDS: dict[type[Exception], Callable[..., Problem]] = {
    NotEnoughPoints: _not_enough,
    shop.OutOfStock: _out_of_stock,
    shop.MonthLimitReached: _month_limit,
    people.AccountFrozen: _frozen,
    shop.PriceChanged: lambda refusal: Problem(
        _("兑换积分刚改成 %(points)d 分，请居民看过再确认。") % {"points": refusal.price_points},
        reward_id=refusal.reward_id,
    ),
    shop.NotOnShelf: lambda refusal: Problem(
        _("有一样东西已经下架，从兑换单里拿掉了。"), reward_id=refusal.reward_id
    ),
    shop.BasketEmpty: lambda _refusal: Problem(_("还没有选物品。")),
    shop.BasketTooLarge: lambda refusal: Problem(
        _("一次最多兑换 %(most)d 分的物品。") % {"most": refusal.most}
    ),
    shop.OwnHousehold: lambda _refusal: Problem(
        _("这是您自己或同户家人的手册，要请另一位同事来办。")
    ),
    shop.CollectorNotNamed: lambda _refusal: Problem(
        _("请写代领人的姓名和关系。"), is_about_consent=True
    ),
    people.ConfirmationNotValid: lambda _refusal: Problem(
        _("密码确认已经用过、过了 5 分钟，或者之后改了兑换单。请居民再按一次密码。"),
        is_about_consent=True,
    ),
    KeyReused: lambda _refusal: Problem(
        _("这一页刚才已经兑换过一次，内容和现在不一样。要再换一次，请再确认一遍。"),
        needs_new_key=True,
    ),
    KeyBusy: lambda _refusal: Problem(_("刚才那一笔还在记，请等一下再按，不会记两次。")),
}
