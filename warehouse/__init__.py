"""Star schema, Parquet staging, build, audit, publish, and the expectation suites over them."""
