#!/usr/bin/env bash
# The whole pipeline with its lake on S3: the same tables as in a folder, killed or not, and one clear line when the server can't be used.
# Runs against OLIST_TEST_S3_ENDPOINT (keys olist / olistsecret), which infra/test.sh sets where infra/ceph-gateway.sh can start one.
source "$(dirname "$0")/lib.sh"
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}" ]; then
  skip "backfill on S3" "${OLIST_TEST_S3_SKIP:-OLIST_TEST_S3_ENDPOINT names no S3 server; eval \"\$(bash infra/ceph-gateway.sh start DIR)\" starts one}"
  done_checking
fi
export S3__Endpoint="$OLIST_TEST_S3_ENDPOINT" S3__AccessKey="${OLIST_TEST_S3_ACCESS_KEY:-olist}" S3__SecretKey="${OLIST_TEST_S3_SECRET_KEY:-olistsecret}" S3__PathStyle=true
bucket="s3://${OLIST_TEST_S3_BUCKET:-olist}"
run="$bucket/e2e-$(date +%s%N)"
lake="$run/lake"
dataset="$(synthetic 3000 7)" || { not_ok "olist synth makes a dataset"; done_checking; }

backfill() { olist backfill --dataset "$dataset" --lake "$1" --state "$2"; }
tables() { olist lake tables --lake "$lake"; }

# unchanged COMMAND...: no table has another snapshot, or another number of rows, after it
unchanged() {
  tables > "$work/before" && "$@" && tables > "$work/after" && diff "$work/before" "$work/after"
}

has_all_tables() {
  local table listed=0
  tables > "$work/tables" || return 1
  for table in $(printf 'bronze.%s ' $bronze) $(printf 'silver.%s ' $silver) $(printf 'gold.%s ' $gold); do
    grep -Fqw "$table" "$work/tables" || { echo "$table is not listed"; return 1; }
    listed=$((listed + 1))
  done
  echo "$listed tables"
}

# killed_and_run_again SEED: kill -9 at three moments, then the same command to its end
killed_and_run_again() {
  local i after process took lake="$run/killed" state="$work/killed.state"
  RANDOM=$1
  for i in 1 2 3; do
    after=$((400 + RANDOM % whole))
    dotnet exec "$OLIST_CLI" backfill --dataset "$dataset" --lake "$lake" --state "$state" > "$work/killed.log" 2>&1 &
    process=$!
    sleep "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))"
    if kill -9 "$process" 2> /dev/null; then echo "killed after $after ms"; else echo "had ended before $after ms"; fi
    wait "$process" 2> /dev/null
  done
  backfill "$lake" "$state" && equals_oracle "$lake" "$dataset"
}

# refused SECONDS WORDS COMMAND...: exit code 1 within so many seconds, and one line of complaint that has these words
refused() {
  local limit="$1" words="$2" code
  shift 2
  timeout -s KILL "$limit" "$@" > "$work/refused.out" 2> "$work/refused.err"
  code=$?
  cat "$work/refused.err"
  [ "$code" -eq 1 ] || { echo "exit code $code, expected 1 within $limit s"; return 1; }
  [ "$(grep -vc '^read ' "$work/refused.err")" -eq 1 ] || { echo "expected one line after what was read"; return 1; }
  grep -Fq -- "$words" "$work/refused.err" || { echo "expected the words: $words"; return 1; }
}
attempt() { env "$1" dotnet exec "$OLIST_CLI" backfill --dataset "$dataset" --lake "$2" --state "$work/refused.state"; }
export -f attempt
export OLIST_CLI dataset work

started=$(date +%s%3N)
check "a backfill with its lake on S3" backfill "$lake" "$work/state" || done_checking
whole=$(($(date +%s%3N) - started))
check "every table, exported from S3, equals the oracle's" equals_oracle "$lake" "$dataset"
check "olist lake tables lists them all" has_all_tables
check "a second batch commits nothing" unchanged olist batch --lake "$lake" --state "$work/state"
check "the same backfill again commits nothing" unchanged backfill "$lake" "$work/state"

seed="${OLIST_SEED:-$RANDOM}"
echo "seed - OLIST_SEED=$seed"
check "killed three times and run again, the tables are the oracle's" killed_and_run_again $((seed % 32768))

check "a wrong secret is named" refused 10 S3:SecretKey bash -c 'attempt S3__SecretKey=wrong "$1"' - "$lake"
check "an unknown access key is named" refused 10 S3:AccessKey bash -c 'attempt S3__AccessKey=nobody "$1"' - "$lake"
check "a bucket that is not there is named" refused 10 "no bucket 'no-such-bucket'" bash -c 'attempt S3__PathStyle=true s3://no-such-bucket/lake'
check "an endpoint that nobody listens at is named, in seconds" refused 15 "http://127.0.0.1:9" bash -c 'attempt S3__Endpoint=http://127.0.0.1:9 "$1"' - "$lake"
check "an endpoint whose name nobody knows is named, in seconds" refused 15 "http://nobody.invalid" bash -c 'attempt S3__Endpoint=http://nobody.invalid "$1"' - "$lake"
done_checking
