"""The public statistics: sums for everybody, light, without scripts, of nobody's dossier."""

import datetime as dt

import pytest
from django.test import Client

from dinh.onestop.models import Dossier, Rating
from dinh.onestop.public import period_of, public_statistics
from tests.workspace.conftest import accepted, hour, province, signing_province, source, words

__all__ = ["hour", "province", "signing_province"]

pytestmark = pytest.mark.django_db

PAGE = "/thong-ke/"


def test_everybody_sees_how_dossiers_are_handled(province):
    """Law: NĐ 61/2018 Điều 32
    Screen: /thong-ke/
    Law: TT 01/2018 Điều 16 khoản 2 ý 9
    Screen: /thong-ke/
    """
    for late in (0, 2):
        dossier = accepted(province)
        Dossier.objects.filter(pk=dossier.pk).update(
            state="returned",
            due_at=province.now,
            finished_at=province.now + dt.timedelta(days=late),
        )
        Rating.objects.create(dossier=dossier, overall=3 - late, rated_at=province.now)
    Dossier.objects.filter(pk=accepted(province).pk).update(channel="counter")
    page = Client().get(f"{PAGE}?ky=2026")
    shown = words(page)
    assert "Hồ sơ tiếp nhận 3" in shown
    assert "Trong đó nộp trực tuyến 2" in shown
    assert "Giải quyết trước và đúng hạn 50%" in shown
    assert "50% của 2 đánh giá" in shown
    assert "Ủy ban nhân dân thành phố Đình Sơn" in shown
    found = public_statistics(period_of("2026"), today=province.now.date())
    assert (found.total.received, found.online.received) == (3, 2)
    for dossier in Dossier.objects.all():
        assert dossier.code not in source(page)
        assert dossier.applicant_name not in source(page)


def test_a_period_without_dossiers_says_so_and_the_page_is_light(province, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = Client().get(f"{PAGE}?ky=2020")
    assert "Chưa có hồ sơ nào trong kỳ này" in words(page)
    assert len(page.content) < 60_000
    assert Client().get(f"{PAGE}?ky=<script>").status_code == 200
    assert PAGE in source(Client().get("/"))
