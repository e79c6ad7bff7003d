# The app as end-to-end checks use it; sourced after lib.sh. Sets lake, url and app (its process), which is killed at the end.
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
is_settled() { get /api/health && [ "$(json "$work/answer.json" d.status)" = ok ]; }
status_of() { request GET "$url$1"; }
