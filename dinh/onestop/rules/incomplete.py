"""A dossier that came incomplete: what is asked of its sender, and what may be done about it.

NĐ 61/2018 Art. 17.1.b: what came to the desk or by post and is not complete is answered with the request to
complete it (form 02); no limit runs until it is complete.
"""

from collections.abc import Sequence

from dinh.kernel.errors import N_, Refused
from dinh.onestop.rules.checks import Problem

__all__ = ["SUPPLEMENT_GIVEN", "NothingMissing", "NotWaitingForMore", "WhereToTell", "items_asked"]

# What the timeline says of an answer, with the applicant's own words.
SUPPLEMENT_GIVEN = N_("Đã bổ sung hồ sơ. %(note)s")

LONGEST = 1000


class NothingMissing(Refused):
    message = N_("Hồ sơ đã đủ và chưa ghi nội dung nào cần bổ sung. Hãy tiếp nhận hồ sơ.")


class WhereToTell(Refused):
    message = N_(
        "Hãy ghi số điện thoại, thư điện tử hoặc địa chỉ của người nộp, để phiếu yêu cầu bổ sung tới được họ."
    )


class NotWaitingForMore(Refused):
    message = N_("Hồ sơ không chờ bổ sung. Hãy tải lại trang để xem trạng thái mới.")


def items_asked(problems: Sequence[Problem], said: str) -> list[dict[str, str]]:
    """Return what form 02 asks for: what is missing, then each line that the clerk wrote.

    ``{"document": key, "text": words}`` each; without a key it is about the form's answers. Raises
    ``NothingMissing``.
    """
    found = [_item(one) for one in problems]
    lines = (" ".join(line.split())[:LONGEST] for line in said.splitlines()[:30])
    found += [{"document": "", "text": line} for line in lines if line]
    if not found:
        raise NothingMissing(field="missing")
    return found


# The form sets the paper's name before it.
NOT_THERE = "chưa có trong hồ sơ, đề nghị nộp thêm"  # data: papers are Vietnamese


def _item(problem: Problem) -> dict[str, str]:
    kind, _colon, key = problem.place.partition(":")
    if kind == "paper":
        return {"document": key, "text": NOT_THERE}
    return {"document": "", "text": problem.sentence}
