"""What is expected of figures and of the warehouse: suites declared in YAML, run by Great Expectations."""
