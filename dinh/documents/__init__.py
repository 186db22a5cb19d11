"""Documents (quản lý văn bản và điều hành). Today it owns number books: one series of an agency and a year,
whose numbers have neither gap nor duplicate. Registers, drafts and exchange come to stand here.

Words: number book, series, notation, number. Used by: the one-stop shop, for results.
Must never: give a number twice, or outside the transaction of what it numbers.
"""
