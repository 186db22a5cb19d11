"""The citizens' portal (cổng dịch vụ công): find a procedure, fill in, send, follow, receive, rate; and the
province's public place: questions and petitions, drafts of texts open for comment, news, pages, notices.

Words: those of the one-stop shop; draft (hồ sơ đang điền), task list, proof of submission; petition,
consultation, comment; post, version, notice.
Used by: citizens and businesses in a browser; editors and those who answer. Must never: show a dossier to
anyone but its owner, publish personal data, lose what was typed or sent, or need a script to work.
"""
