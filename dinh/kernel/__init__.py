"""Kernel: pure Python that every room may use. States, working time, clocks, agency codes,
Vietnamese text, money, identifiers, legal profiles. Must never: import Django or touch the world.
"""
