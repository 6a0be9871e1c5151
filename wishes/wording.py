"""How the refusals of the tree are said, and on which field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ledger.refusals import KeyReused, NotEnoughPoints
from volunteers import refusals as people
from wishes import refusals as tree
from wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from points_store.forms import Form

# What a view may catch: everything a rule of the tree, of people or of the ledger refuses.
REFUSED = (people.Refusal, KeyReused, NotEnoughPoints)


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """Say on the form what the body's operation refuses, and go on behind the `with`."""
    try:
        yield
    except Wish.DoesNotExist:
        form.add_error("number" if "number" in form.fields else None, _("没有这个编号，请核对。"))
    except REFUSED as refusal:
        field, words = word(refusal)
        form.add_error(field if field in form.fields else None, words)


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Say at the top of the next page what the body's operation refuses: acts without a form."""
    try:
        yield
    except REFUSED as refusal:
        messages.warning(request, word(refusal)[1])


def word(refusal: Exception) -> tuple[str, str]:
    """Return the field's name and the sentence."""
    say = _SAID.get(type(refusal))
    if say is None:
        return "", _("现在不能这样办，请刷新页面看看最新情况。")
    return say(refusal)


def _moved_on(refusal: people.StateMovedOn) -> tuple[str, str]:
    state = Wish.State(refusal.state).label if refusal.state in Wish.State else refusal.state
    return "", _("这个心愿已经是“%(state)s”了，请刷新页面再看。") % {"state": state}


def _no_shares(refusal: tree.NoSharesLeft) -> tuple[str, str]:
    if refusal.left == 0:
        return "number", _("有人先一步认领了。树上还有别的心愿在等您。")
    return "shares", _("只剩 %(left)d 份了。") % {"left": refusal.left}


def _day(refusal: tree.DayOutOfRange) -> tuple[str, str]:
    days = {
        "first": date_format(refusal.first, "n月j日"),
        "last": date_format(refusal.last, "n月j日"),
    }
    return "due_date", _("请选 %(first)s 到 %(last)s 之间的一天。") % days


def _too_many(refusal: tree.TooManyPledges) -> tuple[str, str]:
    return "who", _("手上已经有 %(limit)d 个心愿没办完，办好一个再认领。") % {
        "limit": refusal.limit
    }


def _named(refusal: tree.WordsNameThePerson) -> tuple[str, str]:
    return "title", _("公开的话里有不能公开的内容：%(found)s。请改一改。") % {
        "found": "、".join(refusal.found)
    }


def _unknown(_refusal: people.UnknownVolunteers) -> tuple[str, str]:
    return "who", _("没有找到这位居民，可能已经迁出。")


def _wrong_pin(refusal: people.WrongPin) -> tuple[str, str]:
    return "pin", _("密码不对，还可以试 %(left)d 次；也可以改成签字或回访。") % {
        "left": refusal.tries_left
    }


def _not_enough(refusal: NotEnoughPoints) -> tuple[str, str]:
    return "points", _("可用 %(available)d 分，还差 %(missing)d 分。") % {
        "available": refusal.available,
        "missing": refusal.needed - refusal.available,
    }


_SAID: dict[type[Exception], Callable[..., tuple[str, str]]] = {
    people.StateMovedOn: _moved_on,
    people.UnknownVolunteers: _unknown,
    people.ReasonMissing: lambda _r: ("reason", _("请写明原因，至少两个字。")),
    people.DateInFuture: lambda _r: ("service_date", _("这一天还没有到。")),
    people.RuleNotInForce: lambda _r: ("", _("那一天还没有这项积分标准，请先在设置里补上。")),
    people.WrongPin: _wrong_pin,
    people.TooManyTries: lambda _r: ("pin", _("试的次数太多了，请改成签字或回访。")),
    people.PinNotChosen: lambda _r: ("pin", _("还没有设密码，请改成签字或回访。")),
    people.ConfirmationNotValid: lambda _r: ("pin", _("请本人再输一次密码。")),
    people.AccountFrozen: lambda _r: ("points", _("手册暂时冻结，正在核实。请问一问社区。")),
    tree.NoSharesLeft: _no_shares,
    tree.OwnWish: lambda _r: ("who", _("自己家的心愿，请别人来办。")),
    tree.AlreadyPledged: lambda _r: ("who", _("已经认领过这个心愿了。")),
    tree.TooManyPledges: _too_many,
    tree.DayOutOfRange: _day,
    tree.PledgeEnded: lambda _r: ("", _("这次认领已经结束了。")),
    tree.OfferEnded: lambda _r: ("", _("这一单已经有人接了，或者时间过了。谢谢您。")),
    tree.NobodyToAsk: lambda _r: ("turn_1", _("请选一到三位，每位只选一次。")),
    tree.ConsentMissing: lambda _r: ("consent", _("挂上树要先得到本人同意，请选怎样同意的。")),
    tree.WordsNameThePerson: _named,
    tree.HandNotAllowed: lambda _r: ("", _("许愿人自己家的人，不能按这个心愿记时长。")),
    tree.RuleMissing: lambda _r: ("", _("这个心愿没有选积分项目，不能记时长。")),
    tree.NotMerging: lambda _r: ("merged_into", _("没有这个编号，请核对。")),
    KeyReused: lambda _r: ("", _("这一页已经用过了，请刷新再填。")),
    NotEnoughPoints: _not_enough,
}
