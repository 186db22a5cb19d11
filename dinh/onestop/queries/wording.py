"""A dossier's papers and past in the reader's language, the same for officials and citizens."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from dinh.onestop.queries.cards import TimelineLine
from dinh.onestop.rules.wording import PAPERS

__all__ = ["paper_label", "timeline_words"]


def paper_label(form: str) -> str:
    """The everyday name of a paper that the desk issues."""
    return _(PAPERS[form]) if form in PAPERS else _("Văn bản của cơ quan")


def timeline_words(lines: Sequence[TimelineLine]) -> list[dict[str, Any]]:
    """What happened, as ``ui.timeline`` draws it."""
    return [
        {
            "at": line.at,
            "title": _(line.sentence) % line.values if line.values else _(line.sentence),
            "by": ", ".join(filter(None, (_(line.actor), line.position))),
            "text": "",
            "tone": "",
            "files": [],
        }
        for line in lines
    ]
