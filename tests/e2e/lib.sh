# Shared by the end-to-end checks; sourced, never run. Each check prints "ok - name", "not ok - name" or "skip - name: why".
# Given by infra/test.sh, or found here so that one script can be run alone:
#   OLIST_CLI       the built assembly of functions/Olist.Cli
#   OLIST_E2E_WORK  a folder that is removed afterwards; datasets and oracles are made in it once and shared
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readers="$root/tests/readers"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if [ -z "${OLIST_E2E_WORK:-}" ]; then
  OLIST_E2E_WORK="$(mktemp -d)"
  trap 'rm -rf "$OLIST_E2E_WORK"' EXIT
fi
if [ -z "${OLIST_CLI:-}" ]; then
  dotnet build "$root/functions/Olist.Cli" -c Release -v q -nologo || exit 1
  OLIST_CLI="$(dotnet msbuild "$root/functions/Olist.Cli/Olist.Cli.csproj" -nologo -getProperty:TargetPath -p:Configuration=Release)" || exit 1
fi
work="$OLIST_E2E_WORK/$(basename "$0" .sh)"
mkdir -p "$work"
sample="${OLIST_SAMPLE_DATASET:-$root/../shared/olist}"
failures=0

olist() { dotnet exec "$OLIST_CLI" "$@"; }

ok() { echo "ok - $1"; }
not_ok() {
  echo "not ok - $1"
  failures=$((failures + 1))
}
skip() { echo "skip - $1: $2"; }

# check NAME COMMAND...: ok when the command succeeds; otherwise its last words are shown.
check() {
  local name="$1" log="$work/check.log"
  shift
  if "$@" > "$log" 2>&1; then ok "$name"; else
    sed 's/^/    /' "$log" | tail -n 60
    not_ok "$name"
    return 1
  fi
}

# done_checking: the exit code of the script
done_checking() { exit $((failures > 0)); }

has_sample() { [ -f "$sample/olist_orders_dataset.csv" ]; }

# synthetic ORDERS SEED: prints the folder of that dataset, made once
synthetic() {
  local to="$OLIST_E2E_WORK/synthetic-$1-$2"
  if [ ! -d "$to" ]; then
    rm -rf "$to.part"
    olist synth --orders "$1" --seed "$2" --out "$to.part" >&2 && mv "$to.part" "$to" || return 1
  fi
  echo "$to"
}

# oracle DATASET: prints the folder with every table as DuckDB computes it, made once
oracle() {
  local to="$OLIST_E2E_WORK/oracle-$(echo "$1" | cksum | cut -d' ' -f1)"
  if [ ! -f "$to/counts.json" ]; then node "$readers/oracle.mjs" "$1" "$to" > "$to.log" 2>&1 || { cat "$to.log" >&2; return 1; }; fi
  echo "$to"
}

bronze="order_status payment order_item product seller customer geolocation estimated_delivery_date review"
silver="order_event customer_order product_metadata olist_user geo_coord review_metadata review_clean_comment"
gold="fact_order_lead_days fact_order_detail dim_user_location fact_review_answer_lead_days fact_monthly_sales_by_product"

# export_tables LAKE OUT: every bronze, silver and gold table through `olist export`
export_tables() {
  local layer table
  mkdir -p "$2"
  for layer in bronze silver gold; do
    for table in ${!layer}; do
      olist export --lake "$1" --table "$layer.$table" --out "$2/$layer.$table.parquet" > "$work/export.log" 2>&1 || { cat "$work/export.log"; echo "olist export of $layer.$table failed"; return 1; }
    done
  done
}

# equals_oracle LAKE DATASET: every table as exported holds the rows that the oracle computes
equals_oracle() {
  local out="$work/exported"
  rm -rf "$out"
  export_tables "$1" "$out" && node "$readers/compare.mjs" "$(oracle "$2")" "$out"
}

# outside_readers_agree LAKE DATASET: icebird, DuckDB and avsc read the tables, and what DuckDB sees in the live files is what the oracle computes
outside_readers_agree() {
  local out="$work/seen"
  rm -rf "$out"
  node "$readers/verify-lake.mjs" "$1" --export "$out" && node "$readers/compare.mjs" "$(oracle "$2")" "$out"
}

# json FILE EXPRESSION: evaluates a JavaScript expression over the document `d`
json() { node -e 'const d = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); const v = eval(process.argv[2]); console.log(typeof v === "object" ? JSON.stringify(v) : v)' "$1" "$2"; }
