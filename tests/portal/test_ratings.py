"""The rating of agencies on the portal: published by quarter and year, open to everybody."""

import datetime as dt

import pytest
from django.test import Client

from dinh.foundation.actions.public import system
from dinh.onestop.public import count_indicators, publish_ratings
from tests.onestop.conftest import province as province
from tests.onestop.test_official_ratings import ended
from tests.workspace.conftest import words

pytestmark = pytest.mark.django_db
PAGE = "/danh-gia-co-quan/"


def test_everybody_reads_the_ratings_of_a_quarter(province):
    """Law: TT 01/2018 Điều 15 ý 2
    Screen: /danh-gia-co-quan/
    """
    anyone = Client()
    assert "Chưa công khai kỳ nào" in words(anyone.get(PAGE))
    ended(province, 1)
    count_indicators(by=system("test"), now=province.now)
    publish_ratings(by=system("test"), now=dt.datetime(2027, 1, 20, tzinfo=province.now.tzinfo))
    shown = words(anyone.get(PAGE))
    assert "Kết quả quý 4 năm 2026" in shown
    assert "Ủy ban nhân dân thành phố Đình Sơn" in shown
    assert "Kết quả năm 2026" in words(anyone.get(PAGE + "?ky=2026"))
    assert anyone.get(PAGE + "?ky=2020").status_code == 404
    assert anyone.get(PAGE + "?ky=<script>").status_code == 404
    assert PAGE in anyone.get("/thong-ke/").content.decode()
