#!/usr/bin/env bash
# Acceptance of "Slack, as responders live in it", as far as it needs the built
# binary alone: setting up, wrong tokens, and a Slack that is not there. What
# needs a workspace runs in the tests, over the fake Slack.
set -euo pipefail
bin=${1:?usage: accept-3.sh path/to/tocsin}
work=$(mktemp -d)
pid=
finish() { [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
say() { printf '   %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; [ -f "$work/log" ] && tail -n 40 "$work/log" >&2; exit 1; }
has() { grep -qF -- "$2" <<<"$1" || fail "expected «$2» in: $1"; }
hasnt() { if grep -qF -- "$2" <<<"$1"; then fail "did not expect «$2» in: $1"; fi; }
listen="127.0.0.1:$((20000 + RANDOM % 20000))"
mkdir -p "$work/home"
tocsin() { env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" "$@"; }
extra=()

say "setup slack prints five steps and a manifest that is JSON"
steps=$(tocsin setup slack)
for n in 1 2 3 4 5; do has "$steps" "$n. "; done
has "$steps" "https://api.slack.com/apps?new_app=1&manifest_json="
manifest=$(tocsin setup slack --manifest)
has "$manifest" '"socket_mode_enabled": true'
has "$manifest" '"/incident"'
has "$(tocsin setup slack --url https://tocsin.example --manifest)" "https://tocsin.example/hooks/slack"
out=$(tocsin setup slack --url http://tocsin.example 2>&1) && fail "http was taken for Slack's address"
has "$out" "https"

say "wrong tokens are named, not shown, and nothing starts"
extra=(TOCSIN_SLACK_BOT_TOKEN=xapp-1-secretsecret TOCSIN_SLACK_APP_TOKEN=xoxb-1-secretsecret)
out=$(tocsin 2>&1) && fail "it started with tokens that are swapped"
has "$out" "TOCSIN_SLACK_BOT_TOKEN"
has "$out" "TOCSIN_SLACK_APP_TOKEN"
hasnt "$out" "secretsecret"

say "with a Slack that does not answer it starts, declares, and doctor says so"
extra=(TOCSIN_SLACK_BOT_TOKEN=xoxb-1-secretsecret TOCSIN_SLACK_APP_TOKEN=xapp-1-secretsecret TOCSIN_SLACK_API_URL=http://127.0.0.1:1/)
env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" TOCSIN_CONSOLE_USER=olga "${extra[@]}" "$bin" >"$work/out" 2>"$work/log" &
pid=$!
for _ in $(seq 200); do grep -q 'http://' "$work/out" && break; kill -0 "$pid" || fail "it ended"; sleep 0.05; done
has "$(cat "$work/out")" "?token="
has "$(tocsin say --as olga --room general "/incident declare sev2 checkout is failing")" "INC-1"
out=$(tocsin doctor 2>&1) && fail "doctor finds nothing wrong with a Slack that is not there"
has "$out" "slack"
hasnt "$out$(cat "$work/log")" "secretsecret"
kill "$pid"
wait "$pid" || fail "it did not end well"
pid=
say "all of it holds"
