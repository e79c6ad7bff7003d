#!/usr/bin/env bash
# The speed layer of the running app: killed with SIGKILL on the way (OLIST_KILLS times, at moments that OLIST_SEED decides), it ends in the same
# orders, details and places as the batch layer; late orders are found; a restart builds the live view anew.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/app.sh"
kills="${OLIST_KILLS:-3}"
RANDOM="${OLIST_SEED:-7}"
export Olist__Clock=event Olist__Stream__Schedule='*/2 * * * * *'

start
for ((kill = 1; kill <= kills; kill++)); do
  sleep "0.$((2 + RANDOM % 8))"
  sleep $((RANDOM % 3))
  kill -9 "$app"; wait "$app" 2> /dev/null
  start
done
check "killed $kills times and started again, the batch layer has everything within 2 minutes" until_true 120 is_settled

stream_equals_gold() {
  local table out="$work/exported"
  rm -rf "$out" && mkdir -p "$out"
  for table in fact_order_lead_days fact_order_detail dim_user_location; do
    olist export --lake "$lake" --table "gold.$table" --out "$out/gold.$table.parquet" && olist export --lake "$lake" --table "stream.$table" --out "$out/stream.$table.parquet" || return 1
  done
  node "$readers/stream-equals-gold.mjs" "$out"
}
until_true 60 stream_equals_gold
check "the speed layer has the same orders, details and places as the batch layer" stream_equals_gold

# Where a stream table comes from: each of its topics, as far as this version has read it.
lineage() {
  local table
  for table in 'fact_order_lead_days delivery_status' 'fact_order_detail customer_order,product_metadata' 'dim_user_location geo_coord,olist_user'; do
    get "/api/lineage?table=stream.${table% *}" || return 1
    [ "$(json "$work/answer.json" "d.nodes.filter(n => n.type === 'topic').map(n => n.name).sort().join() + ' ' + d.edges.filter(e => e.from.startsWith('topic:')).every(e => e.partitions.some(p => p.to > p.from))")" = "${table#* } true" ] || { head -c 2000 "$work/answer.json"; return 1; }
  done
}
check "a stream table leads down to the offsets of its topics" lineage

late_are_late() {
  get '/api/delivery/late?limit=1000' && cp "$work/answer.json" "$work/late.json" && [ "$(json "$work/late.json" 'd.items.length > 0 && d.items.every(o => o.daysLate >= 0 && o.stage !== "delivered")')" = true ] &&
    [ "$(json "$work/late.json" 'd.asOf.stream.clock')" = event ]
}
check "late orders are served with how fresh they are" late_are_late
one_order() {
  local order; order="$(json "$work/late.json" 'd.items[0].orderId')"
  get "/api/delivery/status?orderId=$order" && [ "$(json "$work/answer.json" 'd.items.length === 1 && d.items[0].lateCustomer === true')" = true ] &&
    get "/api/orders/$order" && [ "$(json "$work/answer.json" 'd.stage !== "delivered" && d.leadDays.customerDeliveryDelayDays >= 0')" = true ]
}
check "a late order is late in every answer" one_order

kill -TERM "$app"; wait "$app"; check "SIGTERM ends it with exit code 0" test $? -eq 0
start
same_after_restart() { get '/api/delivery/late?limit=1000' && [ "$(json "$work/answer.json" 'JSON.stringify(d.items)')" = "$(json "$work/late.json" 'JSON.stringify(d.items)')" ]; }
check "a restart serves the same late orders" until_true 60 same_after_restart
done_checking
