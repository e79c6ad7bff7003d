#!/usr/bin/env bash
# The test command. Builds once, runs every test there is, and ends with one line: "N passed, N failed[, N skipped]".
#
#   bash infra/test.sh            everything
#   bash infra/test.sh unit       the .NET test projects of the solution
#   bash infra/test.sh readers    the tests of the outside readers and oracles (Node)
#   bash infra/test.sh e2e [name] the command line against the oracle (tests/e2e/*.sh)
#
# Needs the .NET SDK and Node with npm; restores everything else. S3 tests run against the server of OLIST_TEST_S3_ENDPOINT (keys olist / olistsecret),
# else against one that infra/ceph-gateway.sh starts where it may, else they are skipped and a line says why. Exit code 0 only when something ran and nothing failed.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
part="${1:-all}" only="${2:-}"
results="$root/artifacts/test-results"
rm -rf "$results" && mkdir -p "$results"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

passed=0 failed=0 skipped=0
started=$SECONDS

# suite NAME PASSED FAILED SKIPPED SECONDS
suite() {
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  printf '%-7s %-32s %5d passed %4d failed %4d skipped %5ds\n' "$([ "$3" -eq 0 ] && echo ok || echo FAILED)" "$1" "$2" "$3" "$4" "$5"
}

finish() {
  echo "took $((SECONDS - started))s"
  local line="$passed passed, $failed failed"
  [ "$skipped" -gt 0 ] && line="$line, $skipped skipped"
  echo "$line"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# What can't even start counts as one failed test, and its words are shown.
broken() {
  cat "$2"
  suite "$1" 0 1 0 "$3"
  finish
}

need() {
  command -v "$1" > /dev/null && return
  echo "$1 is not installed: $2" | tee "$results/needs.log" > /dev/null
  broken "set-up" "$results/needs.log" 0
}

wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }

case "$part" in all | unit | readers | e2e) ;; *)
  echo "unknown part '$part': all, unit, readers or e2e" >&2
  exit 2 ;;
esac

need dotnet "install the .NET 10 SDK (https://dotnet.microsoft.com/download)"
need node "install Node 20 or newer with npm"
need npm "install Node 20 or newer with npm"

# The sample that the ground truth is known of, where it exists.
if [ -z "${OLIST_SAMPLE_DATASET:-}" ] && [ -f "$root/../shared/olist/olist_orders_dataset.csv" ]; then
  export OLIST_SAMPLE_DATASET="$(cd "$root/../shared/olist" && pwd)"
fi

# The S3 server that the S3 tests want, unless one is given: it starts while the build runs.
gateway="" store="${TMPDIR:-/tmp}/olist-s3-$$"
at_the_end() {
  [ -n "$gateway" ] && kill -KILL "$gateway" 2> /dev/null
  bash infra/ceph-gateway.sh stop "$store"
  rm -rf "${OLIST_E2E_WORK:-}"
}
trap at_the_end EXIT
trap 'exit 130' INT TERM HUP
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}" ] && { wants unit || wants e2e; }; then
  bash infra/ceph-gateway.sh start "$store" > "$results/s3.env" 2> "$results/s3.log" &
  gateway=$!
fi

at=$SECONDS
(cd tests/readers && npm ci --no-audit --no-fund) > "$results/npm.log" 2>&1 &
npm=$!
if wants unit || wants e2e; then
  echo "building (Release)"
  dotnet build Olist.Functions.sln -c Release -v q -nologo -clp:NoSummary > "$results/build.log" 2>&1 || { wait "$npm"; broken build "$results/build.log" $((SECONDS - at)); }
fi
wait "$npm" || broken "npm ci" "$results/npm.log" $((SECONDS - at))
[ -n "$gateway" ] && wait "$gateway" && . "$results/s3.env"
gateway=""
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}" ] && { wants unit || wants e2e; }; then
  export OLIST_TEST_S3_SKIP="$(head -n 1 "$results/s3.log")"
  echo "S3 tests are skipped: ${OLIST_TEST_S3_SKIP:-infra/ceph-gateway.sh said nothing}"
fi
echo "set up in $((SECONDS - at))s"

# target PROJECT: the assembly that its Release build made
target() { dotnet msbuild "$1" -nologo -getProperty:TargetPath -p:Configuration=Release; }

# The tables that the lake's tests make, for the readers.
tables="$root/artifacts/lake-tables"

unit() {
  rm -rf "$tables"
  mkdir -p "$tables"
  local project name log trx at code counters total
  while read -r project; do
    name="$(basename "$project" .csproj)" log="$results/$name.log" trx="$results/$name.trx" at=$SECONDS
    OLIST_LAKE_TABLES="$tables" timeout --kill-after=10 900 dotnet exec "$(target "$project")" -trx "$trx" -noColor -noLogo > "$log" 2>&1 < /dev/null
    code=$?
    counters="$(grep -o '<Counters [^>]*' "$trx" 2> /dev/null)"
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$counters"; }
    total="$(count total)"
    if [ -z "$total" ]; then
      tail -n 50 "$log"
      [ "$code" -eq 124 ] && echo "$name: no end after 900 s"
      echo "$name: ended with exit code $code and without a report"
      suite "$name" 0 1 0 $((SECONDS - at))
      continue
    fi
    local bad=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted))) good="$(count passed)"
    # A crash after the report, or a failure outside of any test, must not pass for success.
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && [ "$total" -gt 0 ] && bad=1
    [ "$bad" -gt 0 ] && awk '/\[SKIP\]$/ { getline; next } !/^ *(Discover|Starting|Finished)/' "$log"
    [ "$total" -gt $((bad + good)) ] && grep -A1 '\[SKIP\]$' "$log" | grep -v '\[SKIP\]$\|^--$' | sort | uniq -c | sed 's/^ *\([0-9]*\) */        \1 skipped: /'
    suite "$name" "$good" "$bad" $((total > bad + good ? total - bad - good : 0)) $((SECONDS - at))
  done < <(dotnet sln Olist.Functions.sln list | tr -d '\r' | tr '\\' / | grep '\.Tests\.csproj$' | sort)
}

readers() {
  local log="$results/readers.log" at=$SECONDS
  wants unit && export OLIST_LAKE_TABLES="$tables" # else they read what an earlier run left, if any
  (cd tests/readers && timeout --kill-after=10 600 node --test --test-reporter=tap) > "$log" 2>&1 < /dev/null
  local code=$? count
  count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$log" | tail -n 1; }
  if [ -z "$(count pass)" ]; then
    tail -n 50 "$log"
    suite readers 0 1 0 $((SECONDS - at))
    return
  fi
  local bad=$(($(count fail) + $(count cancelled)))
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  [ "$bad" -gt 0 ] && grep -A 30 '^ *not ok' "$log"
  sed -n 's/^# note - /        /p' "$log"
  grep -o '# SKIP .*' "$log" | sort | uniq -c | sed 's/^ *\([0-9]*\) # SKIP */        \1 skipped: /'
  suite readers "$(count pass)" "$bad" $(($(count skipped) + $(count todo))) $((SECONDS - at))
}

e2e() {
  local script name log at code good bad aside
  export OLIST_E2E_WORK="$(mktemp -d)" OLIST_CLI
  OLIST_CLI="$(target functions/Olist.Cli/Olist.Cli.csproj 2> "$results/cli.log")" || broken "functions/Olist.Cli" "$results/cli.log" 0
  for script in tests/e2e/*.sh; do
    name="$(basename "$script" .sh)" log="$results/e2e-$name.log" at=$SECONDS
    [[ "$name" =~ ^(lib|app)$ ]] || { [ -n "$only" ] && [ "$name" != "$only" ]; } && continue
    timeout --kill-after=10 900 bash "$script" > "$log" 2>&1 < /dev/null
    code=$?
    good="$(grep -c '^ok - ' "$log")" bad="$(grep -c '^not ok - ' "$log")" aside="$(grep -c '^skip - ' "$log")"
    # A script that stops half-way has failed, whatever it said before.
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && { bad=1; echo "$script ended with exit code $code"; }
    [ $((good + bad + aside)) -eq 0 ] && { bad=1; echo "$script checked nothing"; }
    if [ "$bad" -gt 0 ]; then cat "$log"; else grep -E '^(skip|seed|note) - ' "$log"; fi
    suite "e2e $name" "$good" "$bad" "$aside" $((SECONDS - at))
  done
}

wants unit && unit
wants readers && readers
wants e2e && e2e
finish
