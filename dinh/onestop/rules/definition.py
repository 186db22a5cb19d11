"""The shape of a procedure's version: plain data, checked before publication, immutable after.

The parts are those that NĐ 63/2010 Art. 8.2 demands of a published procedure; steps are a small graph of
role, unit, hours and outcomes, so that a new procedure needs data and no code.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from dinh.kernel.errors import N_, Refused

__all__ = [
    "AgencyRule",
    "Definition",
    "DefinitionUnreadable",
    "Document",
    "Enclosure",
    "Exemption",
    "Fee",
    "FeeReduction",
    "FeeUnits",
    "Meets",
    "Outcome",
    "ResultBlock",
    "ResultField",
    "ResultFieldKind",
    "ResultTemplate",
    "Step",
    "StepKind",
    "TimeLimit",
    "UnitRule",
    "Validity",
    "keep_order",
    "read_definition",
]

StepKind = Literal["receive", "handle", "consult", "review", "sign", "issue", "refuse", "return"]
Level = Literal["province", "district", "commune"]
ResultFieldKind = Literal[
    "",
    "text",
    "textarea",
    "date",
    "whole",
    "number",
    "money",
    "month",
    "identity_number",
    "choice",
    "paper",
    "picture",
    "date_words",
    "book",
    "first",
    "met",
]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all parts: unknown keys are refused, so that a typing error is found at once."""


class Field(Part, frozen=True):
    """Field of administration (lĩnh vực): code and name of the national list."""

    code: str
    name: str


class TimeLimit(Part, frozen=True):
    """Time limit of the law. ``online`` is a shorter one for dossiers sent online, in the same unit."""

    amount: int
    unit: Literal["working_days", "calendar_days", "hours", "same_day"]
    online: int | None = None


class Document(Part, frozen=True):
    """One paper of the dossier (thành phần hồ sơ).

    ``origin`` is ``form`` when the online form itself replaces the paper. ``required_if`` is a
    condition over the form's data; without it the paper is required unless ``optional``.
    ``valid_months``: for so long after it was given the paper may be used again; None: without an end.
    ``blank`` is the identifier of a blank form to download. ``pages`` names the form's field with the number
    of pages: what is declared there has to be what the files have, because fees and results say it.
    """

    key: str
    name: str
    originals: int = 0
    copies: int = 1
    origin: Literal["upload", "form"] = "upload"
    optional: bool = False
    required_if: dict[str, Any] | None = None
    accept: tuple[Literal["pdf", "image", "docx"], ...] = ("pdf", "image")
    several: bool = True
    help: str = ""
    valid_months: int | None = None
    blank: str = ""
    pages: str = ""


class FeeUnits(Part, frozen=True):
    """A fee that is counted: the number that ``field`` of the form holds (the rows of a group that repeats).

    ``word`` names one unit for the explanation (trang, bản). The first ``free`` units cost nothing. From
    the unit ``then_from`` on (counted from 1), each costs ``then`` đồng in place of the fee's ``amount``.
    ``most`` is the highest sum in đồng. A number that was not given counts as one.
    """

    field: str
    word: str
    free: int = 0
    then_from: int | None = None
    then: int = 0
    most: int | None = None


class FeeReduction(Part, frozen=True):
    """A fee that is lower for whoever files by ``channel`` or whose answers fulfil ``when`` (both, if given).

    Either ``percent`` of the fee or ``less`` đồng are taken off. Of several that hold, only the one that
    takes off most counts: reductions do not add up. ``name`` stands in the explanation.
    """

    name: str
    percent: int = 0
    less: int = 0
    channel: Literal["", "counter", "online", "post"] = ""
    when: dict[str, Any] | None = None
    basis: str = ""


class Fee(Part, frozen=True):
    """One fee in đồng; owed when ``when`` holds. ``kind``: phí or lệ phí, as the law names it.

    ``amount`` is the whole fee, or with ``per`` what one unit costs; ``copies`` names a field of the form
    whose number multiplies it all. ``due`` is what waits for its payment: ``filing`` (the desk accepts
    the dossier only when it is paid), ``acceptance`` (no step after the desk's ends before), ``result``
    (the result is handed over only then), ``any`` (nothing waits).

        fees:
          - key: phi_chung_thuc
            name: Phí chứng thực bản sao
            kind: phi
            amount: 2000
            per: {field: so_trang, word: trang, then_from: 3, then: 1000, most: 200000}
            copies: so_ban
            reductions:
              - {name: Nộp hồ sơ trực tuyến, percent: 10, channel: online, basis: Nghị quyết}
            when: {field: loai, is: giay}
            due: result
            basis: 226/2016/TT-BTC
    """

    key: str
    name: str
    amount: int
    kind: Literal["phi", "le_phi"] = "le_phi"
    when: dict[str, Any] | None = None
    basis: str = ""
    per: FeeUnits | None = None
    copies: str = ""
    reductions: tuple[FeeReduction, ...] = ()
    due: Literal["filing", "acceptance", "result", "any"] = "any"


class Exemption(Part, frozen=True):
    """Who need not pay, or pays less: claimed by the applicant with a proof, confirmed by the desk.

    ``percent`` of the fees named in ``fees`` (their keys; none named: all) is taken off; it counts in
    place of a reduction that takes off less. ``proof`` names the paper that proves it.

        exemptions:
          - {key: ho_ngheo, name: Người thuộc hộ nghèo, proof: Giấy chứng nhận hộ nghèo, basis: Luật}
          - {key: can_ngheo, name: Người thuộc hộ cận nghèo, percent: 50, fees: [phi], proof: Giấy xác nhận}
    """

    key: str
    name: str
    proof: str
    percent: int = 100
    fees: tuple[str, ...] = ()
    basis: str = ""


class UnitRule(Part, frozen=True):
    """Which unit works on a step.

    ``where``: ``reception`` (the one-stop desk that received it), ``agency`` (the competent agency
    itself), ``inside`` (the unit below the agency with that ``abbreviation``), ``field`` (the unit whose
    code the form's field ``field`` holds), ``province`` (the province's unit with that ``abbreviation``).
    """

    where: Literal["reception", "agency", "inside", "field", "province"]
    abbreviation: str = ""
    field: str = ""


class AgencyRule(Part, frozen=True):
    """Which agencies are competent: all of a kind (each for its own area), or the one abbreviated so."""

    kind: str
    abbreviation: str = ""


class Outcome(Part, frozen=True):
    """One way to end a step. ``to`` are the steps that open; none of them ends the branch.

    ``needs`` names what must exist: ``draft`` (a result drafted), ``reason`` (words are written), ``met`` (it
    is kept that the applicant was met, see ``Meets``).
    ``back`` marks a return to an earlier step.
    """

    key: str
    label: str
    to: tuple[str, ...]
    when: dict[str, Any] | None = None
    needs: tuple[Literal["draft", "reason", "met"], ...] = ()
    back: bool = False


class Meets(Part, frozen=True):
    """The applicant is met at a step: they sign at the agency, or the agency inspects a place.

    ``people`` says who has to be there. ``wished`` is the form's field with the day that the applicant wished
    for, ``place`` the one with the place of an inspection. Ways out that wait for it say ``needs: [met]``.
    """

    kind: Literal["signing", "inspection"]
    people: str = ""
    wished: str = ""
    place: str = ""


class Step(Part, frozen=True):
    """One step: what is done, by whom, where and in how many working hours.

    ``joins`` waits until no open branch can still arrive. ``same_person`` gives the step to whoever did
    the named earlier step. ``pauses``: the applicant has to act, and the dossier's clock stands still while
    the step is open; its hours are how long they may take. ``answers``: what is said and attached at the
    end of the step is an answer to the applicant too, as of agencies whose results go along (QĐ 296/QĐ-VPCP).
    ``assign``: ``least_open`` gives it, when nobody
    has it yet, to whoever of the role at the unit holds the fewest open steps; without it the step waits to
    be taken or given. ``meets``: the applicant is met at the step.
    """

    key: str
    name: str
    kind: StepKind
    role: str
    unit: UnitRule
    hours: float
    outcomes: tuple[Outcome, ...] = ()
    joins: bool = False
    pauses: bool = False
    answers: bool = False
    same_person: str = ""
    assign: Literal["", "least_open"] = ""
    meets: Meets | None = None
    instruction: str = ""


class ResultTemplate(Part, frozen=True):
    """The result's document: a typst template, the number book's series, who signs in which matter.

    ``fields`` are what the specialist completes.
    ``valid_months``: how long the result holds from the day of its issue; None: the law sets no end.
    ``body`` is what the template ``composed`` prints: blocks of words with places for the fields.
    ``key`` tells the results of one dossier apart; that of the first is empty. ``when`` is a condition over
    the form's data: without it every dossier gets the result. ``encloses`` are the papers bound to it.

    ``by_head``: the law gives the decision to the head of the agency and not to the agency ("Chủ tịch Ủy ban
    nhân dân … quyết định"). The head signs in their own name (CHỦ TỊCH), a deputy for the head (KT. CHỦ
    TỊCH), without the line TM. ỦY BAN NHÂN DÂN (NĐ 30/2020, appendix I, part II, 7.a).
    ``recipients`` are the form's fields that name whom the paper is for; without an answer to them it is for
    whoever filed. ``copies`` names the form's field with the number of papers asked for, of a further result:
    it is drafted once, and each is signed and numbered by itself; nought or no answer: none. A fee with the
    same ``copies`` pays for them.

        further_results:
          - {key: trich_luc, name: Trích lục, template: marriage_extract, notation: TLKH-BS,
             matter: civil_status, copies: so_ban_sao, recipients: [ben_nu.ho_ten, ben_nam.ho_ten]}
    """

    name: str
    template: str
    notation: str
    matter: str
    key: str = ""
    when: dict[str, Any] | None = None
    encloses: tuple["Enclosure", ...] = ()
    by_head: bool = False
    recipients: tuple[str, ...] = ()
    copies: str = ""
    fields: tuple["ResultField", ...] = ()
    valid_months: int | None = None
    body: tuple["ResultBlock", ...] = ()


class Enclosure(Part, frozen=True):
    """A paper that goes with a result: named on it with its SHA-256, so that the signature covers it.

    ``document``: the key of the dossier's document whose PDF files go along by themselves; each is handed out
    as an approved copy that bears the result's number on every page and the agency's signature. Without it
    an official attaches a file, which goes along as it is.
    """

    key: str
    name: str
    optional: bool = False
    document: str = ""


class ResultBlock(Part, frozen=True):
    """One block of a composed result. ``{name}`` in its words is the place of the result's field ``name``.

    ``fact`` prints ``label: words``, ``basis`` a legal ground, ``article`` a numbered one with a title.
    """

    kind: Literal["heading", "paragraph", "fact", "basis", "article"]
    text: str
    label: str = ""


class Validity(Part, frozen=True):
    """For how many years a result holds from the day of its draft: ``years``, or by the stored answer to the
    form's field ``by`` what ``table`` says; an answer that is not in it leaves the day to the official.
    """

    years: int = 0
    by: str = ""
    table: dict[str, int] = {}


class ResultField(Part, frozen=True):
    """One line of the result that the specialist checks and completes.

    It is required before anybody signs unless ``optional``; with ``required_if``, a condition over the
    form's data, only when that holds. ``kind`` says what may be written (empty: words; with ``long`` several
    lines). The system itself writes ``date_words`` (the day of the result's field ``of``, in words),
    ``book`` (the year's number book of the result's series), ``first`` (in a further result: what the first
    one says in the field ``of``, or in the one of the same name), ``met`` (the day on which the applicant was
    met at a step) and ``picture`` (a portrait: the newest image given as the dossier's document
    ``document``). ``paper`` is the file of the dossier that the result is printed with. ``choices`` are what
    a choice offers; one that ends with "…" asks for words.

    ``source`` is the form's field that fills it first, ``default`` what stands where that gives nothing,
    ``area`` the form's field with the commune whose name follows an address, ``stored`` takes the stored
    value of a choice instead of its words, ``validity`` gives a date the day that a rule says.

    A number lies from ``minimum`` to ``maximum`` and is not more, or less, than the one in another of the
    result's fields (``not_above``, ``not_below``). What a question of the form fills in keeps the question's
    own limits too.
    """

    name: str
    label: str
    source: str = ""
    long: bool = False
    kind: ResultFieldKind = ""
    optional: bool = False
    required_if: dict[str, Any] | None = None
    choices: tuple[str, ...] = ()
    of: str = ""
    document: str = ""
    default: str = ""
    area: str = ""
    stored: bool = False
    not_before: Literal["", "today"] = ""
    not_after: Literal["", "today"] = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    not_above: str = ""
    not_below: str = ""
    validity: Validity | None = None
    help: str = ""


class Basis(Part, frozen=True):
    """A legal document that the procedure stands on."""

    number: str
    name: str


class Definition(Part, frozen=True, kw_only=True):
    """A whole procedure as published.

    ``reception``: agencies whose desks receive for the one that decides, as all of a kind or one; without
    it only its own desk does (a department's procedure received at communes: ``{kind: commune_committee}``).
    """

    code: str
    name: str
    short_name: str
    summary: str
    field: Field
    level: Level
    agency: AgencyRule
    reception: AgencyRule | None = None
    audience: tuple[str, ...]
    life_events: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    service_class: Literal["information", "partial", "full"] = "full"
    sequence: tuple[str, ...]
    channels: tuple[Literal["counter", "online", "post"], ...] = ("counter", "online", "post")
    time_limit: TimeLimit
    copies: int = 1
    documents: tuple[Document, ...]
    fees: tuple[Fee, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    requirements: tuple[str, ...] = ()
    basis: tuple[Basis, ...]
    result: ResultTemplate
    further_results: tuple[ResultTemplate, ...] = ()
    form: dict[str, Any]
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step:
        """Return the step of that key; KeyError when the graph has none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    @property
    def results(self) -> tuple[ResultTemplate, ...]:
        """All results, the first one first."""
        return (self.result, *self.further_results)

    def result_of(self, key: str) -> ResultTemplate:
        """Return the result of that key; the first one where there is none."""
        return next((one for one in self.results if one.key == key), self.result)

    @property
    def first_step(self) -> Step:
        """The step that receives the dossier."""
        return next(step for step in self.steps if step.kind == "receive")


class DefinitionUnreadable(Refused):
    message = N_("Không đọc được định nghĩa thủ tục: %(problem)s. Hãy sửa dữ liệu rồi thử lại.")


def keep_order(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form whose every group names the order of its fields: a database keeps no order of keys."""
    kept = dict(form)
    properties = kept.get("properties")
    if isinstance(properties, Mapping):
        kept["properties"] = {
            name: keep_order(part) if isinstance(part, Mapping) else part for name, part in properties.items()
        }
        ui = kept.get("ui", {})
        kept["ui"] = {"order": list(properties), **ui} if isinstance(ui, Mapping) else ui
    if isinstance(kept.get("items"), Mapping):
        kept["items"] = keep_order(kept["items"])
    return kept


def read_definition(data: Mapping[str, Any]) -> Definition:
    """Return the definition that plain data describe. Raises ``DefinitionUnreadable`` at the first fault."""
    try:
        return msgspec.convert(dict(data), Definition)
    except msgspec.ValidationError as error:
        raise DefinitionUnreadable(problem=str(error)) from error
