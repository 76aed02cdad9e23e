# Shared by all runs: install what is missing, start and stop a server of one's own. Source it; it needs $OPENSLOT and $CACHE.

# Debian packages, only those that are missing.
need_apt() {
  local missing=""
  for package in "$@"; do dpkg -s "$package" > /dev/null 2>&1 || missing="$missing $package"; done
  [ -z "$missing" ] && return 0
  { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >&2
}

# Python packages in a folder of their own; sets $PYTHON.
need_python() {
  need_apt python3 python3-venv
  [ -x "$CACHE/venv/bin/python" ] || /usr/bin/python3 -m venv "$CACHE/venv" >&2
  PYTHON="$CACHE/venv/bin/python"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check "$@" >&2
}

# The packages of interop/NAME/package-lock.json in a folder of their own; sets $MODULES. Node looks for modules beside a program's own files:
# copy them there.
need_npm() {
  command -v npm > /dev/null || need_apt nodejs npm
  MODULES="$CACHE/$1"
  mkdir -p "$MODULES"
  cmp -s "$INTEROP/$1/package-lock.json" "$MODULES/installed" && return 0
  cp "$INTEROP/$1/package.json" "$INTEROP/$1/package-lock.json" "$MODULES/" &&
    (cd "$MODULES" && npm ci --ignore-scripts --no-audit --no-fund) >&2 && cp "$INTEROP/$1/package-lock.json" "$MODULES/installed"
}

# Starts a demo on a free port with a fresh folder, or what "$@" says after `openslot`; sets $URL, $DATA, $SERVER.
start_server() {
  DATA="${DATA:-$(mktemp -d "${TMPDIR:-/tmp}/openslot-interop.XXXXXX")}"
  local out="$DATA.out"; : > "$out"
  if [ $# -eq 0 ]; then set -- demo --listen 127.0.0.1:0 --data "$DATA"; fi
  "$OPENSLOT" "$@" > "$out" 2> "$DATA.log" &
  SERVER=$!
  for _ in $(seq 200); do
    URL=$(grep -oE 'http://[0-9.]+:[0-9]+' "$out" | head -n 1)
    [ -n "$URL" ] && curl -sf -o /dev/null "$URL/health" && return 0
    kill -0 "$SERVER" 2> /dev/null || break
    sleep 0.1
  done
  echo "the server did not start" >&2; cat "$out" "$DATA.log" >&2; return 1
}

stop_server() { [ -n "${SERVER:-}" ] && kill "$SERVER" 2> /dev/null && wait "$SERVER" 2> /dev/null; SERVER=""; return 0; }

# Removes what a run left behind.
clean_up() { stop_server; [ -n "${DATA:-}" ] && rm -rf "$DATA" "$DATA.out" "$DATA.log"; return 0; }

# check WHAT COMMAND…: one line of result.
check() { local what=$1; shift; if "$@" > /dev/null 2>&1; then echo "ok $what"; else echo "not ok $what"; fi; }

# compare LOG EXPECTED: whether exactly the expected checks passed and failed.
compare() {
  local want got
  [ -f "$2" ] || { echo "there is no $2"; return 1; }
  want=$(sed -E 's/[[:space:]]+$//; /^$/d; /^#/d; s/^(.*[^ ]) +# fails:.*$/not ok \1/; t; s/^/ok /' "$2" | sort)
  got=$(grep -E '^(not )?ok ' "$1" | sed -E 's/[[:space:]]+$//' | sort)
  [ -n "$got" ] && [ "$want" = "$got" ] && return 0
  diff <(echo "$want") <(echo "$got") | sed -E 's/^</expected:/; s/^>/got:     /' | grep -E '^(expected|got)'
  return 1
}
