"""Five faces, from very content to not at all: how people score without writing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

FACES = (
    ("5", _("很满意")),
    ("4", _("满意")),
    ("3", _("一般")),
    ("2", _("不满意")),
    ("1", _("很不满意")),
)


class FaceSelect(forms.RadioSelect):
    """Five faces in a row, each with its word. The page links css/faces.css."""

    template_name = "components/widgets/faces.html"
    option_template_name = "components/widgets/face.html"
