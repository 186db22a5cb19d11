"""What hangs at a desk, and indicator 6: procedures made public here, at the desk, at both."""

import datetime as dt

import pytest
from django.db import connection

from dinh.foundation.actions.public import system
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.onestop.actions.postings import NotOfThisDesk, PostedLater
from dinh.onestop.models import Posting, Procedure, ProcedureVersion
from dinh.onestop.public import (
    access_version_in_force,
    count_indicators,
    period_of,
    post_up,
    posting_lines,
    scores_of,
)
from tests.workspace.conftest import hour, seat, source, words

__all__ = ["hour", "seat"]

PAGE = "/lam-viec/niem-yet/"


def version_of(code="1.001612"):
    return Procedure.objects.get(code=code).current_version


def posted(p, on, **more):
    return post_up(p.clerk.unit_id, version_of(), posted_on=on, by=p.clerk, now=p.now, **more)


def publicity(p):
    """Indicator 6 of the district in November."""
    month = period_of("2026-11")
    count_indicators(by=system("test"), now=p.now)
    scores = scores_of(p.actor("chutich.dinhson"), month, p.unit("H99.31").pk, today=p.now.date())
    return next(one.score for one in scores.rating.indicators if one.number == 6)


@pytest.mark.parametrize(
    ("published", "hangs", "score"),
    [(-30, -20, 2), (-30, None, 1), (-30, 0, 2), (5, -20, 1), (5, None, 0)],
)
def test_a_procedure_made_public_at_both_places_scores_two_at_one_one_at_none_none(
    province, published, hangs, score
):
    """Days are counted from the acceptance: what came after it was not there for the applicant.

    Law: TT 01/2018 Điều 13 tiêu chí 6
    Screen: /lam-viec/niem-yet/
    """
    p = province
    dossier = p.accepted()
    if hangs is not None:
        posted(p, p.now.date() + dt.timedelta(days=hangs))
    # The rule that what is published never changes is put aside: a test says when it was published.
    with connection.cursor() as cursor:
        frozen = ProcedureVersion._meta.triggers[0].get_pgid(ProcedureVersion)
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{frozen}}}'")
        ProcedureVersion.objects.filter(pk=dossier.version_id).update(
            published_at=p.now + dt.timedelta(days=published)
        )
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
    assert publicity(p) == score


def test_the_desk_notes_what_hangs_there_and_a_new_version_has_to_hang_anew(province, seat):
    client = seat("motcua.dinhson")
    page = words(client.get(PAGE))
    assert "Chưa niêm yết" in page
    address = f"{PAGE}{version_of().pk}/"
    for typed in ("", "x", "31/12/2030"):
        answer = client.post(address, {"ngay": typed})
        assert answer.status_code == 422
        assert "aria-invalid" in source(answer)
    assert client.post(address, {"ngay": "10/11/2026"}).status_code == 302
    line = next(one for one in posting_lines(province.clerk) if one.code == "1.001612")
    assert line.posted_on == dt.date(2026, 11, 10)
    assert client.post(address, {"ngay": "11/11/2026"}).status_code == 302
    assert Posting.objects.get().posted_on == dt.date(2026, 11, 11)


def test_who_is_not_at_the_desk_notes_nothing(province, seat):
    p = province
    version = version_of()
    for by in (p.specialist, p.citizen, p.commune):
        with pytest.raises(NotAllowed):
            post_up(p.clerk.unit_id, version, posted_on=p.now.date(), by=by, now=p.now)
    with pytest.raises(NotOfThisDesk):
        post_up(p.clerk.unit_id, version_of("2.000488"), posted_on=p.now.date(), by=p.clerk, now=p.now)
    with pytest.raises(PostedLater):
        posted(p, p.now.date() + dt.timedelta(days=1))
    with pytest.raises(NotFound):
        access_version_in_force(p.clerk.unit_id)
    with pytest.raises(NotFound):
        posting_lines(p.specialist)
    assert not Posting.objects.exists()
    assert seat("chuyenvien.tckh.dinhson").get(PAGE).status_code == 403
