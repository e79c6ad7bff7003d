#!/usr/bin/env bash
# An S3 server to test against: Ceph's gateway over one monitor, one manager and one OSD that keeps everything in memory, on 127.0.0.1.
#
#   bash infra/ceph-gateway.sh start DIR   prints the environment to use; eval "$(bash infra/ceph-gateway.sh start DIR)"
#   bash infra/ceph-gateway.sh stop DIR    ends what start started, however far it came, and removes DIR
#
# Installs Debian's packages where it may (root, apt-get; OLIST_NO_INSTALL=1 forbids it). Takes about 10 s once they are there, and 700 MB of memory.
# Exit code 0: a PUT worked; 3: it can't run here, one line on standard error says why; 1: it should have run and did not.
set -uo pipefail
packages=(radosgw ceph-mon ceph-osd ceph-mgr ceph-common)
marker="# made by infra/ceph-gateway.sh; 'stop' removes this folder"
bucket=olist key=olist secret=olistsecret

unable() { echo "no S3 gateway: $1" >&2; exit 3; }
failed() {
  echo "the S3 gateway did not start: $1" >&2
  tail -q -n 5 "$dir"/log/*.err 2> /dev/null >&2
  stop
  exit 1
}

# ours PID: whether it is a process of the cluster in this folder; numbers are used again
ours() { tr '\0' '\n' 2> /dev/null < "/proc/$1/cmdline" | grep -Fxq -- "$dir/ceph.conf"; }

# The pid files, and what was started in the moment before its file was written.
processes() {
  local pid
  { cat "$dir"/run/*.pid; grep -lFxz -- "$dir/ceph.conf" /proc/[0-9]*/cmdline | tr -cd '0-9\n'; } 2> /dev/null | sort -un | while read -r pid; do ours "$pid" && echo "$pid"; done
}

stop() {
  [ -e "$dir" ] || return 0
  [ -z "$(ls -A "$dir")" ] || grep -qsFx "$marker" "$dir/ceph.conf" || { echo "$dir holds something else; it stays as it is" >&2; return 1; }
  local pids tries
  # The data goes with the folder: nobody needs to say good-bye.
  for tries in $(seq 50); do
    pids="$(processes)"
    [ -z "$pids" ] && break
    kill -KILL $pids 2> /dev/null
    sleep 0.1
  done
  rm -rf "$dir"
}

install() {
  local missing=() tool
  for tool in radosgw radosgw-admin ceph-mon ceph-mgr ceph-osd ceph ceph-authtool monmaptool curl; do command -v "$tool" > /dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] && return
  [ -n "${OLIST_NO_INSTALL:-}" ] && unable "${missing[*]} not installed, and OLIST_NO_INSTALL forbids to install it"
  command -v apt-get > /dev/null || unable "${missing[*]} not installed, and no apt-get to install it with"
  [ "$(id -u)" -eq 0 ] || unable "${missing[*]} not installed, and only root may: apt-get install --no-install-recommends ${packages[*]} curl"
  export DEBIAN_FRONTEND=noninteractive
  local log="$dir/log/apt.err" apt=(timeout 300 apt-get -o DPkg::Lock::Timeout=120)
  dpkg --configure -a > "$log" 2>&1 # a killed installation blocks the next
  "${apt[@]}" update >> "$log" 2>&1
  "${apt[@]}" install -y --no-install-recommends "${packages[@]}" curl ca-certificates >> "$log" 2>&1 || unable "apt-get install ${packages[*]} failed: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
}

# free_port: one below the range that the system gives away by itself, at which nobody listens
free_port() {
  local port
  while port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000)); do (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }; done
}

configure() {
  local v2 v1
  v2="$(free_port)" v1="$(free_port)" port="$(free_port)"
  cat > "$dir/ceph.conf" << CONF
$marker
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_initial_members = a
mon_host = [v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]
public_network = 127.0.0.0/8
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
osd_objectstore = memstore
memstore_device_bytes = 4294967296
run_dir = $dir/run
admin_socket = $dir/run/\$name.asok
log_file = $dir/log/\$name.log
keyring = $dir/keyring
mon_data = $dir/mon
mgr_data = $dir/mgr
osd_data = $dir/osd
rgw_data = $dir/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
CONF
  monitor="[v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]"
}

# quietly STEP COMMAND...: its words are kept for a failure
quietly() {
  local step="$1"
  shift
  timeout 60 "$@" > "$dir/log/$step.out" 2> "$dir/log/$step.err"
}

# daemon NAME COMMAND...: in the background, in a session of its own, with its number in run/NAME.pid
daemon() {
  local name="$1"
  shift
  setsid "$@" -f -c "$dir/ceph.conf" < /dev/null > "$dir/log/$name.out" 2> "$dir/log/$name.err" &
  echo $! > "$dir/run/$name.pid"
  disown
}

bootstrap() {
  local keys="$dir/keyring" id
  id="$(cat /proc/sys/kernel/random/uuid)"
  quietly keys1 ceph-authtool --create-keyring "$keys" --gen-key -n mon. --cap mon 'allow *' &&
    quietly keys2 ceph-authtool "$keys" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' &&
    quietly keys3 ceph-authtool "$keys" --gen-key -n mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *' &&
    quietly keys4 ceph-authtool "$keys" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *' &&
    quietly keys5 ceph-authtool "$keys" --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx' || failed "no keys"
  quietly map monmaptool --create --fsid "$(sed -n 's/^fsid = //p' "$dir/ceph.conf")" --addv a "$monitor" "$dir/monmap" || failed "no map of monitors"
  quietly mkmon ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$keys" -c "$dir/ceph.conf" || failed "the monitor can't make its store"
  daemon mon ceph-mon -i a
  echo "{\"cephx_secret\":\"$(ceph-authtool "$keys" -n osd.0 -p)\"}" > "$dir/osd.json"
  quietly mkosd ceph -c "$dir/ceph.conf" --connect-timeout 30 osd new "$id" -i "$dir/osd.json" || failed "the monitor does not answer"
  quietly mkfs ceph-osd --mkfs -i 0 --osd-uuid "$id" -c "$dir/ceph.conf" || failed "the OSD can't make its store"
  daemon osd ceph-osd -i 0
  daemon mgr ceph-mgr -i x
  daemon rgw radosgw -n client.rgw.a
  quietly user radosgw-admin -c "$dir/ceph.conf" user create --uid=olist --display-name=olist --access-key="$key" --secret-key="$secret" || failed "no user"
}

# s3 PUT PATH: the answer's code
s3() { curl -s -o /dev/null -w '%{http_code}' -m 5 --aws-sigv4 aws:amz:us-east-1:s3 --user "$key:$secret" -X "$1" "http://127.0.0.1:$port/$2" -H "x-amz-content-sha256: $empty" -H "Content-Length: 0"; }
empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

start() {
  [ "$(uname -s)" = Linux ] || unable "it runs on Linux only"
  { [ ! -e "$dir" ] || [ -z "$(ls -A "$dir")" ] || grep -qsFx "$marker" "$dir/ceph.conf"; } || unable "$dir is not empty"
  stop # what an earlier, killed start left
  mkdir -p "$dir"/{mon,mgr,osd,rgw,run,log} || unable "$dir can't be made"
  trap 'failed interrupted' INT TERM
  echo "$marker" > "$dir/ceph.conf"
  install
  configure
  bootstrap
  local until=$((SECONDS + 60))
  while [ "$(s3 PUT "$bucket")" != 200 ] || [ "$(s3 PUT "$bucket/.started")" != 200 ]; do
    [ "$SECONDS" -lt "$until" ] || failed "no PUT worked within 60 s"
    kill -0 "$(cat "$dir/run/rgw.pid")" 2> /dev/null || failed "the gateway has ended"
    sleep 0.2
  done
  cat << ENV
export OLIST_TEST_S3_ENDPOINT=http://127.0.0.1:$port
export OLIST_TEST_S3_BUCKET=$bucket
export OLIST_TEST_S3_ACCESS_KEY=$key
export OLIST_TEST_S3_SECRET_KEY=$secret
ENV
}

case "${1:-} ${2:+DIR}" in "start DIR" | "stop DIR") ;; *)
  echo "usage: $0 start DIR | stop DIR" >&2
  exit 2 ;;
esac
dir="$(realpath -m -- "$2")"
"$1"
