"""Measurements. ``python -m bench`` runs all subjects and writes docs/benchmarks.md; names run some."""
