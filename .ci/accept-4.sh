#!/usr/bin/env bash
# Acceptance of "Pages that tell the truth", as far as it needs the built binary
# alone: alerts come in over HTTP, survive kill -9, open one incident by rule
# and are told of once; wrong secrets change nothing; a PagerDuty that is not
# there keeps nobody from declaring. What needs PagerDuty runs in the tests,
# over the fake one.
set -euo pipefail
bin=${1:?usage: accept-4.sh path/to/tocsin}
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
cat >"$work/policy.yaml" <<'Y'
services:
  - name: checkout
    team: payments
teams:
  - name: payments
    people: [mara@example.com]
alerts:
  - name: pages
    says: [critical]
    do: declare
    severity: 2
Y
extra=(TOCSIN_ALERTMANAGER_SECRET=word-of-the-monitor TOCSIN_GENERIC_SECRET=another-word TOCSIN_CHANGES_SECRET=third-word
  TOCSIN_POLICY="$work/policy.yaml")
tocsin() { env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" "$@"; }
start() {
  env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" >"$work/out" 2>"$work/log" &
  pid=$!
  for _ in $(seq 200); do grep -q 'http://' "$work/out" && return; kill -0 "$pid" || fail "it ended"; sleep 0.05; done
  fail "it does not start"
}
post() { curl -s -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer $1" -H 'Content-Type: application/json' --data-binary "@$3" "http://$listen/hooks/$2"; }
alerts() { # firing or resolved, and of how many machines
  local now all="" n
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  for n in $(seq "$2"); do
    all="$all${all:+,}{\"status\":\"$1\",\"labels\":{\"alertname\":\"CheckoutDown\",\"service\":\"checkout\",\"severity\":\"critical\",\"instance\":\"m$n\"},\"annotations\":{\"summary\":\"checkout does not answer\"},\"startsAt\":\"2026-01-02T03:04:05Z\",\"endsAt\":\"$([ "$1" = resolved ] && echo "$now" || echo 0001-01-01T00:00:00Z)\",\"generatorURL\":\"https://prometheus.example/g\",\"fingerprint\":\"f$n\"}"
  done
  printf '{"version":"4","groupKey":"{}:{alertname=\\"CheckoutDown\\"}","truncatedAlerts":0,"status":"%s","receiver":"tocsin","groupLabels":{"alertname":"CheckoutDown"},"commonLabels":{"service":"checkout","severity":"critical"},"commonAnnotations":{},"externalURL":"https://alertmanager.example","alerts":[%s]}' "$1" "$all" >"$work/body"
}
until_has() { # command's output, words
  local out=""
  for _ in $(seq 100); do
    out=$(tocsin say --as ann --room general "$1" 2>&1) || true
    if grep -qF -- "$2" <<<"$out"; then return; fi
    sleep 0.1
  done
  fail "«$1» never shows «$2»: $out"
}
incidents() { tocsin incidents 2>/dev/null | grep -o 'INC-[0-9]*' | sort -u | wc -l; }

say "a dry run says what a body means, and nothing is opened"
alerts firing 2
out=$(tocsin hooks try alertmanager "$work/body")
has "$out" "CheckoutDown"
has "$out" "checkout"

start
say "a wrong secret, no secret, and a route without a secret change nothing"
for word in wrong ""; do
  [ "$(post "$word" alertmanager "$work/body")" = 401 ] || fail "a wrong secret is answered with $(cat "$work/answer")"
  hasnt "$(cat "$work/answer")" "secret"
done
[ "$(post word-of-the-monitor grafana "$work/body")" = 404 ] || fail "a route without a secret is there"
[ "$(incidents)" = 0 ] || fail "somebody who was not let in opened an incident"

say "an alert opens one incident by rule, however often it comes"
for _ in 1 2 3; do [ "$(post word-of-the-monitor alertmanager "$work/body")" = 202 ] || fail "an alert was not taken"; done
until_has "/incident show INC-1" "sev2"
has "$(tocsin say --as ann --room general "/incident timeline INC-1")" "by rule pages: checkout does not answer, 2 firing"

say "what was taken before kill -9 is worked off after it, once; the incident stays open"
alerts resolved 2
[ "$(post word-of-the-monitor alertmanager "$work/body")" = 202 ] || fail "a recovery was not taken"
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
start
until_has "/incident timeline INC-1" "recovered"
[ "$(incidents)" = 1 ] || fail "there are $(incidents) incidents, not 1"
hasnt "$(tocsin say --as ann --room general "/incident show INC-1")" "resolved"

say "garbage is taken without harm"
printf 'not json at all \xff\x00' >"$work/garbage"
code=$(post word-of-the-monitor alertmanager "$work/garbage")
case "$code" in 202 | 400) ;; *) fail "garbage is answered with $code" ;; esac
head -c 1200000 /dev/zero >"$work/large"
[ "$(post word-of-the-monitor alertmanager "$work/large")" = 413 ] || fail "a body of 1.2 MB was taken"
[ "$(incidents)" = 1 ] || fail "garbage opened an incident"
kill "$pid"
wait "$pid" || fail "it did not end well"
pid=

say "with a PagerDuty that is not there people declare, and are told the truth about the page"
extra+=(TOCSIN_PAGERDUTY_TOKEN=pdtoken-secretsecret TOCSIN_PAGERDUTY_FROM=bot@example.com
  TOCSIN_PAGERDUTY_API_URL=http://127.0.0.1:1/ TOCSIN_PAGERDUTY_EVENTS_URL=http://127.0.0.1:1/)
start
has "$(tocsin say --as ann --room general "/incident declare sev2 the tills are failing")" "INC-2"
out=$(tocsin say --as ann --room general "/incident page INC-2 payments the tills fail") || true
hasnt "$out" "was paged"
until_has "/incident timeline INC-2" "mara@example.com"
out=$(tocsin doctor 2>&1) && fail "doctor finds nothing wrong with a PagerDuty that is not there"
has "$out" "pagerduty"
hasnt "$out$(cat "$work/log")" "secretsecret"
kill "$pid"
wait "$pid" || fail "it did not end well"
pid=
say "all of it holds"
