#!/usr/bin/env bash
# The short form of tests/soak/eight-writers.sh: OLIST_SOAK_SECONDS (10) of 8 writers in 4 processes on one table on S3.
source "$(dirname "$0")/lib.sh"
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}" ]; then
  skip "eight writers on S3" "${OLIST_TEST_S3_SKIP:-OLIST_TEST_S3_ENDPOINT names no S3 server; eval \"\$(bash infra/ceph-gateway.sh start DIR)\" starts one}"
  done_checking
fi
check "8 writers in 4 processes lose and double nothing, readers never fail, the history is linear" bash "$root/tests/soak/eight-writers.sh" "${OLIST_SOAK_SECONDS:-10}" && sed 's/^/note - /' "$work/check.log" | tail -n 1
done_checking
