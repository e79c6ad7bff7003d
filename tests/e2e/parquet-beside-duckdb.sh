#!/usr/bin/env bash
# The Parquet benchmark in its short form: both sides write and scan 20,000 rows and find the same. Bars are not judged here.
source "$(dirname "$0")/lib.sh"
check "ours and DuckDB's Parquet hold the same rows" bash "$(dirname "$0")/../bench/parquet-vs-duckdb.sh" 20000 1
done_checking
