#!/usr/bin/env bash
# bash tests/bench/durable.sh: the embedded host by itself, flushed to disk: operations a second on one entity and on many (from the signal until the state is durable, with processor time),
# and orchestrations of five activities a second, with 32 and 1,000 at once.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export DOTNET_NOLOGO=1
dotnet build "$root/tests/Olist.FunctionsHost.Tests" -c Release -v q -nologo
run() { dotnet exec "$root/artifacts/bin/Olist.FunctionsHost.Tests/release/Olist.FunctionsHost.Tests.dll" -method "$1" -explicit only -showLiveOutput | grep -E "operations/s|orchestrations/s|alone|FAIL|Exception"; }
run '*.EntityThroughput.Operations_per_second'
run '*.Five_activity_orchestrations_per_second'
