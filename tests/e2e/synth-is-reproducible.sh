#!/usr/bin/env bash
# The same seed makes the same bytes, another seed does not, and the oracle finds nothing to set aside.
source "$(dirname "$0")/lib.sh"
dataset="$(synthetic 3000 7)" || not_ok "olist synth makes a dataset"
olist synth --orders 3000 --seed 7 --out "$work/again" > "$work/again.log" 2>&1 || not_ok "olist synth runs a second time"
olist synth --orders 3000 --seed 8 --out "$work/other" > "$work/other.log" 2>&1 || not_ok "olist synth runs with another seed"
check "the same seed makes the same files" diff -rq "$dataset" "$work/again"
check "another seed makes other files" bash -c '! diff -rq "$1" "$2" > /dev/null' - "$dataset" "$work/other"
orders="$(($(wc -l < "$dataset/olist_orders_dataset.csv") - 1))"
check "there are as many orders as asked for" test "$orders" -eq 3000
check "no row breaks a rule" test "$(cat "$(oracle "$dataset")/set-aside.json")" = "[]"
done_checking
