"""The door of the one-stop shop."""

from dinh.onestop.actions.bulk import checked_at_the_end, refresh_statistics
from dinh.onestop.actions.clocks import refresh_open_clocks
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
from dinh.onestop.actions.papers import draw_paper
from dinh.onestop.actions.procedures import draft_version, publish_version
from dinh.onestop.actions.ratings import rate
from dinh.onestop.actions.results import draft_result, issue_result, sign_result
from dinh.onestop.actions.samples import (
    DossierSeed,
    StepSeed,
    SupplementSeed,
    load_dossiers,
)
from dinh.onestop.actions.steps import claim, complete, release
from dinh.onestop.permissions import (
    EDIT_PROCEDURE,
    PUBLISH_PROCEDURE,
    READ_DOSSIER,
    READ_WORK,
    RECEIVE_AT_COUNTER,
    RECEIVE_DOSSIER,
    WORK_ON_STEP,
)
from dinh.onestop.queries.cards import (
    DossierCard,
    Progress,
    StepCard,
    access_opinion_file,
    access_paper_file,
    access_part_file,
    access_result_file,
    dossier_card,
    track,
)
from dinh.onestop.queries.catalogue import (
    find_procedures,
    get_procedure,
    get_version,
    life_events,
    offered,
)
from dinh.onestop.queries.definitions import problems_of_definition, procedures_shipped
from dinh.onestop.queries.dossiers import (
    access_dossier,
    access_draft,
    access_step,
    search_dossiers,
    visible_dossiers,
    visible_drafts,
)
from dinh.onestop.queries.lists import DossierPage, DossierRow, dossier_page, dossiers_for_export
from dinh.onestop.queries.papers import get_paper
from dinh.onestop.queries.readiness import form_choices, problems_of, problems_of_answers
from dinh.onestop.queries.results import first_content
from dinh.onestop.queries.samples import codes_taken
from dinh.onestop.queries.units import competent_agencies, desk_of, takes_in
from dinh.onestop.queries.work import WORK_TABS, WorkPage, WorkRow, count_of_tab, work_counts, work_page
from dinh.onestop.rules.checks import AlreadySent, DossierIncomplete, Problem
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.fees import fees_owed, required_documents, total
from dinh.onestop.rules.graph import join_may_open

__all__ = [
    # procedures
    "find_procedures",
    "get_procedure",
    "get_version",
    "life_events",
    "offered",
    "competent_agencies",
    "draft_version",
    "problems_of_definition",
    "procedures_shipped",
    "publish_version",
    "fees_owed",
    "required_documents",
    "total",
    # drafts
    "access_draft",
    "attach_paper",
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
    # dossiers
    "access_dossier",
    "access_opinion_file",
    "access_paper_file",
    "access_part_file",
    "access_result_file",
    "access_step",
    "dossier_card",
    "dossier_page",
    "dossiers_for_export",
    "DossierPage",
    "DossierRow",
    "search_dossiers",
    "track",
    "visible_dossiers",
    "DossierCard",
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
    # work
    "WORK_TABS",
    "WorkPage",
    "WorkRow",
    "claim",
    "complete",
    "count_of_tab",
    "release",
    "work_counts",
    "work_page",
    # results and papers
    "draft_result",
    "draw_paper",
    "first_content",
    "get_paper",
    "issue_result",
    "sign_result",
    "rate",
    "refresh_open_clocks",
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
]
