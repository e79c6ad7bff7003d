#!/usr/bin/env bash
# 8 writers in 4 processes append and merge into one table on S3 while it is read: no lost row, no doubled row, no failed reader, linear history.
#
#   bash tests/soak/eight-writers.sh [SECONDS]    a minute by default
#
# Uses the server of OLIST_TEST_S3_ENDPOINT, else one of its own (infra/ceph-gateway.sh). OLIST_LAKE_SOAK_ADDRESS gives another lake, such as an empty folder. Exit code 3: no S3 server.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
project="$root/tests/Olist.Lake.Tests/Olist.Lake.Tests.csproj"
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}${OLIST_LAKE_SOAK_ADDRESS:-}" ]; then
  gateway="$(mktemp -d)"
  trap 'bash "$root/infra/ceph-gateway.sh" stop "$gateway"' EXIT
  trap 'exit 130' INT TERM
  environment="$(bash "$root/infra/ceph-gateway.sh" start "$gateway")" || exit
  eval "$environment"
fi
[ -n "${OLIST_SOAK_NO_BUILD:-}" ] || dotnet build "$project" -c Release -v q -nologo || exit 1
assembly="$(dotnet msbuild "$project" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
export OLIST_LAKE_SOAK_SECONDS="${1:-60}" OLIST_LAKE_SOAK_ADDRESS="${OLIST_LAKE_SOAK_ADDRESS:-s3://${OLIST_TEST_S3_BUCKET:-olist}/eight-writers-$(date +%s%N)}"
timeout --kill-after=10 $((OLIST_LAKE_SOAK_SECONDS + 300)) dotnet exec "$assembly"
