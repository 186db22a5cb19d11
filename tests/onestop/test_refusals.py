"""Every verb of the one-stop shop is refused to whoever has no right to it, and leaves nothing behind."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import Actor, all_verbs, system, visitor
from dinh.foundation.ui.public import FieldSpec
from dinh.kernel.errors import NotAllowed
from dinh.kernel.ids import uuid7
from dinh.onestop.actions.clocks import recompute
from dinh.onestop.actions.preservation import preserve_approved, preserve_paper, preserve_result
from dinh.onestop.actions.samples import load_dossiers
from dinh.onestop.actions.vacancies import hand_back
from dinh.onestop.actions.visits import remind_visit
from dinh.onestop.actions.watching import (
    keep_times,
    raise_finding,
    remind_applicant,
    settle_finding,
    take_higher,
    warn,
)
from dinh.onestop.adapters.payments import Transfer
from dinh.onestop.models import (
    Dossier,
    Finding,
    Paper,
    Payment,
    PaymentOrder,
    Reconciliation,
    Refund,
    RegisterPrint,
    Representation,
    Result,
    ResultEnclosure,
    StepReturn,
    StepRun,
    Supplement,
    TimelineEntry,
    Unmatched,
    Visit,
    WorkItem,
)
from dinh.onestop.public import (
    Applicant,
    RegisterFilter,
    accept,
    add_draft_result,
    add_scan,
    announce_refusal,
    approve_refund,
    approve_return,
    ask_order,
    ask_refund,
    ask_register,
    ask_return,
    ask_supplement,
    assign,
    attach_paper,
    attend_visit,
    begin_draft,
    begin_representation,
    book_visit,
    cancel_visit,
    claim,
    claim_exemption,
    claim_unmatched,
    close_day,
    collect_fees,
    compare_day,
    complete,
    copy_version,
    decide_exemption,
    decline_apology,
    decline_refund,
    decline_return,
    describe_draft,
    discard_draft,
    draft_result,
    draft_version,
    draw_paper,
    drop_exemption,
    enclose,
    end_representation,
    expire_order,
    get_procedure,
    get_version,
    give_back_at_sample_bank,
    give_supplement,
    hand_out_refund,
    issue_result,
    make_register,
    make_slip,
    move_draft_field,
    move_draft_outcome,
    move_draft_page,
    move_draft_part,
    move_visit,
    note_checked,
    note_refund_failed,
    note_refund_sent,
    pay_at_sample_bank,
    plan_visits,
    propose_apology,
    publish_version,
    put_blank_form,
    put_draft_field,
    put_draft_outcome,
    put_draft_page,
    put_draft_part,
    put_draft_result,
    rate,
    receive_at_counter,
    record_transfer,
    refuse,
    release,
    remove_draft,
    remove_draft_field,
    remove_draft_outcome,
    remove_draft_page,
    remove_draft_part,
    remove_draft_result,
    remove_paper,
    replace_draft,
    replace_draft_steps,
    restore_draft,
    return_result,
    reuse_paper,
    save_answers,
    search_papers,
    send_apology,
    send_message,
    set_account,
    settle_unmatched,
    sign_result,
    start_draft,
    stop,
    submit,
    undo,
    withdraw,
    write_note,
)
from dinh.onestop.queries.watching import Trouble
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, Province
from tests.onestop.making import simple

Call = Callable[[Province, Actor], object]


class Scene:
    """A draft, a dossier, an open step, a paper and a result, once for each test."""

    def __init__(self, p: Province) -> None:
        self.p = p

    def step(self) -> StepRun:
        dossier = Dossier.objects.first() or self.p.accepted()
        return StepRun.objects.get(dossier=dossier, state="open")

    def dossier(self) -> Dossier:
        return Dossier.objects.first() or self.p.submitted()

    def desk_step(self) -> StepRun:
        return StepRun.objects.get(dossier=self.dossier(), state="open")

    def trouble(self) -> Trouble:
        dossier = self.dossier()
        return Trouble("x", "no_step", dossier.id, None, dossier.agency_id, dossier.agency_id)

    def finding(self) -> Finding:
        dossier = self.dossier()
        values = {"dossier": dossier, "unit": dossier.agency, "owner_unit": dossier.agency}
        more = {"kind": "no_step", "found_at": self.p.now}
        return Finding.objects.get_or_create(key="x", defaults={**values, **more})[0]

    def supplement(self) -> Supplement:
        values = {"items": [], "reason": "x", "asked_at": self.p.now}
        return Supplement.objects.get_or_create(dossier=self.dossier(), defaults=values)[0]

    def asked_return(self) -> StepReturn:
        step = self.desk_step()
        values = {"outcome": "x", "reason": "x", "asked_by": "A", "asked_at": self.p.now}
        rows = StepReturn.objects
        return rows.get_or_create(dossier=step.dossier, step=step, state="asked", defaults=values)[0]

    def draft(self) -> Any:
        return self.p.draft()

    def paper(self) -> Paper:
        return self.dossier().papers.get()

    def result(self) -> Result:
        values = {"state": "draft", "content": {}, "drafted_at": self.p.now}
        return Result.objects.get_or_create(dossier=self.dossier(), defaults=values)[0]

    def enclosure(self) -> ResultEnclosure:
        values = {"name": "x", "sha256": "0" * 64, "file_id": self.p.file(), "added_at": self.p.now}
        return ResultEnclosure.objects.get_or_create(result=self.result(), key="x", defaults=values)[0]

    def visit(self) -> Visit:
        p = self.p
        return Visit.objects.first() or Visit.objects.create(
            desk=p.unit("H99.31.00"), person_id=p.citizen.person_id, wish="ask", starts_at=p.now,
            ends_at=p.now + dt.timedelta(minutes=20), state="booked", booked_at=p.now,
        )  # fmt: skip

    def print_of_register(self) -> RegisterPrint:
        clerk = self.p.clerk
        owner = {"person_id": clerk.person_id, "position_id": clerk.position_id}
        return RegisterPrint.objects.create(kind="pdf", chosen={}, asked_at=self.p.now, **owner)

    def representation(self) -> Representation:
        party = {"kind": "business", "relation": "legal", "name": "A", "identity": "9900000001"}
        return Representation.objects.first() or begin_representation(
            party, proof_id=self.p.file(), until_on=None, by=self.p.citizen, now=self.p.now
        )

    def order(self) -> PaymentOrder:
        return PaymentOrder.objects.first() or ask_order(
            self.dossier(), method="online", by=self.p.citizen, now=self.p.now
        )

    def refund(self) -> Refund:
        """A refund asked for by the desk: the fee was paid twice."""
        found = Refund.objects.first()
        if found is not None:
            return found
        order = self.order()
        for reference in ("R1", "R2"):
            paid = Transfer(
                order_code=order.code, reference=reference, amount=order.amount, paid_at=self.p.now
            )
            record_transfer(order, transfer=paid, by=system("test"), now=self.p.now)
        return ask_refund(self.dossier(), reason="x", by=self.p.clerk, now=self.p.now)[0]

    def unmatched(self) -> Unmatched:
        found = Unmatched.objects.first()
        if found is not None:
            return found
        agency = self.p.unit("H99.31")
        day = Reconciliation.objects.create(
            agency=agency, provider="sample", day=self.p.now.date(), matched=0, our_total=0, their_total=0,
            made_at=self.p.now, made_by="x",
        )  # fmt: skip
        return Unmatched.objects.create(reconciliation=day, agency=agency, kind="missing_here", reference="R")

    def version(self) -> Any:
        return get_version(get_procedure("1.001612"))


# The verbs of the workshop: each changes one thing of a draft that its writer has seen.
WORKSHOP: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "blank_form_put": (put_blank_form, {"key": "x", "file_id": None}),
    "described": (describe_draft, {"values": {}}),
    "draft_discarded": (discard_draft, {}),
    "draft_replaced": (replace_draft, {"definition": simple()}),
    "draft_restored": (restore_draft, {}),
    "field_moved": (move_draft_field, {"path": "ten_ho", "to": 1}),
    "field_put": (put_draft_field, {"spec": FieldSpec(kind="text", label="x"), "page": "ho"}),
    "field_removed": (remove_draft_field, {"path": "ten_ho"}),
    "outcome_moved": (move_draft_outcome, {"step": "tham_dinh", "key": "x", "to": 1}),
    "outcome_put": (put_draft_outcome, {"step": "tham_dinh", "key": "", "values": {"label": "x"}}),
    "outcome_removed": (remove_draft_outcome, {"step": "tham_dinh", "key": "x"}),
    "page_moved": (move_draft_page, {"key": "ho", "to": 1}),
    "page_put": (put_draft_page, {"key": "", "label": "x", "help": "", "show_if": None}),
    "page_removed": (remove_draft_page, {"key": "ho"}),
    "part_moved": (move_draft_part, {"part": "fees", "key": "le_phi", "to": 1}),
    "part_put": (put_draft_part, {"part": "fees", "key": "", "values": {"name": "x"}}),
    "part_removed": (remove_draft_part, {"part": "fees", "key": "le_phi"}),
    "result_put": (put_draft_result, {"values": {}}),
    "result_added": (add_draft_result, {"name": "x"}),
    "result_removed": (remove_draft_result, {"key": "x"}),
    "steps_replaced": (replace_draft_steps, {"steps": []}),
}
# Each verb with the subject it needs, tried by whoever is named: others' officials, others' citizens, or
# an official where only a citizen may, and the other way round.
ATTEMPTS: dict[
    str, Callable[[Scene, Actor], tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]]
] = {
    "apology.declined": lambda s, by: (decline_apology, (s.dossier(),), {"answer": "x"}),
    "apology.proposed": lambda s, by: (
        propose_apology,
        (s.dossier(),),
        {"reason": "x", "new_due_on": dt.date(2026, 12, 1)},
    ),
    "apology.sent": lambda s, by: (
        send_apology,
        (s.dossier(),),
        {"reason": "x", "new_due_on": dt.date(2026, 12, 1)},
    ),
    "dossier.accepted": lambda s, by: (accept, (s.dossier(),), {}),
    "dossier.due_recomputed": lambda s, by: (recompute, (s.dossier(),), {}),
    "dossier.rated": lambda s, by: (
        rate,
        (s.dossier(),),
        {"overall": 1, "ease": None, "timeliness": None, "attitude": None, "comment": ""},
    ),
    "dossier.received": lambda s, by: (
        receive_at_counter,
        (s.p.unit("H99.31.00").id,),
        {"version": s.version(), "applicant": Applicant(name="A"), "data": HOUSEHOLD_ANSWERS, "parts": []},
    ),
    "dossier.refusal_announced": lambda s, by: (announce_refusal, (s.step(),), {"reason": "x"}),
    "dossier.refused": lambda s, by: (refuse, (s.dossier(),), {"reason": "x"}),
    "dossier.result_returned": lambda s, by: (return_result, (s.step(),), {"shown": "receipt"}),
    "dossier.submitted": lambda s, by: (submit, (s.draft(),), {}),
    "dossier.supplement_asked": lambda s, by: (
        ask_supplement,
        (s.dossier(),),
        {"items": [{"text": "x"}], "reason": "x", "contact": ""},
    ),
    "dossier.samples_loaded": lambda s, by: (
        load_dossiers,
        ((),),
        {"file_id": None, "dice": random.Random(1)},
    ),
    "dossier.supplement_given": lambda s, by: (give_supplement, (s.dossier(),), {"parts": [], "note": ""}),
    "dossier.withdrawn": lambda s, by: (withdraw, (s.dossier(),), {"reason": ""}),
    "draft.paper_attached": lambda s, by: (
        attach_paper,
        (s.draft(),),
        {"document_key": "can_cuoc", "file_id": s.p.file()},
    ),
    "draft.paper_removed": lambda s, by: (remove_paper, (s.draft(),), {"draft_file_id": s.p.file()}),
    "draft.paper_reused": lambda s, by: (
        reuse_paper,
        (s.draft(),),
        {"document_key": "can_cuoc", "ref": f"part:{s.p.file()}"},
    ),
    "draft.removed": lambda s, by: (remove_draft, (s.draft(),), {}),
    "draft.saved": lambda s, by: (save_answers, (s.draft(),), {"answers": {}, "agency_id": None}),
    "draft.started": lambda s, by: (
        start_draft,
        (get_procedure("1.001612"),),
        {"answers": {}, "agency_id": None},
    ),
    "account.set": lambda s, by: (
        set_account,
        (s.p.unit("H99.31").id,),
        {"bank_bin": "999999", "bank_name": "x", "number": "1", "holder": "x"},
    ),
    "day.closed": lambda s, by: (
        close_day,
        (s.p.unit("H99.31.00").id,),
        {"day": s.p.now.date(), "counted": 0, "note": ""},
    ),
    "day.compared": lambda s, by: (
        compare_day,
        (s.p.unit("H99.31").id,),
        {"provider_code": "sample", "day": s.p.now.date(), "lines": []},
    ),
    "unmatched.claimed": lambda s, by: (claim_unmatched, (s.unmatched(),), {}),
    "unmatched.settled": lambda s, by: (settle_unmatched, (s.unmatched(),), {"reason": "x"}),
    "exemption.claimed": lambda s, by: (
        claim_exemption,
        (s.draft(),),
        {"key": "ho_ngheo", "file_id": s.p.file()},
    ),
    "exemption.decided": lambda s, by: (
        decide_exemption,
        (s.dossier(),),
        {"is_confirmed": True, "reason": "x"},
    ),
    "exemption.dropped": lambda s, by: (drop_exemption, (s.draft(),), {}),
    "order.asked": lambda s, by: (ask_order, (s.dossier(),), {"method": "online"}),
    "order.checked": lambda s, by: (note_checked, (s.order(),), {}),
    "order.expired": lambda s, by: (expire_order, (s.order(),), {}),
    "payment.collected": lambda s, by: (collect_fees, (s.dossier(),), {}),
    "payment.recorded": lambda s, by: (
        record_transfer,
        (s.order(),),
        {"transfer": Transfer(order_code="x", reference="x", amount=1, paid_at=s.p.now)},
    ),
    "refund.approved": lambda s, by: (approve_refund, (s.refund(),), {}),
    "refund.asked": lambda s, by: (ask_refund, (s.dossier(),), {"reason": "x"}),
    "refund.declined": lambda s, by: (decline_refund, (s.refund(),), {"reason": "x"}),
    "refund.failed": lambda s, by: (note_refund_failed, (s.refund(),), {"failure": "x"}),
    "refund.handed_out": lambda s, by: (
        hand_out_refund,
        (s.refund().dossier,),
        {"refund_id": s.refund().id},
    ),
    "refund.sent": lambda s, by: (note_refund_sent, (s.refund(),), {"reference": "x"}),
    "sample_bank.given_back": lambda s, by: (
        give_back_at_sample_bank,
        ("k",),
        {"order_code": "x", "amount": 1},
    ),
    "sample_bank.paid": lambda s, by: (pay_at_sample_bank, (s.order(),), {"amount": 1}),
    "paper.drawn": lambda s, by: (draw_paper, (s.paper(),), {}),
    "paper.preserved": lambda s, by: (preserve_paper, (s.paper(),), {"preserved_file_id": s.p.file()}),
    "papers.searched": lambda s, by: (
        search_papers,
        (s.p.unit("H99.31.00").id,),
        {"identity": "099190000001", "name": "A", "is_present": True},
    ),
    "procedure.drafted": lambda s, by: (draft_version, (simple(),), {}),
    **{
        f"procedure.{verb}": lambda s, by, call=call: (call[0], (s.version(),), {"seen": 1, **call[1]})
        for verb, call in WORKSHOP.items()
    },
    "procedure.draft_begun": lambda s, by: (begin_draft, (simple(),), {}),
    "procedure.draft_copied": lambda s, by: (copy_version, (s.version(),), {}),
    "procedure.published": lambda s, by: (publish_version, (s.version(),), {}),
    "visit.attended": lambda s, by: (attend_visit, (s.visit(),), {"verb": "come"}),
    "visit.booked": lambda s, by: (
        book_visit,
        (s.p.unit("H99.31.00").id,),
        {"starts_at": s.p.now, "wish": "ask", "note": ""},
    ),
    "visit.cancelled": lambda s, by: (cancel_visit, (s.visit(),), {}),
    "visit.moved": lambda s, by: (move_visit, (s.visit(),), {"starts_at": s.p.now}),
    "visit.planned": lambda s, by: (
        plan_visits,
        (s.p.unit("H99.31.00").id,),
        {"is_open": True, "minutes": 20, "places": 1, "weekdays": [1], "days_ahead": 5, "note": ""},
    ),
    "visit.reminded": lambda s, by: (remind_visit, (s.visit(),), {}),
    "register.asked": lambda s, by: (
        ask_register,
        (RegisterFilter(from_on=dt.date(2026, 11, 1), until_on=dt.date(2026, 11, 30)),),
        {"kind": "pdf"},
    ),
    "register.made": lambda s, by: (make_register, (s.print_of_register(),), {}),
    "slip.made": lambda s, by: (make_slip, (s.dossier(),), {}),
    "representation.begun": lambda s, by: (
        begin_representation,
        ({"kind": "business", "relation": "legal", "name": "A", "identity": "9900000001"},),
        {"proof_id": s.p.file(), "until_on": None},
    ),
    "representation.ended": lambda s, by: (end_representation, (s.representation(),), {}),
    "result.drafted": lambda s, by: (draft_result, (s.step(),), {"content": {}}),
    "paper.scanned": lambda s, by: (add_scan, (s.step(),), {"part_id": uuid7(), "file_id": s.p.file()}),
    "result.enclosed": lambda s, by: (enclose, (s.step(),), {"enclosure": "x", "file_id": None}),
    "result.issued": lambda s, by: (issue_result, (s.step(),), {}),
    "result.copy_preserved": lambda s, by: (
        preserve_approved,
        (s.enclosure(),),
        {"preserved_file_id": s.p.file()},
    ),
    "result.preserved": lambda s, by: (preserve_result, (s.result(),), {"preserved_file_id": s.p.file()}),
    "result.signed": lambda s, by: (sign_result, (s.step(),), {}),
    # The head who leads the division may give its steps out: here it is a step of the desk.
    "step.assigned": lambda s, by: (assign, (s.desk_step(),), {"position_id": None}),
    "step.claimed": lambda s, by: (claim, (s.step(),), {}),
    "step.completed": lambda s, by: (complete, (s.step(),), {"outcome_key": "trinh_duyet", "note": ""}),
    "step.released": lambda s, by: (release, (s.step(),), {}),
}
ATTEMPTS |= {
    "return.approved": lambda s, by: (approve_return, (s.asked_return(),), {}),
    "return.declined": lambda s, by: (decline_return, (s.asked_return(),), {"answer": "x"}),
    "dossier.stopped": lambda s, by: (stop, (s.dossier(),), {"reason": "x"}),
    "message.sent": lambda s, by: (send_message, (s.dossier(),), {"text": "x"}),
    "note.written": lambda s, by: (write_note, (s.dossier(),), {"text": "x"}),
    "dossier.times_kept": lambda s, by: (keep_times, (s.dossier(),), {}),
    "supplement.reminded": lambda s, by: (remind_applicant, (s.supplement(),), {}),
    "watch.escalated": lambda s, by: (take_higher, (s.finding(),), {}),
    "watch.found": lambda s, by: (raise_finding, (s.trouble(),), {}),
    "watch.settled": lambda s, by: (settle_finding, (s.finding(),), {}),
    "work.warned": lambda s, by: (warn, (WorkItem.objects.get(step=s.desk_step()),), {"kind": "late"}),
    "step.handed_back": lambda s, by: (hand_back, (s.desk_step(),), {}),
    "step.act_undone": lambda s, by: (undo, (s.desk_step(),), {}),
    "step.return_asked": lambda s, by: (
        ask_return,
        (s.desk_step(),),
        {"outcome_key": "tra_lai", "note": "x", "about": ["kq"]},
    ),
}
WITHOUT_NOW = {
    "visit.planned",
    "draft.removed",
    "paper.preserved",
    "result.preserved",
    "result.copy_preserved",
}


def counts() -> list[int]:
    return [
        model.objects.count()
        for model in (AuditEntry, TimelineEntry, Dossier, Payment, PaymentOrder, Refund, Unmatched)
    ]


def test_every_verb_tried_here_is_one_of_the_room():
    """Others are tried beside their own tests; tests/guards/verbs.py says of a whole run which are not."""
    verbs = {name for name, verb in all_verbs().items() if verb.function.startswith("dinh.onestop.")}
    assert set(ATTEMPTS) <= verbs


@pytest.mark.parametrize("verb", sorted(ATTEMPTS))
def test_a_verb_is_refused_without_the_right_and_nothing_is_written(province, verb):
    scene = Scene(province)
    officials = [province.other_commune, province.actor("quantri"), province.head]
    for by in (*officials, province.actor("congdan2"), visitor()):
        if verb in {"draft.started", "representation.begun", "visit.booked"} and by.kind == "citizen":
            continue  # every citizen may
        if verb == "register.asked" and by.holds("dossier.read"):
            continue  # each prints what they see
        if verb == "slip.made" and by == province.head:
            continue  # the head of the division that handles it sees it
        function, subject, options = ATTEMPTS[verb](scene, by)
        now = {} if verb in WITHOUT_NOW else {"now": province.now}
        before = counts()
        with pytest.raises(NotAllowed):
            function(*subject, **options, **now, by=by)
        assert before == counts()


def test_a_colleague_of_another_role_does_not_do_the_specialists_step(province):
    dossier = province.accepted()
    step = province.open_step(dossier, "tham_dinh")
    with pytest.raises(NotAllowed):
        claim(step, by=province.head, now=province.now)


def test_a_clerk_of_another_desk_receives_nothing_here(province):
    dossier = province.submitted()
    with pytest.raises(NotAllowed):
        accept(dossier, by=province.actor("motcua.anmau.dinhson"), now=province.now)
