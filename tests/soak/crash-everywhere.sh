#!/usr/bin/env bash
# The whole app, killed with SIGKILL at every durable step that an undisturbed run meets (three to a lake) and at 200 moments (four to a lake), and with the answer of every commit lost;
# after each lake's last start its tables are the oracle's and its entities those of the undisturbed run. A failure prints the command that repeats its lake.
#
#   bash tests/soak/crash-everywhere.sh [SEED]    OLIST_CRASH_MOMENTS=200, OLIST_CRASH_STEPS= a part of the names of steps; about an hour on two cores
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
project="$root/tests/Olist.Functions.Tests/Olist.Functions.Tests.csproj"
[ -n "${OLIST_SOAK_NO_BUILD:-}" ] || dotnet build "$project" -c Release -v q -nologo || exit 1
assembly="$(dotnet msbuild "$project" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
export OLIST_CRASH_SEED="${1:-$((RANDOM))}"
started=$SECONDS
dotnet exec "$assembly" -method '*.Killed_everywhere_it_ends_as_if_undisturbed' -explicit only -showLiveOutput
code=$?
echo "seed $OLIST_CRASH_SEED, $((SECONDS - started)) s, exit code $code"
exit $code
