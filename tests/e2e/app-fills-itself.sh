#!/usr/bin/env bash
# The app on an empty lake: it replays its sample into itself, the figures fill while one watches, and it is killed and started again on the way.
# In the end its tables are those that the oracle computes of the sample.
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

start() {
  (cd "$work" && exec env ASPNETCORE_URLS="$url" Olist__Lake="$lake" dotnet exec "$OLIST_APP") >> "$work/app.log" 2>&1 &
  app=$!
}

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] && kill -0 "$app" 2> /dev/null || { tail -n 20 "$work/app.log"; return 1; }
    sleep 0.2
  done
}

request() { node "$root/tests/e2e/http.mjs" "$@"; }
get() { request GET "$url$1" "$work/answer.json"; }
has_sales() { get /api/sales/categories && [ "$(json "$work/answer.json" d.items.length)" -gt 0 ]; }
is_settled() { get /api/health && [ "$(json "$work/answer.json" d.status)" = ok ]; }
status_of() { request GET "$url$1"; }

start
check "first figures within 30 s of the start" until_true 30 has_sales
kill -9 "$app"; wait "$app" 2> /dev/null
start
check "killed and started again, all figures within 2 minutes" until_true 120 is_settled
check "its tables are those of the oracle" equals_oracle "$lake" "$lake.state/sample"

answers() {
  get '/api/delivery/late?limit=5' && [ "$(json "$work/answer.json" 'd.items.length')" -eq 5 ] || return 1
  local order; order="$(json "$work/answer.json" 'd.items[0].orderId')"
  get "/api/orders/$order" && [ "$(json "$work/answer.json" 'd.orderId === process.argv[3] || d.timeline.length > 0')" = true ] || return 1
  get '/api/sales/products?limit=3' && get '/api/sales/monthly?by=group' && get '/api/lake/tables' && get '/api/runs'
}
check "the endpoints answer" answers
refusals() {
  case "$(status_of /api/orders/no-such-order)" in "404 application/problem+json"*) ;; *) status_of /api/orders/no-such-order; return 1 ;; esac
  case "$(status_of '/api/sales/products?limit=0')" in "400 application/problem+json"*) ;; *) status_of '/api/sales/products?limit=0'; return 1 ;; esac
  case "$(request POST "$url/api/runs")" in "401 application/problem+json"*) ;; *) request POST "$url/api/runs"; return 1 ;; esac
}
check "unknown orders, wrong parameters and missing keys are refused in words" refusals

in_use() { olist backfill --dataset "$lake.state/sample" --lake "$lake" > "$work/second.log" 2>&1; [ $? -eq 1 ] && grep -q "$lake.state" "$work/second.log"; }
check "a second process on the same state folder is refused and told which" in_use

kill -TERM "$app"; wait "$app"; code=$?
check "SIGTERM ends it with exit code 0" test "$code" -eq 0
app=""
done_checking
