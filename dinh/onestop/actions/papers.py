"""Drawing and signing the papers that verbs have asked for. Run by jobs; idempotent."""

import datetime as dt

from django.conf import settings

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.files.public import store_bytes
from dinh.foundation.signing.public import preserve_file
from dinh.foundation.ui.public import format_money, qr_svg, render_paper
from dinh.onestop.actions.signatures import seal_by_desk, seal_letter
from dinh.onestop.models import Paper
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.queries.definitions import TEMPLATES

__all__ = ["draw_paper"]


@action("paper.drawn", permission=SYSTEM_ONLY, on=Paper)
def draw_paper(paper: Paper, *, by: Actor, now: dt.datetime) -> Paper:
    """Typeset the paper from its snapshot, seal it with the desk's key, keep it; once.

    A letter that a person has signed is not typeset again: it gets its number, its date and the seal.
    """
    if paper.state == Paper.State.READY:
        return paper
    title = paper.content.get("form_title", "Xác nhận đã nộp hồ sơ")  # data: papers are Vietnamese
    reason = f"{title} {paper.content['code']}"
    if paper.file_id is None:
        sealed = _drawn(paper, reason=reason, by=by, now=now)
    else:
        sealed = seal_letter(paper, reason=reason, by=by, now=now)
    paper.file = store_bytes(sealed, name=_NAMES[paper.form] % paper.content["code"], by=by)
    paper.state = Paper.State.READY
    paper.ready_at = now
    paper.save(update_fields=["file", "state", "ready_at"])
    preserve_file(paper.file.id, by=by)
    return paper


def _drawn(paper: Paper, *, reason: str, by: Actor, now: dt.datetime) -> bytes:
    content = {
        **paper.content,
        "number": paper.number,
        "qr": qr_svg(paper.content["follow"]),
        "note": settings.PAPER_NOTE,
    }
    for fee in content.get("fees", []):
        fee["amount"] = format_money(fee["amount"])
    rendered = render_paper(TEMPLATES / f"{paper.form}.typ", content)
    return seal_by_desk(paper, rendered, reason=reason, by=by, now=now)


_NAMES = {
    "proof": "Xác nhận nộp hồ sơ %s.pdf",  # data: papers are Vietnamese
    "receipt": "Giấy tiếp nhận và hẹn trả %s.pdf",  # data: papers are Vietnamese
    "supplement": "Phiếu yêu cầu bổ sung %s.pdf",  # data: papers are Vietnamese
    "fee_receipt": "Biên lai thu phí, lệ phí %s.pdf",  # data: papers are Vietnamese
    "stop": "Thông báo dừng giải quyết %s.pdf",  # data: papers are Vietnamese
    "refusal": "Phiếu từ chối %s.pdf",  # data: papers are Vietnamese
    "rejection": "Thông báo từ chối giải quyết %s.pdf",  # data: papers are Vietnamese
    "control_slip": "Phiếu kiểm soát %s.pdf",  # data: papers are Vietnamese
    "apology": "Thư xin lỗi %s.pdf",  # data: papers are Vietnamese
}
