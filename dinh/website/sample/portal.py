"""Invented content of the public place, written with its own verbs: what it says stands in portal.yaml."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import unit_by_code
from dinh.portal.public import (
    CommentSeed,
    ConsultationSeed,
    ContentSeed,
    PetitionSeed,
    answer_comment,
    approve_answer,
    approve_version,
    assign_petition,
    decline_petition,
    draft_answer,
    draft_consultation,
    hide_comment,
    open_consultation,
    publish_petition,
    rate_answer,
    send_comment,
    send_petition,
    show_comment,
    start_post,
    submit_version,
    summarise_consultation,
    without_personal_data,
)

__all__ = ["load_portal"]

SAID: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("portal.yaml").read_text(encoding="utf-8"))
AGENCY = "H99.31"


def load_portal(*, by: Actor, now: dt.datetime) -> int:
    """Write the invented content with the portal's own verbs; return how many things there are."""
    agency = unit_by_code(AGENCY)
    assert agency is not None  # the sample always has it
    by = replace(by, name="Ban biên tập mẫu")
    _content(by, now)
    _around(by, now)
    _consultations(agency.pk, by, now)
    for row in SAID["petitions"]:
        _petition(row, agency.pk, by, now)
    return sum(len(SAID[name]) for name in ("news", "pages", "documents", "consultations", "petitions"))


def _content(by: Actor, now: dt.datetime) -> None:
    for number, row in enumerate(SAID["news"]):
        body = SAID["news_body"].format(lead=row["lead"])
        seed = ContentSeed(
            **row, body=body, subjects="cổng dịch vụ công; tin tức", creator="Ban biên tập Cổng"
        )
        _published("news", seed, by, now - dt.timedelta(days=3 * number, hours=2))
    for row in SAID["pages"]:
        seed = ContentSeed(title=row["title"], title_en=row["title_en"], body=row["body"])
        _published("page", seed, by, now - dt.timedelta(days=90), slug=row["slug"])
    for row in SAID["documents"]:
        issued, effective = row["issued_days_ago"], row["effective_days_ago"]
        seed = ContentSeed(
            title=row["title"],
            document_number=row["number"],
            document_type=row["type"],
            issued_by="Ủy ban nhân dân tỉnh Đình Sơn",
            issued_on=timezone.localdate(now) - dt.timedelta(days=issued),
            effective_on=timezone.localdate(now) - dt.timedelta(days=effective),
            body="Văn bản mẫu, không có thật.",
        )
        _published("document", seed, by, now - dt.timedelta(days=issued - 1))


def _around(by: Actor, now: dt.datetime) -> None:
    """A maintenance, a menu, and a page that is still being written."""
    starts = timezone.localtime(now + dt.timedelta(days=6))
    starts = starts.replace(hour=22, minute=0, second=0, microsecond=0)
    notice = ContentSeed(
        title="Bảo trì hệ thống",
        title_en="Maintenance",
        lead="Trong giờ này chưa nộp hồ sơ và thanh toán được.",
        lead_en="Applications and payments are not possible during this time.",
        shows_from=starts,
        shows_until=starts + dt.timedelta(hours=3),
    )
    _published("notice", notice, by, now)
    lines = "Giới thiệu | About | /trang/gioi-thieu/\nHướng dẫn | How to apply | /trang/huong-dan/"
    _published("menu", ContentSeed(title="Chân trang", body=lines), by, now, slug="chan-trang")
    draft = ContentSeed(title="Câu hỏi hay gặp", body="## Quên mật khẩu?\n\nĐang soạn.")
    start_post("page", slug="hoi-nhanh", seed=draft, by=by, now=now)


def _published(kind: str, seed: ContentSeed, by: Actor, at: dt.datetime, *, slug: str = "") -> None:
    post = start_post(kind, slug=slug, seed=seed, by=by, now=at)
    submit_version(post, by=by, now=at)
    approve_version(post, by=by, now=at)


def _consultations(agency_id: UUID, by: Actor, now: dt.datetime) -> None:
    """One open with comments in every state, one over and summarised."""
    running, over = SAID["consultations"]
    _consultation(running, SAID["comments"], agency_id, by, now - dt.timedelta(days=20), days=65)
    ended = _consultation(over, SAID["comments"][:3], agency_id, by, now - dt.timedelta(days=120), days=70)
    summarise_consultation(ended, summary=over["summary"], by=by, now=now - dt.timedelta(days=45))


def _consultation(
    row: dict[str, str],
    comments: list[dict[str, Any]],
    agency_id: UUID,
    by: Actor,
    at: dt.datetime,
    *,
    days: int,
) -> Any:
    opens_on = timezone.localdate(at)
    seed = ConsultationSeed(
        agency_id=agency_id,
        title=row["title"],
        title_en=row.get("title_en", ""),
        lead=row["lead"],
        body=SAID["draft"],
        opens_on=opens_on,
        closes_on=opens_on + dt.timedelta(days=days),
    )
    consultation = draft_consultation(seed, by=by, now=at)
    open_consultation(consultation, by=by, now=at)
    for number, said in enumerate(comments, start=1):
        _comment(consultation, number, said, by, at + dt.timedelta(days=number))
    return consultation


def _comment(consultation: Any, number: int, said: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    """The last comment of all still waits to be looked at."""
    seed = CommentSeed(
        text=said["text"],
        name=f"Người góp ý mẫu {number}",
        article=said["article"],
        shows_name=said["shows_name"],
        phone=f"0900 000 {600 + number}",
    )
    comment = send_comment(consultation, seed, by=by, now=at)
    kind, answer = said["kind"], said["answer"]
    if kind == "insult":
        hide_comment(comment, ground=kind, note=answer, by=by, now=at)
        return
    if number < len(SAID["comments"]):
        show_comment(comment, by=by, now=at)
    if kind:
        answer_comment(comment, kind=kind, answer=answer, by=by, now=at + dt.timedelta(days=3))


# How far a petition goes, and after how many days each verb is done.
_WALKS: dict[str, tuple[int, ...]] = {
    "assigned": (),
    "overdue": (),
    "drafted": (3,),
    "answered": (3, 5),
    "published": (3, 5, 6),
    "published_late": (3, 30, 31),
    "rated": (3, 5, 6, 8),
}


def _petition(row: dict[str, Any], agency_id: UUID, by: Actor, now: dt.datetime) -> None:
    at, answer = now - dt.timedelta(days=row["days_ago"]), row["answer"]
    name, phone = "Trần Văn Mẫu", "0900 000 456"
    seed = PetitionSeed(kind=row["kind"], title=row["title"], text=row["text"], name=name, phone=phone)
    petition = send_petition(seed, by=by, now=at)
    if row["until"] == "received":
        return
    if row["until"] == "declined":
        decline_petition(petition, reason=answer, by=by, now=at + dt.timedelta(days=1))
        return
    assign_petition(petition, agency_id=agency_id, by=by, now=at + dt.timedelta(hours=4))
    shown = without_personal_data(row["text"], own=(name, phone))
    verbs: list[Callable[[dt.datetime], None]] = [
        lambda when: draft_answer(petition, answer=answer, by=by, now=when),
        lambda when: approve_answer(petition, by=by, now=when),
        lambda when: publish_petition(
            petition, title=row["title"], text=shown, answer=answer, is_checked=True, by=by, now=when
        ),
        lambda when: rate_answer(petition, score=3, note="Rõ ràng.", by=by, now=when),
    ]
    for verb, days in zip(verbs, _WALKS[row["until"]], strict=False):
        verb(at + dt.timedelta(days=days))
