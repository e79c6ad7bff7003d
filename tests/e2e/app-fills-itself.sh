#!/usr/bin/env bash
# The app on an empty lake: it replays its sample into itself, the figures fill while one watches, and it is killed and started again on the way.
# In the end its tables are those that the oracle computes of the sample.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/app.sh"
has_sales() { get /api/sales/categories && [ "$(json "$work/answer.json" d.items.length)" -gt 0 ]; }

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
