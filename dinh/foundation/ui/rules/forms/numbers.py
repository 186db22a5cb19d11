"""What a personal identification number says against other answers about the same person, or another."""

from collections.abc import Callable, Mapping
from typing import Any

from dinh.kernel.contacts import born_of_number
from dinh.kernel.errors import N_

__all__ = ["NUMBER_RULES", "SEXES", "number_fault"]

# As forms ask for it, and in words.
SEXES: tuple[tuple[str, str], ...] = (("nam", N_("nam")), ("nu", N_("nữ")))
# The rules that set an identity number against another answer.
NUMBER_RULES = ("born_in", "sex_in", "unlike")


def number_fault(ui: Mapping[str, Any], number: str, answer_of: Callable[[str], Any]) -> tuple[str, Any]:
    """Return the rule that an identity number breaks and what the number says; empty: none.

    ``answer_of`` gives the other answers by the names that the rules hold.
    A rule is silent where the other answer is missing, or the number says nothing of its holder.
    """
    if "unlike" in ui and answer_of(ui["unlike"]) == number:
        return "unlike", number
    born = born_of_number(number)
    if born is None:
        return "", None
    if "born_in" in ui and _year_of(answer_of(ui["born_in"])) not in (None, born.year):
        return "born_in", born.year
    sex = "nu" if born.is_woman else "nam"
    for key in ("sex_in", "sex_is"):
        wanted = ui.get(key)
        if key == "sex_in" and wanted:
            wanted = answer_of(wanted)
        if wanted in dict(SEXES) and wanted != sex:
            return key, sex
    return "", None


def _year_of(value: Any) -> int | None:
    """The year of a day or a year as forms keep them; None: it says none."""
    if isinstance(value, str) and value[:4].isdecimal() and value[4:5] == "-":
        return int(value[:4])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
