#!/usr/bin/env bash
# Acceptance of "A first incident, end to end, with nothing set up": the built
# binary, an empty HOME, and no service but a Redis that the script starts.
set -euo pipefail
bin=${1:?usage: accept-2.sh path/to/tocsin}
work=$(mktemp -d)
pids=()
finish() {
  for p in "${pids[@]:-}"; do kill -9 "$p" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
say() { printf '   %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; [ -f "$work/log" ] && tail -n 40 "$work/log" >&2; exit 1; }
has() { grep -qF -- "$2" <<<"$1" || fail "expected «$2» in: $1"; }

clean() { env -i PATH="$PATH" HOME="$work/home" "$@"; }
port=$((20000 + RANDOM % 20000))
listen="127.0.0.1:$port"
mkdir -p "$work/home"

start() { # start [VAR=value …]
  env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "$@" "$bin" >"$work/out" 2>>"$work/log" &
  pid=$!
  pids+=("$pid")
  for _ in $(seq 200); do
    grep -q 'http://' "$work/out" && return 0
    kill -0 "$pid" 2>/dev/null || fail "it ended instead of starting"
    sleep 0.05
  done
  fail "it never said that it is ready"
}
tocsin() { clean TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" "$@"; }
extra=()

say "starts with nothing set and prints one URL"
start
[ "$(grep -c 'http://' "$work/out")" = 1 ] || fail "more than one URL: $(cat "$work/out")"

say "a command from the shell declares"
out=$(tocsin say --as responder --room general "/incident declare sev2 checkout is failing")
has "$out" "INC-1"

say "the same over the API; a repeat gives the same bytes"
token=$(find "$work/home" -name 'api-token' -exec cat {} \;)
[ -n "$token" ] || fail "no API token was kept"
mode=$(find "$work/home" -name 'api-token' -printf '%m')
[ "$mode" = 600 ] || fail "the token's file has mode $mode"
post() { # post OUT JSON
  curl -sS -o "$1" -D "$1.head" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "$2" "http://$listen/api/v1/commands"
}
body='{"user":"responder","room":"general","text":"declare sev3 search is slow","key":"accept-1"}'
post "$work/a" "$body"
post "$work/b" "$body"
cmp "$work/a" "$work/b" || fail "the repeat differs"
grep -qi '^tocsin-repeat: 1' "$work/b.head" || fail "the repeat is not marked"
grep -qi '^tocsin-repeat' "$work/a.head" && fail "the first answer is marked as a repeat"
has "$(cat "$work/a")" "INC-2"
has "$(tocsin incidents)" "search is slow"
post "$work/c" '{"user":"responder","room":"general","text":"declare sev3 search is down","key":"accept-1"}'
has "$(cat "$work/c")" '"kind":"'
grep -q '"kind":"ok"' "$work/c" && fail "a key was taken for another command"

say "three equal requests at once: one incident, three equal answers"
body='{"user":"responder","room":"general","text":"declare mail is late","key":"accept-2"}'
for n in 1 2 3; do post "$work/p$n" "$body" & waits[n]=$!; done
for n in 1 2 3; do wait "${waits[n]}"; done
cmp "$work/p1" "$work/p2" && cmp "$work/p2" "$work/p3" || fail "three answers differ"
[ "$(tocsin incidents --json | grep -c 'mail is late')" = 1 ] || fail "declared more than once"

say "kill -9, restart: everything is there"
post "$work/n" '{"user":"responder","room":"general","text":"note INC-1 the queue is full","key":"accept-3"}'
has "$(cat "$work/n")" '"kind":"ok"'
kill -9 "$pid"; wait "$pid" 2>/dev/null || true
start
has "$(tocsin timeline INC-1)" "the queue is full"
post "$work/b" '{"user":"responder","room":"general","text":"declare sev3 search is slow","key":"accept-1"}'
cmp "$work/a" "$work/b" || fail "after the restart the repeat differs"

say "backup, restore into Redis, and back: every timeline equal"
rport=$((port + 1))
redis-server --port "$rport" --bind 127.0.0.1 --dir "$work" --appendonly yes --save '' --maxmemory-policy noeviction >/dev/null &
pids+=("$!")
for _ in $(seq 100); do redis-cli -p "$rport" ping 2>/dev/null | grep -q PONG && break; sleep 0.05; done
tocsin export --all --as responder --format json >"$work/before.json"
tocsin backup "$work/dump"
kill -TERM "$pid"; wait "$pid" || fail "stopping gave exit code $?"
redis="redis://127.0.0.1:$rport/0"
clean TOCSIN_STORE="$redis" "$bin" restore "$work/dump"
clean TOCSIN_STORE="$redis" "$bin" export --all --as responder --format json >"$work/after.json"
cmp "$work/before.json" "$work/after.json" || fail "the restored timelines differ"
clean "$bin" copy --from "$redis" --to "sqlite:$work/copied.db"
clean TOCSIN_STORE="sqlite:$work/copied.db" "$bin" export --all --as responder --format json >"$work/copied.json"
cmp "$work/before.json" "$work/copied.json" || fail "the copied timelines differ"

say "the same bot on that Redis"
extra=(TOCSIN_STORE="$redis")
start TOCSIN_STORE="$redis"
has "$(tocsin timeline INC-1)" "the queue is full"
has "$(tocsin say --as responder --room general "/incident resolve INC-1 drained")" "INC-1"
kill -TERM "$pid"; wait "$pid" || fail "stopping gave exit code $?"
extra=()

say "doctor names what is wrong and how to mend it"
doctor() { clean "$@" "$bin" doctor 2>&1 || true; }
has "$(doctor TOCSIN_LISTN=1)" "TOCSIN_LISTN"
has "$(doctor TOCSIN_LISTN=1)" "TOCSIN_LISTEN"
has "$(doctor TOCSIN_ZONE=Mars/Base)" "TOCSIN_ZONE"
redis-cli -p "$rport" config set maxmemory-policy allkeys-lru >/dev/null
has "$(doctor TOCSIN_STORE="$redis")" "noeviction"
redis-cli -p "$rport" config set maxmemory-policy noeviction >/dev/null
redis-cli -p "$rport" config set appendonly no >/dev/null
has "$(doctor TOCSIN_STORE="$redis")" "appendonly"
mkdir "$work/ro"
if mount -t tmpfs -o ro tmpfs "$work/ro" 2>/dev/null; then
  has "$(doctor TOCSIN_STORE="sqlite:$work/ro/x.db")" "$work/ro"
  umount "$work/ro"
else
  has "$(doctor TOCSIN_STORE="sqlite:/proc/tocsin/x.db")" "/proc/tocsin"
fi

say "1 passed"
