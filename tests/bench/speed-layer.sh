#!/usr/bin/env bash
# bash tests/bench/speed-layer.sh [SECONDS]: the speed layer of the whole app in one process, on an empty lake:
# latency from the append to the log until the query API shows it (1,000 status changes a second, quiet, then with a batch run and upkeep in the middle),
# and how many status changes a second go from the log through entities and the durable log into the live view.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export OLIST_BENCH_SECONDS="${1:-60}" DOTNET_NOLOGO=1
dotnet build "$root/tests/Olist.Functions.Tests" -c Release -v q -nologo
dotnet exec "$root/artifacts/bin/Olist.Functions.Tests/release/Olist.Functions.Tests.dll" -class '*SpeedLayerMeasurements' -explicit only -showLiveOutput | grep -E "latency|throughput|FAIL|Exception"
