"""The sample portal: every state has an example, every page opens, the first one stays light."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.portal.models import Comment, Petition
from dinh.portal.rules.consultations import COMMENT
from dinh.portal.rules.petitions import PETITION
from dinh.website.sample.portal import load_portal
from tests.portal.conftest import words


@pytest.fixture
def filled(province):
    load_portal(by=system("test"), now=timezone.now())


def test_every_state_has_an_example(filled):
    assert set(Petition.objects.values_list("state", flat=True)) == {state.code for state in PETITION.states}
    assert set(Comment.objects.values_list("state", flat=True)) == {state.code for state in COMMENT.states}


def test_every_page_of_the_site_map_opens(filled, visitor):
    paths = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", visitor.get("/sitemap.xml").content.decode())
    assert len(paths) > 30
    for path in paths:
        assert visitor.get(path).status_code == 200, path


def test_the_first_visit_of_a_full_portal_weighs_less_than_100_kilobytes(filled, visitor):
    page = visitor.get("/")
    assert "Tin mới" in words(page)
    assert "Đang lấy ý kiến" in words(page)
    weight = len(page.content) + len(visitor.get("/identity.css").content)
    for name in set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.content.decode())):
        content = Path(str(finders.find(name))).read_bytes()
        weight += len(content) if name.endswith("woff2") else len(gzip.compress(content))
    assert weight < 100_000


def test_no_senders_data_stand_on_any_public_page(filled, visitor):
    for petition in Petition.objects.filter(state="published"):
        page = visitor.get(f"/phan-anh/{petition.code}/").content.decode()
        assert petition.phone not in re.sub(r"\s", "", page)
        assert petition.name not in page
