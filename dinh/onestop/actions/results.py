"""The result: drafted by the specialist, signed by a person with authority, numbered and sealed.

The order is the law's (NĐ 30/2020): the person signs, then number and date are given, then the agency
signs. Each is an incremental update, so the earlier signature stays valid.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dinh.documents.public import take_number
from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import signing_authority
from dinh.foundation.files.public import store_bytes
from dinh.foundation.signing.public import preserve_file
from dinh.foundation.ui.public import render_paper
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.flow import close_step, open_steps
from dinh.onestop.actions.record import mark_clock, refresh_due, tell
from dinh.onestop.actions.signatures import number_and_seal, sign_by_person
from dinh.onestop.actions.steps import finish_step
from dinh.onestop.events import ResultIssued
from dinh.onestop.models import Result, StepRun
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.results import result_data
from dinh.onestop.rules.checks import NeedsDraft, NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.graph import onward
from dinh.onestop.rules.states import DOSSIER, RESULT, STEP

__all__ = ["draft_result", "issue_result", "sign_result"]


@action("result.drafted", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def draft_result(step: StepRun, *, content: Mapping[str, Any], by: Actor, now: dt.datetime) -> Result:
    """Draft the result, or draft it anew: its fields are kept, its PDF is typeset for review.

    Raises ``NotThisKindOfStep`` outside of a handling step and ``NotInThisState`` once somebody signed.
    """
    _check_open(step, "handle")
    result = Result.objects.filter(dossier=step.dossier).first()
    if result is None:
        result = Result(dossier=step.dossier, state=RESULT.initial, drafted_at=now)
    result.state = RESULT.after(result.state, "redraft")
    result.content = dict(content)
    result.drafted_by = by.name
    result.drafted_at = now
    data = result_data(result, lines=(), signer="")
    paper = render_paper(TEMPLATES / f"{step.dossier.version.parts.result.template}.typ", data)
    result.file = store_bytes(paper.content, name=_file_name(result), by=by)
    result.save()
    return result


@action("result.signed", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def sign_result(step: StepRun, *, by: Actor, now: dt.datetime) -> Result:
    """Sign the result with one's own key, under an authority that is checked at this moment.

    The authority's mark (KT., TM., TL., TUQ.) is typeset above the name and written into the signature's
    reason. Raises ``NoSigningAuthority``, ``NeedsDraft``, and what the key store raises.
    """
    _check_open(step, "sign")
    dossier = step.dossier
    definition = dossier.version.parts
    result = Result.objects.select_for_update(of=("self",)).filter(dossier=dossier).first()
    if result is None:
        raise NeedsDraft
    authority = signing_authority(
        by, dossier.agency_id, now.astimezone(VIETNAM).date(), definition.result.matter
    )
    result.state = RESULT.after(result.state, "sign")
    result.signer_name = by.name
    result.signer_title = "\n".join(authority.lines)
    result.authority_basis = authority.basis
    result.signed_at = now
    data = result_data(result, lines=authority.lines, signer=by.name)
    paper = render_paper(TEMPLATES / f"{definition.result.template}.typ", data)
    signed = sign_by_person(paper, reason=" ".join([*authority.lines, authority.basis]), by=by, now=now)
    result.file = store_bytes(signed, name=_file_name(result), by=by)
    result.save()
    finish_step(step, onward(definition.step(step.key), dossier.data), note="", by=by, now=now)
    return result


@action("result.issued", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def issue_result(step: StepRun, *, by: Actor, now: dt.datetime) -> Result:
    """Give the result its number and date, seal it with the agency's key, and let the applicant have it.

    The number comes from the agency's yearly series without a gap; the dossier's clock stops here.
    """
    _check_open(step, "issue")
    dossier = step.dossier
    definition = dossier.version.parts
    result = (
        Result.objects.select_for_update(of=("self",)).select_related("file").filter(dossier=dossier).first()
    )
    if result is None or result.file is None:
        raise NeedsDraft
    on = now.astimezone(VIETNAM).date()
    result.state = RESULT.after(result.state, "issue")
    result.number = take_number(
        agency_id=dossier.agency_id, notation=definition.result.notation, bearer=result, on=on
    )
    result.issued_on = on
    result.sealed_at = now
    sealed = number_and_seal(result, reason=definition.result.name, by=by, now=now)
    result.file = store_bytes(sealed, name=_file_name(result), by=by)
    result.save()
    preserve_file(result.file.id, by=by)
    outcome = onward(definition.step(step.key), dossier.data)
    close_step(step, outcome, note="", by=by, now=now)
    dossier.state = DOSSIER.after(dossier.state, "finish")
    dossier.finished_at = now
    dossier.save(update_fields=["state", "finished_at"])
    mark_clock(dossier, "stopped", at=now, reason=N_("Đã có kết quả"))
    refresh_due(dossier, now=now)
    tell(dossier, N_("Đã có kết quả, số %(number)s"), by=by, now=now, number=result.number)
    open_steps(dossier, outcome.to, now=now)
    publish(ResultIssued(dossier_id=dossier.id))
    return result


def _check_open(step: StepRun, kind: str) -> None:
    STEP.check(step.state, "complete")
    if step.kind != kind:
        raise NotThisKindOfStep(step=step.name)
    if step.dossier.state == "supplement":
        raise StepWaiting


def _file_name(result: Result) -> str:
    name = result.dossier.version.parts.result.name
    return f"{name} {result.dossier}.pdf"
