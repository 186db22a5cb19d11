"""Results: drafted by the specialist, signed by a person with authority, numbered and sealed.

The order is the law's (NĐ 30/2020): the person signs, then number and date are given, then the agency
signs. Each is an incremental update, so the earlier signature stays valid.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dinh.documents.public import take_number
from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import signing_authority
from dinh.foundation.files.public import check_stampable, get_file, open_content, store_bytes
from dinh.foundation.signing.public import preserve_file
from dinh.foundation.ui.public import render_paper
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.enclosures import (
    EnclosedFromDossier,
    approve_copies,
    bind_documents,
    check_bound,
)
from dinh.onestop.actions.flow import close_step, open_steps
from dinh.onestop.actions.record import mark_clock, refresh_due, tell
from dinh.onestop.actions.signatures import number_and_seal, sign_by_person
from dinh.onestop.actions.steps import finish_step
from dinh.onestop.events import ResultIssued
from dinh.onestop.models import Dossier, Result, ResultEnclosure, StepRun
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.page_counts import printed_pages
from dinh.onestop.queries.result_drafts import check_complete, day_met, first_content, tidy_content
from dinh.onestop.queries.results import bound_parts, result_data
from dinh.onestop.rules.checks import NeedsDraft, NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.definition import ResultTemplate
from dinh.onestop.rules.graph import onward
from dinh.onestop.rules.result_fields import follows_first, has_day_met
from dinh.onestop.rules.results import EnclosureChanged, NoSuchEnclosure, copies_of, results_for
from dinh.onestop.rules.states import DOSSIER, RESULT, STEP

__all__ = ["EnclosureNotPdf", "draft_result", "enclose", "issue_result", "sign_result", "write_day_met"]


class EnclosureNotPdf(Refused):
    message = N_("Bản kèm theo phải là tệp PDF. Hãy chuyển tệp sang PDF rồi đính kèm lại.")


@action("result.drafted", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def draft_result(
    step: StepRun, *, content: Mapping[str, Any], key: str = "", by: Actor, now: dt.datetime
) -> Result:
    """Draft one of the dossier's results, or draft it anew: its fields are kept, its PDF is typeset.

    A draft may be half done; it is checked when it goes to who reviews and signs. Further results that
    repeat what the first says are drafted with it, so that nobody types it twice or otherwise.

    Raises ``NotThisKindOfStep`` outside of a handling step and ``NotInThisState`` once somebody signed.
    """
    _check_open(step, "handle")
    template = _template(step.dossier, key)
    result = Result.objects.filter(dossier=step.dossier, key=template.key).first()
    if result is None:
        result = Result(dossier=step.dossier, key=template.key, state=RESULT.initial, drafted_at=now)
    result.state = RESULT.after(result.state, "redraft")
    first, met = _said_first(step.dossier, template), day_met(step.dossier, template)
    tidy = tidy_content(template, content, now=now, first=first, met=met)
    result.content = tidy | printed_pages(template, tidy, step.dossier)
    _typeset(result, step.dossier, by=by, now=now)
    if not template.key:
        _draft_followers(result, step.dossier, by=by, now=now)
    return result


def _said_first(dossier: Dossier, template: ResultTemplate) -> Mapping[str, str]:
    """What the first result says, as far as it is drafted, for one that repeats it."""
    if not template.key or not follows_first(template):
        return {}
    first = Result.objects.filter(dossier=dossier, key="").first()
    said: Mapping[str, str] = first.content if first is not None else first_content(dossier)
    return said


def _draft_followers(first: Result, dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    """Draft, or draft anew, the further results that repeat the first one."""
    for template in results_for(dossier.version.parts, dossier.data):
        if not template.key or not follows_first(template):
            continue
        row = Result.objects.filter(dossier=dossier, key=template.key).first()
        if row is None:
            content = first_content(dossier, template.key)
            row = Result(dossier=dossier, key=template.key, state=RESULT.initial, content=content)
        met = day_met(dossier, template)
        row.content = tidy_content(template, row.content, now=now, first=first.content, met=met)
        _typeset(row, dossier, by=by, now=now)


def write_day_met(dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    """Draw anew the drafts that print the day on which the applicant was met: it is known now."""
    for template in results_for(dossier.version.parts, dossier.data):
        row = Result.objects.filter(dossier=dossier, key=template.key, state="draft").first()
        if row is not None and has_day_met(template):
            first, met = _said_first(dossier, template), day_met(dossier, template)
            row.content = tidy_content(template, row.content, now=now, first=first, met=met)
            _typeset(row, dossier, by=by, now=now)


@action("result.enclosed", permission=WORK_ON_STEP, on=StepRun, under="dossier",
        label=N_("Đính kèm bản kèm theo kết quả"))  # fmt: skip
def enclose(
    step: StepRun, *, enclosure: str, file_id: UUID | None, key: str = "", by: Actor, now: dt.datetime
) -> Result:
    """Bind a paper to a drafted result, in place of the one before; None takes it away.

    The draft is typeset anew: it names the paper with its SHA-256. Raises ``NeedsDraft``,
    ``NoSuchEnclosure``, ``EnclosureNotPdf``, ``NotInThisState`` once somebody signed.
    """
    _check_open(step, "handle")
    template = _template(step.dossier, key)
    result = Result.objects.filter(dossier=step.dossier, key=template.key).first()
    if result is None:
        raise NeedsDraft
    bound = next((one for one in template.encloses if one.key == enclosure), None)
    if bound is None:
        raise NoSuchEnclosure
    if bound.document and bound_parts(step.dossier, bound.document):
        raise EnclosedFromDossier(field=f"enclosure-{bound.key}", name=bound.name)
    result.state = RESULT.after(result.state, "redraft")
    ResultEnclosure.objects.filter(result=result, key=bound.key).delete()
    if file_id is not None:
        file = get_file(file_id)
        if file.media_type != "application/pdf":
            raise EnclosureNotPdf(field=f"enclosure-{bound.key}")
        if bound.document:
            with open_content(file.id) as stream:
                check_stampable(stream.read(), name=file.name)
        ResultEnclosure.objects.create(
            result=result,
            key=bound.key,
            name=bound.name,
            sha256=file.sha256,
            file=file,
            document=bound.document,
            added_at=now,
            added_by=by.name,
        )
    _typeset(result, step.dossier, by=by, now=now)
    return result


def _template(dossier: Dossier, key: str) -> ResultTemplate:
    for one in results_for(dossier.version.parts, dossier.data):
        if one.key == key:
            return one
    raise NotFound


def _typeset(result: Result, dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    """Print the draft as it is now, for review."""
    result.dossier = dossier
    result.drafted_by = by.name
    result.drafted_at = now
    template = dossier.version.parts.result_of(result.key)
    if template.encloses:
        result.save()
        bind_documents(result, template, dossier, by=by, now=now)
    data = result_data(result, lines=(), signer="")
    paper = render_paper(TEMPLATES / f"{template.template}.typ", data)
    result.file = store_bytes(paper.content, name=_file_name(result), by=by)
    result.save()


@action("result.signed", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def sign_result(step: StepRun, *, by: Actor, now: dt.datetime) -> Result:
    """Sign all results with one's own key, each under an authority that is checked at this moment.

    The authority's mark (KT., TM., TL., TUQ.) is typeset above the name and written into the signature's
    reason. Either all are signed or none. Returns the first. Raises ``NoSigningAuthority``, ``NeedsDraft``,
    ``ResultIncomplete``, ``EnclosureChanged``, and what the key store raises.
    """
    _check_open(step, "sign")
    dossier = step.dossier
    results = _all_results(dossier)
    _check_still_complete(dossier, results, now=now)
    for result in results:
        _sign(result, dossier, by=by, now=now)
        _sign_copies(result, dossier, by=by, now=now)
    definition = dossier.version.parts
    finish_step(step, onward(definition.step(step.key), dossier.data), note="", by=by, now=now)
    return results[0]


def _all_results(dossier: Dossier) -> list[Result]:
    """The dossier's results, locked, the first one first. Raises ``NeedsDraft`` where one is missing."""
    rows = Result.objects.select_for_update(of=("self",)).filter(dossier=dossier).select_related("file")
    by_key: dict[str, list[Result]] = {}
    for row in rows.order_by("copy"):
        by_key.setdefault(row.key, []).append(row)
    found = []
    for template in results_for(dossier.version.parts, dossier.data):
        copies = by_key.get(template.key, [])
        if not copies or any(row.file is None for row in copies):
            raise NeedsDraft
        for row in copies:
            row.dossier = dossier
        found += copies
    return found


def _check_still_complete(dossier: Dossier, results: list[Result], *, now: dt.datetime) -> None:
    """What is signed is whole on the day of the signature. Raises ``ResultIncomplete``."""
    wanted = results_for(dossier.version.parts, dossier.data)
    check_complete(dossier, {result.key: result for result in results}, wanted, now=now)


def _sign(result: Result, dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    template = dossier.version.parts.result_of(result.key)
    _check_enclosures(result)
    check_bound(result, template, dossier)
    on = now.astimezone(VIETNAM).date()
    authority = signing_authority(by, dossier.agency_id, on, template.matter, by_head=template.by_head)
    result.state = RESULT.after(result.state, "sign")
    result.signer_name = by.name
    result.signer_title = "\n".join(authority.lines)
    result.authority_basis = authority.basis
    result.signed_at = now
    data = result_data(result, lines=authority.lines, signer=by.name)
    paper = render_paper(TEMPLATES / f"{template.template}.typ", data)
    signed = sign_by_person(paper, reason=" ".join([*authority.lines, authority.basis]), by=by, now=now)
    result.file = store_bytes(signed, name=_file_name(result), by=by)
    result.save()


def _sign_copies(first: Result, dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    """The further copies of a result that several are asked for: each a paper, signed by itself."""
    template = dossier.version.parts.result_of(first.key)
    for copy in range(2, copies_of(template, dossier.data) + 1):
        row = Result(
            dossier=dossier,
            key=first.key,
            copy=copy,
            state=RESULT.initial,
            content=first.content,
            drafted_by=first.drafted_by,
            drafted_at=first.drafted_at,
        )
        _sign(row, dossier, by=by, now=now)


def _check_enclosures(result: Result) -> None:
    """What is signed names hashes: the files must still have them, byte for byte."""
    if result._state.adding:
        return
    for row in result.enclosures.all():
        with open_content(row.file_id) as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
        if digest != row.sha256:
            raise EnclosureChanged(name=row.name)


@action("result.issued", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def issue_result(step: StepRun, *, by: Actor, now: dt.datetime) -> Result:
    """Give each result its number and date, seal it with the agency's key, and let the applicant have it.

    Each number comes from the agency's yearly series of its notation without a gap; the dossier's clock
    stops here. Returns the first result.
    """
    _check_open(step, "issue")
    dossier = step.dossier
    definition = dossier.version.parts
    results = _all_results(dossier)
    for result in results:
        _issue(result, dossier, first=results[0], by=by, now=now)
    outcome = onward(definition.step(step.key), dossier.data)
    close_step(step, outcome, note="", by=by, now=now)
    dossier.state = DOSSIER.after(dossier.state, "finish")
    dossier.finished_at = now
    dossier.save(update_fields=["state", "finished_at"])
    mark_clock(dossier, "stopped", at=now, reason=N_("Đã có kết quả"))
    refresh_due(dossier, now=now)
    numbers = ", ".join(result.number for result in results)
    tell(dossier, N_("Đã có kết quả, số %(number)s"), by=by, now=now, number=numbers)
    open_steps(dossier, outcome.to, now=now)
    publish(ResultIssued(dossier_id=dossier.id))
    return results[0]


def _issue(result: Result, dossier: Dossier, *, first: Result, by: Actor, now: dt.datetime) -> None:
    template = dossier.version.parts.result_of(result.key)
    on = now.astimezone(VIETNAM).date()
    result.state = RESULT.after(result.state, "issue")
    result.number = take_number(agency_id=dossier.agency_id, notation=template.notation, bearer=result, on=on)
    result.issued_on = on
    result.sealed_at = now
    sealed = number_and_seal(result, first=first, reason=template.name, by=by, now=now)
    result.file = store_bytes(sealed, name=_file_name(result), by=by)
    result.save()
    preserve_file(result.file.id, by=by)
    approve_copies(result, template, by=by, now=now)


def _check_open(step: StepRun, kind: str) -> None:
    STEP.check(step.state, "complete")
    if step.kind != kind:
        raise NotThisKindOfStep(step=step.name)
    if step.dossier.state == "supplement":
        raise StepWaiting


def _file_name(result: Result) -> str:
    name = result.dossier.version.parts.result_of(result.key).name
    return f"{name} {result.dossier}.pdf"
