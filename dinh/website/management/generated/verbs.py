"""The catalogue of the audit log: every verb that can stand in it."""

from dinh.foundation.actions.public import all_verbs
from dinh.website.management.generated.markdown import document, is_ours, place, table

__all__ = ["page"]


def page() -> str:
    """Return the catalogue of verbs."""
    verbs = [verb for verb in all_verbs().values() if is_ours(verb.function)]
    rows = [
        (
            f"`{verb.name}`",
            verb.summary,
            verb.subject._meta.label if verb.subject is not None else "what it creates",
            f"`{verb.permission.code}`",
            place(verb.function),
        )
        for verb in sorted(verbs, key=lambda verb: verb.name)
    ]
    return document(
        "Verbs",
        "Every change of data is one of these verbs: checked, done and written to the audit log in one "
        "transaction.",
        table(["Verb", "What it does", "Subject", "Permission", "Function"], rows),
    )
