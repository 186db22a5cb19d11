"""A province with the departments that the shipped procedures need, and a walker through any of them."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import acting, people_with_role
from dinh.foundation.files.public import PAPERS, store
from dinh.onestop.models import Dossier, Draft, StepRun
from dinh.onestop.public import (
    MeetingNotes,
    accept,
    attach_paper,
    complete,
    draft_result,
    get_procedure,
    issue_result,
    record_came,
    required_documents,
    results_for,
    return_result,
    save_answers,
    sign_result,
    start_draft,
    submit,
)
from dinh.onestop.rules.definition import Definition, Document
from dinh.onestop.rules.graph import onward
from dinh.sso.models import Account
from tests.onestop.conftest import Province, picture
from tests.onestop.drafting import whole_content
from tests.samples import agency_code

MOST_STEPS = 20


def paper_for(document: Document) -> tuple[io.BytesIO, str]:
    """A file of a type that the document takes, and its name."""
    if "image" in document.accept:
        return picture(), "ảnh chụp.jpg"
    content = io.BytesIO()
    with Image.open(picture()) as image:
        image.save(content, "PDF")
    content.seek(0)
    return content, "bản quét.pdf"


class Walk:
    """One dossier on its way: whoever holds the role at a step's unit does what the step asks for."""

    def __init__(self, definition: Definition, province: Province) -> None:
        self.definition = definition
        self.province = province
        self.now = province.now
        self.steps: list[str] = []
        self.notes: Mapping[str, str] = {}

    def draft(self, answers: Mapping[str, Any]) -> Draft:
        by = self.province.citizen
        agency = self.province.unit(agency_code(self.definition))
        draft = start_draft(
            get_procedure(self.definition.code), answers={}, agency_id=agency.id, by=by, now=self.now
        )
        save_answers(draft, answers=answers, agency_id=None, by=by, now=self.now)
        for document in required_documents(self.definition, answers):
            content, name = paper_for(document)
            file = store(content, name=name, by=by, limits=PAPERS)
            attach_paper(draft, document_key=document.key, file_id=file.id, by=by, now=self.now)
        return draft

    def received(self, answers: Mapping[str, Any]) -> Dossier:
        return self.accept(submit(self.draft(answers), by=self.province.citizen, now=self.now))

    def accept(self, dossier: Dossier) -> Dossier:
        self.province.pay(dossier, "filing")
        self.steps.append("tiep_nhan")
        return accept(dossier, by=self.who(StepRun.objects.get(dossier=dossier)), now=self.now)

    def to_the_end(self, dossier: Dossier) -> None:
        """Take every step by its first way forward until none is open."""
        for _ in range(MOST_STEPS):
            run = StepRun.objects.filter(dossier=dossier, state="open").order_by("id").first()
            if run is None:
                return
            self.steps.append(run.key)
            self.take(run, self.who(run))
        raise AssertionError(f"{self.definition.code} does not end: {self.steps}")

    def until(self, dossier: Dossier, key: str) -> None:
        """Take one step after another until this one is taken."""
        while key not in self.steps:
            run = StepRun.objects.get(dossier=dossier, state="open")
            self.steps.append(run.key)
            self.take(run, self.who(run))

    def take(self, run: StepRun, by: Actor) -> None:
        self.province.pay(run.dossier, "acceptance", *(["result"] if run.kind == "return" else []))
        if run.kind == "sign":
            sign_result(run, by=by, now=self.now)
        elif run.kind == "issue":
            issue_result(run, by=by, now=self.now)
        elif run.kind == "return":
            return_result(run, shown="receipt", by=by, now=self.now)
        else:
            outcome = onward(self.definition.step(run.key), run.dossier.data)
            if "met" in outcome.needs:
                self.met(run, by)
            if "draft" in outcome.needs:
                for one in results_for(self.definition, run.dossier.data):
                    content = whole_content(run.dossier, one.key, today=timezone.localdate(self.now))
                    draft_result(run, content=content, key=one.key, by=by, now=self.now)
            complete(run, outcome_key=outcome.key, note="Đã xem xét.", by=by, now=self.now)

    def met(self, run: StepRun, by: Actor) -> None:
        """It is kept that the applicant was there."""
        notes = MeetingNotes(at=self.now, place="Tại nơi hẹn", people="Người nộp", content="Đã gặp.")
        record_came(run, notes=notes, all_there=True, by=by, now=self.now)

    def who(self, run: StepRun) -> Actor:
        held = people_with_role(run.unit_id, run.role)
        assert held, f"nobody holds {run.role} at {run.unit}"
        account = Account.objects.get(person_id=held[0].person_id)
        return acting(held[0].person_id, held[0].position_id, account_id=account.pk, at=timezone.now())


@pytest.fixture
def walk_of(walking_sample: None, db: None) -> Callable[[Definition], Walk]:
    """Be ready to walk any procedure in a province whose agencies have their keys."""
    return lambda definition: Walk(definition, Province(keys=True))
