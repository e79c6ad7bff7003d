#!/usr/bin/env bash
# A day of traffic in simulated time: nine tables committed to every 5 s, light upkeep every 30 s, a batch run every 20 minutes, full upkeep every hour, all beside each other.
# Prints peaks of files, deletes and snapshots per table, how often bytes were written anew, and scan times against the same rows loaded at once; checks the rows against the oracle.
#
#   bash tests/soak/day-of-traffic.sh [HOURS] [ORDERS]    24 hours and 50,000 orders by default: about half an hour on two cores
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
project="$root/tests/Olist.Pipeline.Tests/Olist.Pipeline.Tests.csproj"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
[ -n "${OLIST_SOAK_NO_BUILD:-}" ] || dotnet build "$project" -c Release -v q -nologo || exit 1
assembly="$(dotnet msbuild "$project" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
export OLIST_DAY_HOURS="${1:-24}" OLIST_DAY_ORDERS="${2:-50000}" OLIST_DAY_MEASURE=1 OLIST_DAY_LAKE="$work/lake"
dotnet exec "$assembly" -class '*DayOfTrafficTests' -showLiveOutput
