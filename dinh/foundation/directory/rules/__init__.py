"""Pure rules, by subject: organisation (kinds, levels, codes), signing (marks)."""
