from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from points_store.source_messages import Message, source_messages


class Command(BaseCommand):
    help = "Add new sentences to the English catalogue, untranslated, and drop those gone."

    def handle(self, **_options: Any) -> None:  # noqa: ANN401 -- Django's options
        wanted = source_messages(settings.BASE_DIR)
        path = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        known = {Message(entry.msgid, entry.msgid_plural, entry.msgctxt) for entry in catalogue}
        kept = [
            entry
            for entry in catalogue
            if Message(entry.msgid, entry.msgid_plural, entry.msgctxt) in wanted
        ]
        fresh = [_entry(message) for message in wanted - known]
        renewed = polib.POFile(wrapwidth=0)
        renewed.metadata = catalogue.metadata
        renewed.extend(
            sorted([*kept, *fresh], key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        )
        renewed.save(str(path))
        self.stdout.write(f"{len(kept)} kept, {len(fresh)} new, {len(known) - len(kept)} gone")


def _entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid, msgid_plural=message.plural, msgctxt=message.context, msgstr=""
    )
    if message.plural:
        entry.msgstr_plural = {0: "", 1: ""}
    if "%(" in message.msgid:
        entry.flags.append("python-format")
    return entry
