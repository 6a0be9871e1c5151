"""What a member of staff may do, one word per right. Which role has which is in access.py."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Permission(StrEnum):
    """A right within one community; views name exactly one each."""

    VIEW_BOARD = auto()
    REDEEM_AT_COUNTER = auto()
    VOID_OWN_REDEMPTION = auto()
    VOID_ANY_REDEMPTION = auto()
    RECORD_SERVICE = auto()
    CONFIRM_SERVICE = auto()
    VOID_SERVICE = auto()
    ENROL_VOLUNTEER = auto()
    VIEW_DOSSIER = auto()
    EDIT_VOLUNTEER = auto()
    IMPORT_FILES = auto()
    SIGN_OFF_OPENING = auto()
    MANAGE_STOCK = auto()
    COUNT_STOCK = auto()
    APPROVE_COUNT = auto()
    ORDER_SPECIAL = auto()
    APPROVE_SPECIAL = auto()
    MANAGE_WISHES = auto()
    APPROVE_WISH = auto()
    MANAGE_EVALUATIONS = auto()
    VIEW_REPORTS = auto()
    EXPORT_DATA = auto()
    VIEW_AUDIT = auto()
    MANAGE_SETTINGS = auto()
    MANAGE_USERS = auto()
    PUBLISH_NOTICE = auto()
    ISSUE_CERTIFICATE = auto()

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LABELS: dict[Permission, Promise] = {
    Permission.VIEW_BOARD: _("看今日"),
    Permission.REDEEM_AT_COUNTER: _("在柜台给居民兑换"),
    Permission.VOID_OWN_REDEMPTION: _("撤销自己刚做的兑换"),
    Permission.VOID_ANY_REDEMPTION: _("撤销别人做的、较早的兑换"),
    Permission.RECORD_SERVICE: _("登记服务和活动"),
    Permission.CONFIRM_SERVICE: _("确认别人登记的服务"),
    Permission.VOID_SERVICE: _("冲正已确认的服务"),
    Permission.ENROL_VOLUNTEER: _("办新手册"),
    Permission.VIEW_DOSSIER: _("看居民档案"),
    Permission.EDIT_VOLUNTEER: _("改居民资料、换卡、重设密码"),
    Permission.IMPORT_FILES: _("导入表格"),
    Permission.SIGN_OFF_OPENING: _("核签期初积分"),
    Permission.MANAGE_STOCK: _("管理物品、进货和捐赠"),
    Permission.COUNT_STOCK: _("盘点"),
    Permission.APPROVE_COUNT: _("核准盘点差异"),
    Permission.ORDER_SPECIAL: _("代居民点单、跟进点单"),
    Permission.APPROVE_SPECIAL: _("核准点单的积分和采购"),
    Permission.MANAGE_WISHES: _("登记和跟进微心愿"),
    Permission.APPROVE_WISH: _("审核微心愿"),
    Permission.MANAGE_EVALUATIONS: _("做测评码、印邀请码"),
    Permission.VIEW_REPORTS: _("看报表"),
    Permission.EXPORT_DATA: _("导出数据"),
    Permission.VIEW_AUDIT: _("看操作记录"),
    Permission.MANAGE_SETTINGS: _("改设置和积分项目"),
    Permission.MANAGE_USERS: _("管理工作人员账号"),
    Permission.PUBLISH_NOTICE: _("发布公示"),
    Permission.ISSUE_CERTIFICATE: _("开服务证明"),
}
