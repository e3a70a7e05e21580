package slack_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

// BenchmarkSlash is the adapter's own share of a signed slash command: check,
// read, hand to a house that answers at once, draw the reply.
func BenchmarkSlash(b *testing.B) {
	d := openDoor(b, nil)
	f := slacktest.New(slacktest.Options{Now: d.now})
	defer f.Close()
	bodies := make([][]byte, 64)
	headers := make([]http.Header, len(bodies))
	for i := range bodies {
		form := url.Values{
			"token": {"x"}, "team_id": {"T1"}, "team_domain": {"acme"}, "channel_id": {"C" + strconv.Itoa(i)}, "channel_name": {"inc-" + strconv.Itoa(i)},
			"user_id": {"U" + strconv.Itoa(i)}, "user_name": {"ann"}, "command": {"/incident"}, "text": {"note the disk of node 7 is full again"},
			"api_app_id": {"A1"}, "is_enterprise_install": {"false"}, "response_url": {"https://hooks.slack.test/commands/1/2/3"}, "trigger_id": {strconv.Itoa(i) + ".1.2"},
		}
		bodies[i] = []byte(form.Encode())
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, slack.Hook, bytes.NewReader(bodies[i]))
		f.Sign(r, bodies[i])
		r.Header.Set("Content-Type", formKind)
		headers[i] = r.Header
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			n := i % len(bodies)
			r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, slack.Hook, bytes.NewReader(bodies[n]))
			r.Header = headers[n]
			w := httptest.NewRecorder()
			d.mux.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Fatal(w.Code)
			}
		}
	})
}
