#!/usr/bin/env bash
# A table with lists, maps and structs that other engines wrote: exported as JSON lines and CSV, refused as Parquet by the name of the column.
source "$(dirname "$0")/lib.sh"
lake="$work/lake"
mkdir -p "$lake"
echo '{"format":"olist-lake","version":1}' > "$lake/olist-lake.json"
node "$readers/handmade/nested.mjs" "$lake" > /dev/null || { not_ok "DuckDB and avsc make the table"; done_checking; }

cat > "$work/expected.jsonl" <<'ROWS'
{"id":1,"tags":["a",null,""],"counts":{"x":1,"y":null},"customer":{"name":"Ana","address":{"city":"São Paulo","zips":[1,2,null]},"since":null},"lines":[{"sku":"s1","price":"10.50","discounts":[{"key":1,"value":0.5}]},null]}
{"id":3,"tags":null,"counts":null,"customer":null,"lines":null}
{"id":4,"tags":["b"],"counts":{"z":9},"customer":{"name":"Bea","address":null,"since":"2018-05-01"},"lines":[{"sku":null,"price":null,"discounts":null},{"sku":"s2","price":"-0.01","discounts":[]}]}
{"id":5,"tags":[null],"counts":{},"customer":{"name":"Cid","address":{"city":null,"zips":[]},"since":null},"lines":[null]}
ROWS
export_sorted() { olist export --lake "$lake" --table shop.nested --out "$work/out.jsonl" && sort "$work/out.jsonl" > "$work/sorted.jsonl"; }
check "nested rows are exported as JSON lines" export_sorted
check "they are the rows that were written, nulls and empty lists told apart" diff "$work/expected.jsonl" "$work/sorted.jsonl"

check "nested rows are exported as CSV" olist export --lake "$lake" --table shop.nested --out "$work/out.csv"
check "a struct in CSV is JSON" grep -qF '4,"[""b""]","{""z"":9}","{""name"":""Bea"",""address"":null,""since"":""2018-05-01""}"' "$work/out.csv"

refused_as_parquet() {
  ! olist export --lake "$lake" --table shop.nested --out "$work/out.parquet" > "$work/refused.log" 2>&1 && grep -qF 'column tags of shop.nested is list<string>' "$work/refused.log" && [ ! -e "$work/out.parquet" ]
}
check "nested rows are refused as Parquet, by the column's name, and no file is left" refused_as_parquet
done_checking
