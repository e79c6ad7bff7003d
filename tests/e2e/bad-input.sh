#!/usr/bin/env bash
# What is wrong as a whole is refused in words, with a non-zero exit code, before anything is written.
source "$(dirname "$0")/lib.sh"
dataset="$(synthetic 200 3)" || { not_ok "olist synth makes a dataset"; done_checking; }

# refused NAME "WORD WORD" COMMAND...: fails, without a stack trace, and says every one of the words
refused() {
  local name="$1" words="$2" log="$work/refused.log" word
  shift 2
  # timeout runs programs, not functions of this shell
  [ "$1" = olist ] && set -- dotnet exec "$OLIST_CLI" "${@:2}"
  timeout 120 "$@" > "$log" 2>&1 < /dev/null
  local code=$?
  if [ "$code" -eq 0 ] || [ "$code" -ge 124 ]; then sed 's/^/    /' "$log"; not_ok "$name (exit code $code)"; return 1; fi
  if grep -q '^ *at [A-Za-z_.]*(' "$log"; then sed 's/^/    /' "$log" | head -n 20; not_ok "$name (shows a stack trace)"; return 1; fi
  for word in $words; do
    if ! grep -qiF -- "$word" "$log"; then sed 's/^/    /' "$log" | head -n 20; not_ok "$name (does not say '$word')"; return 1; fi
  done
  ok "$name"
}

nothing_at() { [ ! -e "$1" ] || [ -z "$(find "$1" -type f | head -n 1)" ]; }

# bad_file NAME FILE "WORDS" COMMAND: the dataset with one file changed by the command (which gets the file as $1)
bad_file() {
  local copy="$work/bad" lake="$work/lake"
  rm -rf "$copy" "$lake" "$lake.state" && cp -r "$dataset" "$copy"
  bash -c "$4" - "$copy/$2"
  refused "$1" "$2 $3" dotnet exec "$OLIST_CLI" backfill --dataset "$copy" --lake "$lake" || return
  check "$1: nothing was written" nothing_at "$lake"
}

for file in olist_customers_dataset.csv olist_geolocation_dataset.csv olist_order_items_dataset.csv olist_order_payments_dataset.csv olist_order_reviews_dataset.csv \
  olist_orders_dataset.csv olist_products_dataset.csv olist_sellers_dataset.csv product_category_name_translation.csv; do
  bad_file "a missing $file" "$file" "" 'rm "$1"'
done
bad_file "a missing column" olist_orders_dataset.csv order_approved_at 'cut -d, -f1-4,6- "$1" > "$1.new" && mv "$1.new" "$1"'
bad_file "a renamed column" olist_products_dataset.csv product_weight_g 'sed -i "1s/product_weight_g/weight/" "$1"'
bad_file "columns in another order" olist_sellers_dataset.csv seller_id 'sed -i "1s/.*/seller_zip_code_prefix,seller_id,seller_city,seller_state/" "$1"'
bad_file "a file without a header" olist_customers_dataset.csv customer_id 'sed -i 1d "$1"'
bad_file "an empty file" olist_order_items_dataset.csv "" ': > "$1"'
bad_file "another file's header" olist_order_payments_dataset.csv payment_sequential 'cp "$(dirname "$1")/olist_order_items_dataset.csv" "$1"'
bad_file "a folder in place of a file" olist_orders_dataset.csv "" 'rm "$1" && mkdir "$1"'

refused "a dataset folder that is not there" "$work/nowhere" olist backfill --dataset "$work/nowhere" --lake "$work/lake-a"
refused "a dataset that is a file" "$work/a-file" bash -c 'echo x > "$2/a-file"; dotnet exec "$1" backfill --dataset "$2/a-file" --lake "$2/lake-b"' - "$OLIST_CLI" "$work"
refused "a command that does not exist" "bakcfill" olist bakcfill
refused "an option that does not exist" "--datset" olist backfill --datset "$dataset" --lake "$work/lake-c"
refused "an option that is missing" "--dataset" olist backfill --lake "$work/lake-d"

mkdir -p "$work/no-lake/photos" && echo holiday > "$work/no-lake/photos/beach.jpg"
refused "a backfill into a folder that is no lake" "$work/no-lake" olist backfill --dataset "$dataset" --lake "$work/no-lake"
refused "a batch over a folder that is no lake" "$work/no-lake" olist batch --lake "$work/no-lake"
refused "an export from a folder that is no lake" "$work/no-lake" olist export --lake "$work/no-lake" --table gold.fact_order_detail --out "$work/x.parquet"
check "the folder that is no lake is as it was" test "$(find "$work/no-lake" -type f)" = "$work/no-lake/photos/beach.jpg"

good="$work/good"
check "a good lake" olist backfill --dataset "$dataset" --lake "$good" || done_checking
refused "a table that does not exist" "gold.fact_of_life" olist export --lake "$good" --table gold.fact_of_life --out "$work/x.parquet"
refused "a format that nobody writes" "x.xlsx" olist export --lake "$good" --table gold.fact_order_detail --out "$work/x.xlsx"
refused "a snapshot that does not exist" "12345" olist export --lake "$good" --table gold.fact_order_detail --out "$work/x.parquet" --snapshot 12345
check "a refused export leaves no file" test ! -e "$work/x.parquet"

# A state folder belongs to one process at a time. Real-time replay holds it until it is ended.
held="$work/held"
dotnet exec "$OLIST_CLI" replay --dataset "$dataset" --broker local --speed realtime --state "$held" > "$work/holder.log" 2>&1 &
holder=$!
for _ in $(seq 100); do [ -n "$(find "$held" -type f 2> /dev/null | head -n 1)" ] && break; sleep 0.1; done
refused "a state folder that another process is using" "$held" olist batch --lake "$work/lake-e" --state "$held"
refused "a second replay into the same state folder" "$held" olist replay --dataset "$dataset" --broker local --speed max --state "$held"
kill -9 "$holder" 2> /dev/null
wait "$holder" 2> /dev/null
check "the state folder is free again when its process is gone" olist batch --lake "$work/lake-e" --state "$held"

# spoil FILE: changes bytes in its middle
spoil() { printf 'spoilt!!' | dd of="$1" bs=1 seek=$(($(stat -c %s "$1") / 2)) conv=notrunc status=none; }
biggest() { find "$1" -type f ${2:+-name "$2"} -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-; }

file="$(biggest "$good/gold/fact_order_lead_days" '*.parquet')"
check "a data file to spoil" test -f "$file" && spoil "$file"
refused "a corrupt data file" "$(basename "$file")" olist export --lake "$good" --table gold.fact_order_lead_days --out "$work/y.parquet"
rm -f "$file"
refused "a missing data file" "$(basename "$file")" olist export --lake "$good" --table gold.fact_order_lead_days --out "$work/y.parquet"

check "messages in a log" olist replay --dataset "$dataset" --broker local --speed max --state "$work/log"
file="$(biggest "$work/log")"
spoil "$file"
refused "a corrupt log segment" "$(basename "$file")" olist batch --lake "$work/lake-f" --state "$work/log"
done_checking
