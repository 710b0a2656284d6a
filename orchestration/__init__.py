"""Dagster definitions, settings and the `fazhi` command: naming and scheduling the steps, no business rules."""
