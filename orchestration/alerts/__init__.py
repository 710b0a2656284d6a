"""Alerts: each broken thing is told once, with all one needs to act, and its end too."""
