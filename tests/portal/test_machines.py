"""What machines and passers-by find: site map as page and XML, robots, search description, feed."""

import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from dinh.onestop.public import offered
from dinh.portal.public import ContentSeed
from tests.portal.conftest import words
from tests.portal.test_content import published
from tests.portal.test_petitions import signed_in_official

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def written(province):
    editor, reviewer = province.actor("bientap.cong"), province.actor("duyet.cong")
    seed = ContentSeed(title="Tin & <b>thử</b>", lead="Mở đầu", body="x")
    published("news", seed, editor, reviewer, timezone.now())


def test_the_site_map_names_every_public_page_and_each_opens(province, visitor, written):
    answer = visitor.get("/sitemap.xml")
    root = ElementTree.fromstring(answer.content)
    paths = [re.sub(r"^https?://[^/]+", "", loc.text or "") for loc in root.iter(f"{NAMESPACE}loc")]
    for code in offered().values_list("code", flat=True):
        assert f"/thu-tuc/{code}/" in paths
    assert {"/", "/phan-anh/", "/tin-tuc/tin-b-thu-b/", "/trang/lien-he/", "/so-do/"} <= set(paths)
    assert len(paths) == len(set(paths))
    for path in paths:
        assert visitor.get(path).status_code == 200, path
    page = visitor.get("/so-do/").content.decode()
    assert all(f'href="{path}"' in page for path in paths)


def test_robots_are_kept_from_what_is_nobodys_and_shown_the_site_map(visitor, province, settings):
    text = visitor.get("/robots.txt").content.decode()
    assert "Disallow: /lam-viec/" in text
    assert f"Sitemap: {settings.PUBLIC_ADDRESS}/sitemap.xml" in text


def test_the_search_description_leads_to_the_search(visitor, province):
    root = ElementTree.fromstring(visitor.get("/opensearch.xml").content)
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.attrib["template"].endswith("/thu-tuc/?q={searchTerms}")
    assert 'type="application/opensearchdescription+xml"' in visitor.get("/").content.decode()


def test_the_feed_holds_the_news_as_text(visitor, written):
    root = ElementTree.fromstring(visitor.get("/tin-tuc.rss").content)
    assert [item.findtext("title") for item in root.iter("item")] == ["Tin & <b>thử</b>"]


def test_one_page_has_one_address_whatever_stands_behind_it(visitor, province, settings):
    html = visitor.get("/thu-tuc/", {"cap": "commune", "trang": "1", "q": "x", "theo": "y"}).content.decode()
    found = re.search(r'rel="canonical" href="([^"]+)"', html)
    assert found
    assert found[1] == f"{settings.PUBLIC_ADDRESS}/thu-tuc/?cap=commune"
    assert 'hreflang="en"' in html


@pytest.mark.parametrize("hostile", ['"><script>', "%0d%0aX: y", "vi\x00"])
def test_a_language_that_is_none_changes_nothing(visitor, province, hostile):
    answer = visitor.get("/", {"hl": hostile})
    assert answer["Content-Language"] == "vi"
    assert "<script>" not in answer.content.decode().replace('<script src="', "")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"co_quan": "department:STP"}, "Phiếu lý lịch tư pháp"),
        ({"co_quan": "commune_committee:"}, "Xác nhận tình trạng hôn nhân"),
        ({"doi_tuong": "Doanh nghiệp"}, "an toàn thực phẩm"),
    ],
)
def test_procedures_are_narrowed_by_agency_and_by_whom_they_are_for(visitor, province, asked, found):
    page = visitor.get("/thu-tuc/", asked)
    assert found in words(page)
    assert 0 < page.content.decode().count("<li><h2>") < offered().count()
    assert 'class="chip"' in page.content.decode()


def test_a_service_tells_its_class_in_both_profiles(visitor, province):
    """NĐ 42/2022/NĐ-CP (toàn trình, một phần) and TT 32/2017/TT-BTTTT (mức độ 1 to 4)."""
    assert "Toàn trình (mức độ 4)" in words(visitor.get("/thu-tuc/", {"q": "ho kinh doanh"}))
    page = words(visitor.get("/thu-tuc/1.000798/"))
    assert "Một phần" in page
    assert "mức độ 3" in page


def test_the_officials_rail_leads_editors_to_their_work(province):
    rail = signed_in_official("bientap.cong").get("/lam-viec/phan-anh/").content.decode()
    for address in ("/lam-viec/phan-anh/", "/lam-viec/gop-y/", "/lam-viec/noi-dung/"):
        assert f'href="{address}"' in rail
    clerk = signed_in_official("motcua.dinhson").get("/lam-viec/").content.decode()
    assert "/lam-viec/noi-dung/" not in clerk
