#!/usr/bin/env bash
# The running app as an Iceberg REST catalog: an independent client lists, loads, makes, commits and drops; then the pipeline's tables are still whole.
source "$(dirname "$0")/lib.sh"
if [ -z "${OLIST_APP:-}" ]; then
  dotnet build "$root/functions/Olist.Functions" -c Release -v q -nologo || exit 1
  OLIST_APP="$(dotnet msbuild "$root/functions/Olist.Functions/Olist.Functions.csproj" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
fi
lake="$work/lake"
port=$((20000 + RANDOM % 20000))
url="http://127.0.0.1:$port"
app=""
trap '[ -n "$app" ] && kill -9 "$app" 2> /dev/null' EXIT

dataset="$(synthetic 300 7)" || exit 1
check "a small lake is filled" olist backfill --dataset "$dataset" --lake "$lake" || done_checking

(cd "$work" && exec env ASPNETCORE_URLS="$url" Olist__Lake="$lake" Olist__Dataset=none Olist__Batch__Schedule="0 0 0 1 1 *" dotnet exec "$OLIST_APP") >> "$work/app.log" 2>&1 &
app=$!
answers() {
  local end=$((SECONDS + 30))
  until node "$root/tests/e2e/http.mjs" GET "$url/api/catalog/v1/config" > /dev/null; do
    [ $SECONDS -lt "$end" ] && kill -0 "$app" 2> /dev/null || { tail -n 20 "$work/app.log"; return 1; }
    sleep 0.2
  done
}
check "the catalog answers" answers || done_checking

node "$readers/rest/catalog.mjs" "$url/api/catalog" "$(json "$lake.state/host/keys.json" d.host.default)" || failures=$((failures + 1))

check "outside readers still read every table, and the rows are the oracle's" outside_readers_agree "$lake" "$dataset"
kill -TERM "$app"; wait "$app"; app=""
done_checking
