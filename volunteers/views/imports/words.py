"""What to say about a file that cannot be imported."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from points_store import sheets
from volunteers.importing.table import NoSuchTable

_WORDS = {
    sheets.LockedOrOld: _("打不开：文件加了密码，或是旧的 .xls。请去掉密码，另存为 .xlsx。"),
    sheets.HasMacros: _("文件里带着宏。请另存为不带宏的 .xlsx。"),
    sheets.EmptyTable: _("文件里没有内容。"),
    sheets.Tampered: _("文件的内部结构不像表格软件存的。请用表格软件打开，另存为 .xlsx。"),
    sheets.NotATable: _("这不是表格。请用 Excel 的 .xlsx，或 CSV。"),
    sheets.TooBig: _("文件太大，展开后超过 %(limit)d MB。请分成几个文件。"),
    sheets.TooManyRows: _("第 %(row)d 行还有内容，一次最多 5,000 行。请分成几个文件。"),
    sheets.TooManyColumns: _("第 %(column)d 列还有内容，最多 50 列。请只留要用的栏。"),
}
_NO_HEADER = _("没找到表头。有一行要写着这些栏：%(columns)s。")


def why_unreadable(refusal: sheets.UnreadableSheet | NoSuchTable) -> str:
    """Return one sentence that says what to do about the file."""
    if isinstance(refusal, NoSuchTable):
        return str(_NO_HEADER) % {"columns": "、".join(str(label) for label in refusal.missing)}
    return str(_WORDS[type(refusal)]) % vars(refusal)
