"""The door of the one-stop shop."""

from dinh.onestop.actions.apologies import decline_apology, propose_apology, send_apology
from dinh.onestop.actions.assigning import assign
from dinh.onestop.actions.assisted import answer_form, hash_offer, new_offer_key, offer_form
from dinh.onestop.actions.batches import BatchLine, do_batch
from dinh.onestop.actions.bulk import checked_at_the_end, refresh_statistics
from dinh.onestop.actions.carrying import carry_over
from dinh.onestop.actions.clocks import CalendarCause, refresh_open_clocks
from dinh.onestop.actions.desk import (
    Applicant,
    NewPart,
    accept,
    announce_refusal,
    ask_supplement,
    collect_fee,
    give_supplement,
    receive_at_counter,
    refuse,
    return_result,
    submit,
    withdraw,
)
from dinh.onestop.actions.drafts import attach_paper, remove_draft, remove_paper, save_answers, start_draft
from dinh.onestop.actions.exports import ask_export, drop_export, make_export, remove_old_exports
from dinh.onestop.actions.figures import fold_figures, recount_figures
from dinh.onestop.actions.indicators import count_indicators
from dinh.onestop.actions.mirrors import (
    close_source,
    compare_all,
    compare_source,
    keep_mirror_list,
    open_source,
    receive_mirrors,
    renew_source_key,
    settle_difference,
)
from dinh.onestop.actions.moves import ask_for_move, ask_for_strays, move_open_dossiers, note_told
from dinh.onestop.actions.national import (
    is_connected,
    keep_lanes,
    mark_changed,
    note_changes,
    note_delivered,
    note_given_up,
    replace_national_message,
    resend_national_message,
    synchronise_open,
)
from dinh.onestop.actions.papers import draw_paper
from dinh.onestop.actions.preservation import take_preserved
from dinh.onestop.actions.procedures import draft_version, publish_version
from dinh.onestop.actions.queue import call_again, call_next, draw_number, end_call, leave_queue
from dinh.onestop.actions.ratings import rate
from dinh.onestop.actions.registers import ask_register, make_register
from dinh.onestop.actions.representation import PartyWrong, begin_representation, end_representation
from dinh.onestop.actions.results import draft_result, issue_result, sign_result
from dinh.onestop.actions.returns import approve_return, ask_return, decline_return
from dinh.onestop.actions.reuse import reuse_paper, search_papers
from dinh.onestop.actions.samples import (
    DossierSeed,
    StepSeed,
    SupplementSeed,
    load_dossiers,
)
from dinh.onestop.actions.slips import make_slip
from dinh.onestop.actions.steps import claim, complete, release
from dinh.onestop.actions.stopping import stop
from dinh.onestop.actions.talk import note_messages_read, send_message, write_note
from dinh.onestop.actions.undoing import undo
from dinh.onestop.actions.vacancies import hand_back_vacant
from dinh.onestop.actions.visits import (
    attend_visit,
    book_visit,
    cancel_visit,
    keep_visits,
    move_visit,
    plan_visits,
)
from dinh.onestop.actions.watching import keep_times, watch_over
from dinh.onestop.actions.workshop import (
    ChangedMeanwhile,
    begin_draft,
    copy_version,
    describe_draft,
    discard_draft,
    move_draft_field,
    move_draft_outcome,
    move_draft_page,
    move_draft_part,
    put_blank_form,
    put_draft_field,
    put_draft_outcome,
    put_draft_page,
    put_draft_part,
    put_draft_result,
    remove_draft_field,
    remove_draft_outcome,
    remove_draft_page,
    remove_draft_part,
    replace_draft,
    replace_draft_steps,
    restore_draft,
)
from dinh.onestop.adapters.national import PortalRefuses, call_portal
from dinh.onestop.permissions import (
    APPROVE_RETURN,
    ASSIGN_STEP,
    EDIT_PROCEDURE,
    EXPORT,
    NATIONAL,
    PLAN_VISITS,
    PUBLISH_PROCEDURE,
    READ_DOSSIER,
    READ_WORK,
    RECEIVE_AT_COUNTER,
    RECEIVE_DOSSIER,
    SETTLE_DIFFERENCE,
    WORK_ON_STEP,
)
from dinh.onestop.queries.apologies import (
    APOLOGY_TABS,
    ApologyCard,
    ApologyPage,
    ApologyRow,
    ApologyView,
    apology_page,
    apology_view,
)
from dinh.onestop.queries.archives import ArchiveTooLarge, DossierArchive, archive_of
from dinh.onestop.queries.assigning import candidates_for
from dinh.onestop.queries.assisted import access_offered, offered_under
from dinh.onestop.queries.batches import TickedRow, candidates_for_all, ticked
from dinh.onestop.queries.cards import (
    DossierCard,
    PaperCard,
    Progress,
    StepCard,
    access_opinion_file,
    access_paper_file,
    access_part_file,
    access_result_file,
    dossier_card,
    papers_of,
    track,
)
from dinh.onestop.queries.carrying import files_aside, republished
from dinh.onestop.queries.catalogue import (
    find_procedures,
    get_procedure,
    get_version,
    life_events,
    offered,
    procedures_offered,
)
from dinh.onestop.queries.causes import CauseReport, cause_report
from dinh.onestop.queries.citizens import (
    OWN_GROUPS,
    DraftPaper,
    DraftRow,
    IssuedResult,
    OwnDossier,
    OwnDossiers,
    access_draft_file,
    agencies_to_choose,
    answer_due_at,
    draft_papers,
    fields_offered,
    find_issued_result,
    known_of,
    most_used,
    own_dossiers,
    own_drafts,
    reading_if_accepted,
)
from dinh.onestop.queries.clocks import supplement_until
from dinh.onestop.queries.contacts import (
    DossierContact,
    RepresentationContact,
    clerks_of,
    contact_of,
    people_to_sign,
    sides_of,
)
from dinh.onestop.queries.counted import Counted
from dinh.onestop.queries.definitions import (
    TEMPLATES,
    faults_of,
    problems_of_definition,
    procedures_shipped,
    result_templates,
    template_fields,
)
from dinh.onestop.queries.dossiers import (
    access_dossier,
    access_draft,
    access_step,
    search_dossiers,
    visible_dossiers,
    visible_drafts,
)
from dinh.onestop.queries.exports import access_export, kept_filter, kept_report, visible_exports
from dinh.onestop.queries.figures import (
    Difference,
    FigureFilter,
    counted_by,
    differences_found,
    figures_since,
    last_checks,
    tallies_by_month,
    tally_of,
)
from dinh.onestop.queries.indicators import AgencyScores, agency_scores, scores_by_month, scores_of
from dinh.onestop.queries.lateness import (
    AgencyLateness,
    TimeCard,
    lateness_by_agency,
    times_of,
)
from dinh.onestop.queries.lists import (
    DossierFilter,
    DossierPage,
    DossierRow,
    dossier_page,
    dossiers_for_export,
)
from dinh.onestop.queries.mirrors import (
    access_difference,
    access_mirror,
    access_source,
    count_mirrors,
    difference_lines,
    mirror_line,
    mirror_lines,
    source_lines,
    source_of_key,
)
from dinh.onestop.queries.moves import former_units, get_move, holders_moved
from dinh.onestop.queries.national import (
    access_national_message,
    message_to_send,
    national_fates,
    national_lines,
    national_status,
    national_summary,
)
from dinh.onestop.queries.news import ReturnNews, StepNews, return_news, step_news
from dinh.onestop.queries.offering import DecidingAgency, agencies_offered, audiences_offered
from dinh.onestop.queries.overview import Overview, oversees, overview
from dinh.onestop.queries.own_papers import (
    KeptPaper,
    access_found_file,
    access_search,
    found_by,
    is_alike,
    offers_for,
    own_papers,
    searches_about,
)
from dinh.onestop.queries.papers import get_paper
from dinh.onestop.queries.public_figures import PublicStatistics, public_statistics
from dinh.onestop.queries.queue import (
    Board,
    ClerkQueue,
    OwnNumber,
    access_queue_number,
    board_of,
    clerk_queue,
    desk_by_code,
    desks,
    get_queue_number,
    own_number,
)
from dinh.onestop.queries.readiness import form_choices, problems_of, problems_of_answers
from dinh.onestop.queries.registers import (
    RegisterPage,
    RegisterRow,
    access_print,
    get_print,
    own_prints,
    register_fields,
    register_form,
    register_page,
)
from dinh.onestop.queries.reports import (
    REPORT_GROUPS,
    Report,
    ReportLine,
    has_reports,
    report_units,
    result_report,
)
from dinh.onestop.queries.representation import (
    RepresentationCard,
    access_proof,
    access_representation,
    representations_of,
    standing_representation,
)
from dinh.onestop.queries.results import first_content
from dinh.onestop.queries.returns import ReturnCard, access_return, returns_of, returns_to_approve
from dinh.onestop.queries.samples import codes_taken
from dinh.onestop.queries.slips import ControlSlip, SlipRow, control_slip
from dinh.onestop.queries.standing import places_of_absent, who_acts
from dinh.onestop.queries.stopping import answer_by_of
from dinh.onestop.queries.talk import Talk, handlers_of, talk_of, unread_messages
from dinh.onestop.queries.undoing import Undoable
from dinh.onestop.queries.units import competent_agencies, desk_of, takes_in
from dinh.onestop.queries.versions import access_version, keeps_procedures, procedure_lines, versions_of
from dinh.onestop.queries.visits import (
    VisitCard,
    access_desk_visit,
    access_visit,
    desk_visits,
    offered_days,
    own_visits,
    plan_of,
    planned_desks,
    visit_contact,
)
from dinh.onestop.queries.watching import FindingCard, FindingNews, finding_news, findings
from dinh.onestop.queries.work import (
    COUNT_LIMIT,
    STAND_IN,
    WORK_AGES,
    WORK_TABS,
    WorkFilter,
    WorkList,
    WorkPage,
    WorkRow,
    access_work,
    count_of_tab,
    work_counts,
    work_list,
    work_page,
)
from dinh.onestop.queries.workshop import (
    RevisionLine,
    access_blank_form,
    access_draft_version,
    asked_of,
    revisions_of,
    sample_result,
    words_of,
)
from dinh.onestop.rules.assigning import Candidate
from dinh.onestop.rules.batches import BATCH_ACTS, MOST_AT_ONCE
from dinh.onestop.rules.bpmn.reading import read_bpmn
from dinh.onestop.rules.bpmn.writing import write_bpmn
from dinh.onestop.rules.checks import AlreadySent, DossierIncomplete, Problem
from dinh.onestop.rules.citizen_card import CitizenCard, read_card
from dinh.onestop.rules.comparing import FieldWords, compare
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.fees import DUE_WORDS, FeeOwed, fee_notes, fees_owed, required_documents, total
from dinh.onestop.rules.figures import CAUSES, COUNTS, Tally
from dinh.onestop.rules.graph import join_may_open
from dinh.onestop.rules.index766 import GROUPS as INDEX_GROUPS
from dinh.onestop.rules.keeping import PaperExpired, PresenceNeeded
from dinh.onestop.rules.mirrors import MirrorRow, RowsFaulty, read_list, read_rows, rows_of_file
from dinh.onestop.rules.national import STATUSES as NATIONAL_STATUSES
from dinh.onestop.rules.periods import Period, period_of, period_on
from dinh.onestop.rules.queue import WISHES
from dinh.onestop.rules.registers import RegisterFilter, month_of
from dinh.onestop.rules.representation import (
    REPRESENTED_KINDS,
    RepresentationEnded,
    check_party,
    relation_label,
    relations_of,
)
from dinh.onestop.rules.returns import Place, places_of
from dinh.onestop.rules.visits import LENGTHS as VISIT_LENGTHS
from dinh.onestop.rules.watching import KINDS as FINDING_KINDS
from dinh.onestop.rules.workshop import Part, begin_definition, part_of

__all__ = [
    # the counter
    "CitizenCard",
    "access_offered",
    "answer_form",
    "hash_offer",
    "new_offer_key",
    "offer_form",
    "offered_under",
    "read_card",
    # the queue at a desk
    "Board",
    "ClerkQueue",
    "OwnNumber",
    "WISHES",
    "access_queue_number",
    "board_of",
    "call_again",
    "call_next",
    "clerk_queue",
    "desk_by_code",
    "desks",
    "draw_number",
    "end_call",
    "get_queue_number",
    "leave_queue",
    "own_number",
    # procedures
    "DecidingAgency",
    "agencies_offered",
    "audiences_offered",
    "find_procedures",
    "get_procedure",
    "get_version",
    "life_events",
    "offered",
    "procedures_offered",
    "competent_agencies",
    "access_version",
    "draft_version",
    "keeps_procedures",
    "procedure_lines",
    "versions_of",
    "problems_of_definition",
    "procedures_shipped",
    "publish_version",
    "DUE_WORDS",
    "FeeOwed",
    "fee_notes",
    "fees_owed",
    "required_documents",
    "total",
    # the workshop
    "ChangedMeanwhile",
    "FieldWords",
    "compare",
    "read_bpmn",
    "write_bpmn",
    "Part",
    "RevisionLine",
    "TEMPLATES",
    "access_draft_version",
    "asked_of",
    "begin_definition",
    "begin_draft",
    "copy_version",
    "describe_draft",
    "discard_draft",
    "faults_of",
    "move_draft_field",
    "move_draft_outcome",
    "move_draft_page",
    "move_draft_part",
    "part_of",
    "access_blank_form",
    "put_blank_form",
    "put_draft_field",
    "put_draft_outcome",
    "put_draft_page",
    "put_draft_part",
    "put_draft_result",
    "remove_draft_field",
    "remove_draft_outcome",
    "remove_draft_page",
    "remove_draft_part",
    "replace_draft",
    "replace_draft_steps",
    "restore_draft",
    "result_templates",
    "revisions_of",
    "sample_result",
    "template_fields",
    "words_of",
    # drafts
    "access_draft",
    "attach_paper",
    "carry_over",
    "files_aside",
    "republished",
    "form_choices",
    "problems_of",
    "problems_of_answers",
    "remove_draft",
    "remove_paper",
    "save_answers",
    "start_draft",
    "submit",
    "visible_drafts",
    "AlreadySent",
    "DossierIncomplete",
    "Problem",
    # citizens
    "DraftPaper",
    "DraftRow",
    "IssuedResult",
    "OwnDossier",
    "OwnDossiers",
    "access_draft_file",
    "agencies_to_choose",
    "answer_due_at",
    "draft_papers",
    "fields_offered",
    "find_issued_result",
    "known_of",
    "most_used",
    "own_dossiers",
    "own_drafts",
    "reading_if_accepted",
    # a person's own store of papers
    "KeptPaper",
    "PaperExpired",
    "PresenceNeeded",
    "access_found_file",
    "access_search",
    "found_by",
    "is_alike",
    "offers_for",
    "own_papers",
    "reuse_paper",
    "search_papers",
    "searches_about",
    # dossiers
    "access_dossier",
    "access_opinion_file",
    "access_paper_file",
    "access_part_file",
    "access_result_file",
    "access_step",
    "clerks_of",
    "contact_of",
    "dossier_card",
    "dossier_page",
    "dossiers_for_export",
    "DossierFilter",
    "DossierPage",
    "DossierRow",
    "papers_of",
    "search_dossiers",
    "track",
    "visible_dossiers",
    "DossierCard",
    "DossierContact",
    "PaperCard",
    "Progress",
    "StepCard",
    # the desk
    "Applicant",
    "NewPart",
    "accept",
    "announce_refusal",
    "ask_supplement",
    "collect_fee",
    "desk_of",
    "takes_in",
    "give_supplement",
    "receive_at_counter",
    "refuse",
    "return_result",
    "withdraw",
    "supplement_until",
    # apologies
    "APOLOGY_TABS",
    "ApologyCard",
    "ApologyPage",
    "ApologyRow",
    "ApologyView",
    "apology_page",
    "apology_view",
    "decline_apology",
    "propose_apology",
    "send_apology",
    "people_to_sign",
    # the register
    "RegisterFilter",
    "RegisterPage",
    "RegisterRow",
    "access_print",
    "ask_register",
    "get_print",
    "make_register",
    "month_of",
    "own_prints",
    "register_fields",
    "register_form",
    "register_page",
    # the control slip
    "ControlSlip",
    "SlipRow",
    "control_slip",
    "make_slip",
    # work
    "COUNT_LIMIT",
    "STAND_IN",
    "WORK_AGES",
    "WORK_TABS",
    "WorkFilter",
    "WorkList",
    "WorkPage",
    "WorkRow",
    "access_work",
    "claim",
    "complete",
    "count_of_tab",
    "release",
    "work_counts",
    "work_list",
    "work_page",
    # files made off the request
    "EXPORT",
    "access_export",
    "ask_export",
    "drop_export",
    "kept_filter",
    "kept_report",
    "make_export",
    "remove_old_exports",
    "visible_exports",
    # figures and reports
    "CAUSES",
    "COUNTS",
    "Counted",
    "Difference",
    "FigureFilter",
    # returns to an earlier step, undoing
    "APPROVE_RETURN",
    "Place",
    "ReturnCard",
    "ReturnNews",
    "Undoable",
    "access_return",
    "approve_return",
    "ask_return",
    "decline_return",
    "places_of",
    "return_news",
    "returns_of",
    "returns_to_approve",
    "undo",
    # the watchdog, lateness
    "AgencyLateness",
    "FINDING_KINDS",
    "FindingCard",
    "FindingNews",
    "TimeCard",
    "finding_news",
    "findings",
    "keep_times",
    "lateness_by_agency",
    "times_of",
    "watch_over",
    # absence, vacant posts
    "hand_back_vacant",
    "places_of_absent",
    "who_acts",
    # words beside the dossier, stopping
    "Talk",
    "answer_by_of",
    "handlers_of",
    "note_messages_read",
    "send_message",
    "stop",
    "talk_of",
    "unread_messages",
    "write_note",
    # handing work out, many rows at once
    "ASSIGN_STEP",
    "BATCH_ACTS",
    "MOST_AT_ONCE",
    "BatchLine",
    "Candidate",
    "StepNews",
    "TickedRow",
    "assign",
    "candidates_for",
    "candidates_for_all",
    "do_batch",
    "step_news",
    "ticked",
    # figures
    "Overview",
    "Period",
    "REPORT_GROUPS",
    "Report",
    "ReportLine",
    "Tally",
    "AgencyScores",
    "INDEX_GROUPS",
    "agency_scores",
    "count_indicators",
    "CauseReport",
    "cause_report",
    "counted_by",
    "differences_found",
    "figures_since",
    "fold_figures",
    "has_reports",
    "last_checks",
    "oversees",
    "overview",
    "period_of",
    "period_on",
    "PublicStatistics",
    "public_statistics",
    "recount_figures",
    "report_units",
    "scores_by_month",
    "scores_of",
    "result_report",
    "tallies_by_month",
    "tally_of",
    # results and papers
    "draft_result",
    "draw_paper",
    "first_content",
    "get_paper",
    "issue_result",
    "sign_result",
    "take_preserved",
    "rate",
    "CalendarCause",
    "refresh_open_clocks",
    # units that merge
    "ask_for_move",
    "ask_for_strays",
    "former_units",
    "get_move",
    "holders_moved",
    "move_open_dossiers",
    "note_told",
    # dossiers of other systems
    "MirrorRow",
    "RowsFaulty",
    "SETTLE_DIFFERENCE",
    "access_difference",
    "access_mirror",
    "access_source",
    "close_source",
    "compare_all",
    "compare_source",
    "count_mirrors",
    "difference_lines",
    "keep_mirror_list",
    "mirror_line",
    "mirror_lines",
    "open_source",
    "read_list",
    "read_rows",
    "receive_mirrors",
    "renew_source_key",
    "rows_of_file",
    "settle_difference",
    "source_lines",
    "source_of_key",
    # the national portal
    "NATIONAL",
    "NATIONAL_STATUSES",
    "PortalRefuses",
    "access_national_message",
    "call_portal",
    "is_connected",
    "keep_lanes",
    "mark_changed",
    "message_to_send",
    "national_fates",
    "national_lines",
    "national_status",
    "national_summary",
    "note_changes",
    "note_delivered",
    "note_given_up",
    "replace_national_message",
    "resend_national_message",
    "synchronise_open",
    # many dossiers at once
    "Definition",
    "DossierSeed",
    "StepSeed",
    "codes_taken",
    "SupplementSeed",
    "join_may_open",
    "checked_at_the_end",
    "load_dossiers",
    "refresh_statistics",
    # permissions
    "EDIT_PROCEDURE",
    "PUBLISH_PROCEDURE",
    "READ_DOSSIER",
    "READ_WORK",
    "RECEIVE_AT_COUNTER",
    "RECEIVE_DOSSIER",
    "WORK_ON_STEP",
    # all papers of a dossier
    "ArchiveTooLarge",
    "DossierArchive",
    "OWN_GROUPS",
    "archive_of",
    # appointments at a desk
    "PLAN_VISITS",
    "VISIT_LENGTHS",
    "VisitCard",
    "access_desk_visit",
    "access_visit",
    "attend_visit",
    "book_visit",
    "cancel_visit",
    "desk_visits",
    "keep_visits",
    "move_visit",
    "offered_days",
    "own_visits",
    "plan_of",
    "plan_visits",
    "planned_desks",
    "visit_contact",
    # who stands for whom
    "REPRESENTED_KINDS",
    "PartyWrong",
    "RepresentationCard",
    "RepresentationContact",
    "RepresentationEnded",
    "access_proof",
    "access_representation",
    "begin_representation",
    "check_party",
    "end_representation",
    "relation_label",
    "relations_of",
    "representations_of",
    "sides_of",
    "standing_representation",
]
