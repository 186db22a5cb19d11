"""What a message about a dossier says: which one it is, by procedure and code; a short one also gives a way
to follow it that tells who holds the phone nothing more.
"""

import re

from django.test import Client

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.notify.public import all_templates
from dinh.foundation.notify.rules.texts import plain_sms, sms_parts
from dinh.onestop.models import Dossier


def test_the_message_of_an_acceptance_leads_to_the_dossier_and_leaks_nothing(province):
    """Law: TT 01/2018 Điều 16 khoản 2 ý 4
    Screen: /tra-cuu/
    """
    p = province
    dossier = p.submitted()
    Dossier.objects.filter(pk=dossier.pk).update(owner=None, applicant_phone="0900000009", applicant_email="")
    from dinh.onestop.public import accept

    dossier = accept(Dossier.objects.get(pk=dossier.pk), by=p.clerk, now=p.now)
    said = OutboxMessage.objects.filter(channel="sms").order_by("-id").first().payload["body"]
    address = re.search(r"https?://[^/ ]+(/tra-cuu/[^ ]+)", said)[1]
    assert address == f"/tra-cuu/?ma={dossier.code}"
    page = Client().get(address).content.decode()
    assert dossier.code in page
    for secret in (
        dossier.applicant_name,
        dossier.applicant_phone,
        dossier.procedure.short_name,
        str(dossier.pk),
    ):
        assert secret not in page
    assert str(dossier.pk) not in said
    assert dossier.applicant_name not in said
    said = plain_sms(said)
    assert said.startswith(f"Ho so Thanh lap ho kinh doanh ({dossier.code}) da duoc tiep nhan")
    assert sms_parts(said) <= 2


def test_every_short_message_about_a_dossier_has_the_way_to_follow_it():
    templates = [one for one in all_templates().values() if one.code.startswith(("dossier.", "apology.sent"))]
    short = [one for one in templates if one.texts.sms]
    assert len(short) >= 8
    assert [one.code for one in short if "{follow}" not in one.texts.sms] == []


def test_every_message_to_an_applicant_names_the_procedure_beside_the_code():
    """A code alone tells nobody which of their matters is meant."""
    told = [one for one in all_templates().values() if one.topic == "dossier" and "code" in one.fields]
    told = [one for one in told if not one.code.startswith(("petition.", "sample."))]
    assert len(told) >= 14
    for one in told:
        said = [one.texts.subject, one.texts.body, one.texts.sms]
        assert [text for text in said if text and "{dossier}" not in text] == [], one.code
