#!/usr/bin/env bash
# Acceptance of "The review draft", as far as it needs the built binary alone:
# an export gives a draft that cites and keeps no secret; a review is written
# in the browser's way, survives kill -9, is published into a folder once; a
# private one does not exist for others; and, where the cases of the scorer are
# at hand, the drafts are scored.
set -euo pipefail
bin=${1:?usage: accept-5.sh path/to/tocsin}
work=$(mktemp -d)
pid=
finish() { [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
say() { printf '   %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; [ -f "$work/log" ] && tail -n 40 "$work/log" >&2; exit 1; }
has() { grep -qF -- "$2" <<<"$1" || fail "expected «$2» in: $1"; }
hasnt() { if grep -qF -- "$2" <<<"$1"; then fail "did not expect «$2» in: $1"; fi; }
listen="127.0.0.1:$((20000 + RANDOM % 20000))"
mkdir -p "$work/home" "$work/documents"
extra=(TOCSIN_DOCUMENTS_FOLDER="$work/documents" TOCSIN_API_TOKEN=token-of-the-acceptance)
tocsin() { env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" "$@"; }
start() {
  env -i PATH="$PATH" HOME="$work/home" TOCSIN_LISTEN="$listen" "${extra[@]}" "$bin" >"$work/out" 2>"$work/log" &
  pid=$!
  for _ in $(seq 200); do grep -q 'http://' "$work/out" && return; kill -0 "$pid" || fail "it ended"; sleep 0.05; done
  fail "it does not start"
}
inc() { tocsin say --as "$1" --room "$2" "${@:3}" 2>&1; }

say "a Slack export becomes a draft that cites, and keeps no credential"
mkdir -p "$work/slack/inc-checkout"
cat >"$work/slack/users.json" <<'J'
[{"id":"U1","name":"ann","profile":{"display_name":"ann"},"tz":"Europe/Berlin"},{"id":"U2","name":"bo","profile":{"display_name":"bo"},"tz":"America/New_York"}]
J
echo '[{"id":"C1","name":"inc-checkout","members":["U1","U2"]}]' >"$work/slack/channels.json"
cat >"$work/slack/inc-checkout/2026-03-02.json" <<'J'
[{"type":"message","user":"U1","ts":"1772445600.000100","text":"checkout is down, customers cannot pay since 09:40 UTC"},
 {"type":"message","user":"U2","ts":"1772445660.000100","text":"looking. could it be the certificate that was rolled this morning?"},
 {"type":"message","user":"U2","ts":"1772445780.000100","text":"yes, that's it: the certificate expired at 09:38 UTC"},
 {"type":"message","user":"U1","ts":"1772445840.000100","text":"ok, let's roll back to the old certificate"},
 {"type":"message","user":"U2","ts":"1772445850.000100","text":"agreed, doing it. password is Tr0ub4dor&3x for the vault"},
 {"type":"message","user":"U2","ts":"1772446200.000100","text":"rolled back, payments are working again"},
 {"type":"message","user":"U1","ts":"1772446300.000100","text":"action: I'll add an alert for certificates that expire within a week"}]
J
out=$(tocsin review --from "$work/slack" --title "checkout is down")
has "$out" "checkout"
has "$out" "the certificate expired at 09:38 UTC"
has "$out" "add an alert for certificates"
hasnt "$out" 'Tr0ub4dor'
[ "$out" = "$(tocsin review --from "$work/slack" --title "checkout is down")" ] || fail "two drafts of one export differ"
tocsin review --from "$work/slack" --format html --out "$work/draft.html"
grep -q '<html' "$work/draft.html" || fail "no HTML"
tocsin review --from "$work/slack" --format json | grep -q '"sections"' || fail "no JSON"
echo 'garbage' >"$work/garbage.json"
if out=$(tocsin review --from "$work/garbage.json" 2>&1); then fail "garbage gave a draft: $out"; fi
has "$out" "For example"

start
say "a review lives: begun, written, put through kill -9, published into a folder once"
has "$(inc ann general "/incident declare sev2 checkout is failing")" "INC-1"
inc ann general "/incident note INC-1 about a third of the payments fail" >/dev/null
inc ann general "/incident decide INC-1 roll back to build 40" >/dev/null
inc bo general "/incident action INC-1 add an alert on queue length @bo due:friday" >/dev/null
has "$(inc ann general "/incident review INC-1")" "INC-1"
inc ann general "/incident resolve INC-1 rolled back to build 40" >/dev/null
out=$(inc ann general "/incident review INC-1")
has "$out" "/reviews/INC-1"
code() { curl -s -o "$work/answer" -w '%{http_code}' "$@"; }
[ "$(code "http://$listen/reviews/INC-1")" = 401 ] || fail "a stranger was let in"
[ "$(code "http://$listen/reviews/INC-1?key=forged")" = 401 ] || fail "a forged link was let in"
ann=(-H "Authorization: Bearer token-of-the-acceptance")
[ "$(code "${ann[@]}" "http://$listen/reviews/INC-1?as=ann")" = 200 ] || fail "the page does not open: $(cat "$work/answer")"
grep -q 'a third of the payments' "$work/answer" || fail "the page does not show what was noted"
change() { code "${ann[@]}" -H 'Content-Type: application/json' -H "Origin: http://$listen" --data-binary "$1" "http://$listen/reviews/INC-1/change?as=ann"; }
line='{"key":"k1","do":"add","section":"summary","text":"Orders failed for a third of all customers, say people."}'
[ "$(change "$line")" = 200 ] || fail "a line could not be added: $(cat "$work/answer")"
[ "$(code -H 'Content-Type: application/json' -H 'Origin: http://elsewhere.example' --data-binary "${line/k1/k2}" "http://$listen/reviews/INC-1/change")" = 401 ] || fail "a stranger may write"
kill -9 "$pid"; wait "$pid" 2>/dev/null || true
start
[ "$(change "$line")" = 200 ] || fail "the repeat after kill -9 is refused: $(cat "$work/answer")"
[ "$(tocsin review INC-1 | grep -c 'Orders failed for a third')" = 1 ] || fail "what was written is lost or doubled"
has "$(inc ann general "/incident review INC-1 publish")" "published"
for _ in $(seq 100); do [ "$(ls "$work/documents" | wc -l)" -ge 1 ] && break; sleep 0.1; done
[ "$(ls "$work/documents" | wc -l)" = 1 ] || fail "the folder holds: $(ls -la "$work/documents")"
grep -q 'Orders failed for a third' "$work"/documents/* || fail "the published review lacks what was written"
api=$(curl -s -H "Authorization: Bearer token-of-the-acceptance" "http://$listen/api/v1/incidents/INC-1/review")
has "$api" "Orders failed for a third"

say "a private review does not exist for others"
has "$(inc ann general "/incident declare sev2 private:yes payroll leaks")" "INC-2"
inc ann general "/incident resolve INC-2 closed the share" >/dev/null
[ "$(code -H "Authorization: Bearer token-of-the-acceptance" "http://$listen/api/v1/incidents/INC-2/review")" = 404 ] || fail "the API knows INC-2"
mv "$work/answer" "$work/private"
[ "$(code -H "Authorization: Bearer token-of-the-acceptance" "http://$listen/api/v1/incidents/INC-9/review")" = 404 ] || fail "INC-9?"
cmp -s <(sed 's/INC-2/INC-9/g' "$work/private") "$work/answer" || fail "a private review is answered otherwise than none: $(cat "$work/private")"

if [ -n "${TOCSIN_REVIEW_CASES:-}" ]; then
  say "drafts of the given cases, scored"
  cp -r "$TOCSIN_REVIEW_CASES/score" "$work/score"
  chmod -R u+w "$work/score"
  (cd "$work/score" && GOFLAGS=-buildvcs=false go build -o reviewscore .)
  for d in cases cases_more; do
    "$work/score/reviewscore" strip -cases "$TOCSIN_REVIEW_CASES/$d" -out "$work/$d.in" >/dev/null
    tocsin review --cases "$work/$d.in" --out "$work/$d.out" >/dev/null
    "$work/score/reviewscore" score -cases "$TOCSIN_REVIEW_CASES/$d" -drafts "$work/$d.out" >"$work/$d.score"
    all=$(grep '^ALL' "$work/$d.score")
    say "$d: $all"
    awk '{ for (i = 1; i < NF; i++) { if ($i == "leaks") leaks = $(i+1); if ($i == "TOTAL") total = $(i+1); if ($i == "cover") cover = $(i+1); if ($i == "valid") valid = $(i+1) }
      if (leaks != 0 || total < 0.65 || cover < 1 || valid < 0.97) exit 1 }' <<<"$all" || fail "the drafts of $d are not good enough"
  done
fi
