#!/usr/bin/env bash
# A day of traffic in the whole app, host and all, by a simulated clock: orders come every few seconds into the nine topics, and every timer fires as often as in a day
# (late orders each second, stream tables and light upkeep twice a minute, a batch run every 20 minutes, full upkeep every hour), all beside each other.
# Each hour it prints memory, the state folder by parts, and files and snapshots of every table; at the end scan times beside the same rows loaded at once, right before full upkeep and after it.
# Fails when something outgrows its bound, when files lie about that nothing refers to, or when a table is not the oracle's. What is bounded, and how: tests/README.md.
#
#   bash tests/soak/day-of-traffic.sh [HOURS] [ORDERS]    24 hours and 50,000 orders by default: some 20 minutes of processor time
#
#   OLIST_DAY_PAUSE=5     seconds between two arrivals     OLIST_DAY_TURNS=21     measurements of each scan, 0 for none     OLIST_DAY_FOLDER=     where to work: memory (/dev/shm) when there is
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
project="$root/tests/Olist.Functions.Tests/Olist.Functions.Tests.csproj"
work="$(mktemp -d -p "${OLIST_DAY_FOLDER:-$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")}")" || exit 1
trap 'rm -rf "$work"' EXIT
[ -n "${OLIST_SOAK_NO_BUILD:-}" ] || dotnet build "$project" -c Release -v q -nologo || exit 1
assembly="$(dotnet msbuild "$project" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
export OLIST_DAY_HOURS="${1:-24}" OLIST_DAY_ORDERS="${2:-50000}" OLIST_DAY_PAUSE="${OLIST_DAY_PAUSE:-5}" OLIST_DAY_TURNS="${OLIST_DAY_TURNS:-21}" OLIST_DAY_FOLDER="$work"
dotnet exec "$assembly" -class '*DayOfTrafficTests' -showLiveOutput
