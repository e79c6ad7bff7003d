#!/usr/bin/env bash
# The app on an empty lake: it replays its sample into itself, the figures fill while one watches, and it is killed and started again on the way.
# In the end its tables are those that the oracle computes of the sample, and its lineage goes down to the messages.
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

# What the batch layer was made of are all messages that the log has: in offsets of topics, below a gold table and in the events of the run that made it.
lineage() {
  get '/api/lineage?table=gold.fact_order_detail' || return 1
  local table="$work/lineage.json" topic rows messages run; cp "$work/answer.json" "$table"
  for topic in order_item payment product; do
    get '/api/lake/tables?limit=1000' || return 1
    rows="$(json "$work/answer.json" "d.items.find(t => t.table === 'bronze.$topic').rows")"
    messages="$(json "$table" "d.edges.filter(e => e.from === 'topic:$topic').flatMap(e => e.partitions).reduce((n, p) => n + p.to - p.from, 0)")"
    [ "$messages" -gt 0 ] && [ "$messages" -eq "$rows" ] || { echo "$topic: $messages messages below gold.fact_order_detail, $rows rows in bronze"; return 1; }
  done
  run="$(json "$table" "d.nodes.find(n => n.table === 'gold.fact_order_detail' && n.type === 'table').runId")"
  get "/api/runs/$run" || return 1
  [ "$(json "$work/answer.json" "d.status + ' ' + d.steps.some(s => s.job === 'batch.gold.fact_order_detail' && s.took.rowsWritten > 0) + ' ' + d.events.every(e => e.run.runId && e.eventTime && e.producer && e.schemaURL)")" = "COMPLETE true true" ] || { head -c 2000 "$work/answer.json"; return 1; }
  get /api/lineage && [ "$(json "$work/answer.json" "d.nodes.filter(n => n.type === 'topic').length >= 9 && d.edges.every(e => [e.from, e.to].every(id => d.nodes.some(n => n.id === id)))")" = true ]
}
check "a gold table leads down to the offsets of all messages, and to the run that made it" lineage
lineage_refusals() {
  local at
  for at in '400 lineage?table=gold' '400 lineage?table=gold.fact_order_detail&snapshot=x' '400 lineage?snapshot=1' '404 lineage?table=gold.no_such_table' '404 lineage?table=gold.fact_order_detail&snapshot=1' '400 runs/x' '404 runs/00000000-0000-0000-0000-000000000000'; do
    case "$(status_of "/api/${at#* }")" in "${at%% *} application/problem+json"*) ;; *) echo "$at: $(status_of "/api/${at#* }")"; return 1 ;; esac
  done
}
check "lineage of what is not there is refused in words" lineage_refusals

in_use() { olist backfill --dataset "$lake.state/sample" --lake "$lake" > "$work/second.log" 2>&1; [ $? -eq 1 ] && grep -q "$lake.state" "$work/second.log"; }
check "a second process on the same state folder is refused and told which" in_use

kill -TERM "$app"; wait "$app"; code=$?
check "SIGTERM ends it with exit code 0" test "$code" -eq 0
app=""
done_checking
