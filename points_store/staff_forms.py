"""The forms of the shell: signing in, changing one's password."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from volunteers.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def lock_attempts(username: str) -> None:
    """Let one password of `username` be tried at a time, until the transaction ends.

    Without it, thirty requests sent together are all tried before the first is counted.
    """
    digest = hashlib.sha256(f"sign-in {username}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)]
        )


class SignInForm(AuthenticationForm):
    """Name and password; one sentence for every way to be wrong."""

    error_messages = {
        "invalid_login": _("账号或密码不对，请再核对一下。"),
        "inactive": _("账号或密码不对，请再核对一下。"),
    }
    username = forms.CharField(
        label=_("账号"),
        max_length=150,
        error_messages={"required": _("请填写账号。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # then the summary of what is wrong takes the focus
            del self.fields["username"].widget.attrs["autofocus"]

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Keep out who has left and what is a machine's login."""
        if not user.is_active or (isinstance(user, User) and user.is_machine):
            raise ValidationError(self.error_messages["inactive"], code="inactive")


class PasswordForm(PasswordChangeForm):
    """Old password once, new password twice."""

    error_messages = {
        "password_incorrect": _("原密码不对，请再核对一下。"),
        "password_mismatch": _("两次输入的新密码不一样。"),
    }

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = _("原密码")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password1"].help_text = _("至少 8 个字，不要用常见的密码。")
        self.fields["new_password2"].label = _("再输一次新密码")
        self.fields["new_password2"].help_text = ""
        self.fields["old_password"].error_messages["required"] = _("请填写原密码。")
        self.fields["new_password1"].error_messages["required"] = _("请填写新密码。")
        self.fields["new_password2"].error_messages["required"] = _("请再输一次新密码。")
