"""Pure functions from text to observations, and the lexicon they read by.

Nothing here knows Dagster, DuckDB, the network or the clock.
"""
