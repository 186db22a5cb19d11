"""Pure rules, by subject: organisation (kinds, levels, codes), signing (marks), words (search, order)."""
