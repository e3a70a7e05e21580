package bot_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
)

// aCase is a channel as a scorer hands it over: without its labels.
const aCase = `{"id": "c01", "title": "checkout is down", "channel": {"name": "inc", "tz": "+01:00"},
 "users": {"ann": {"name": "ann", "tz": "Europe/Berlin"}, "ben": {"name": "ben"}},
 "messages": [
  {"id": "m001", "ts": "2026-03-02T09:07:00Z", "user": "pager", "bot": true, "text": "[FIRING:1] CheckoutDown service=checkout env=production severity=page"},
  {"id": "m002", "ts": "2026-03-02T09:09:00Z", "user": "ann", "text": "ack, looking at checkout"},
  {"id": "m003", "ts": "2026-03-02T09:12:00Z", "user": "ann", "text": "checkout is down, customers see 502 on every order"},
  {"id": "m004", "ts": "2026-03-02T09:15:00Z", "user": "ben", "text": "the wiki says the shop login is ops / Larch-Welkin-77!"},
  {"id": "m005", "ts": "2026-03-02T09:16:00Z", "user": "ben", "text": "call me: +1 415 555 0148", "deleted": true},
  {"id": "m006", "ts": "2026-03-02T09:20:00Z", "user": "ben", "text": "rolled back checkout to v411", "reactions": [{"name": "pushpin", "users": ["ann"]}]},
  {"id": "m007", "ts": "2026-03-02T09:24:00Z", "user": "ann", "text": "checkout works again, resolved"},
  {"id": "m008", "ts": "2026-03-02T09:30:00Z", "user": "ann", "text": "action: ben to add an alert on checkout memory"}
 ]}`

func reviewCases(t *testing.T, dir, to string, more ...string) (code int, out, complaint string) {
	t.Helper()
	var o, e strings.Builder
	code = bot.Main(t.Context(), bot.IO{Args: append([]string{"review", "--cases", dir, "--out", to}, more...), Out: &o, Err: &e, Now: time.Now})
	return code, o.String(), e.String()
}

func TestEveryCaseOfAFolderIsDraftedForAScorer(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "new", "drafts")
	if err := os.WriteFile(filepath.Join(dir, "c01.json"), []byte(aCase), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, complaint := reviewCases(t, dir, to); code != 0 {
		t.Fatalf("it ended with %d: %s", code, complaint)
	}
	data, err := os.ReadFile(filepath.Join(to, "c01.json"))
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Time          *time.Time
		Text, Owner   string
		Cites         []string
		Message, Kind string
	}
	var d struct {
		Case                         string
		Timeline, Actions, Decisions []line
		Redactions                   []line
		Times                        map[string]*line
		Markdown                     string
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if d.Case != "c01" || len(d.Timeline) == 0 || d.Decisions == nil || !strings.Contains(d.Markdown, "[m003") {
		t.Errorf("the draft is %s", data)
	}
	for _, key := range []string{"impact_start", "detection", "ack", "mitigation", "resolution"} {
		if _, said := d.Times[key]; !said {
			t.Errorf("nothing is said of the time %s", key)
		}
	}
	for _, l := range d.Timeline {
		if l.Time == nil || l.Text == "" || len(l.Cites) == 0 {
			t.Errorf("an entry of the timeline is %+v", l)
		}
	}
	kinds := map[string]string{}
	for _, r := range d.Redactions {
		kinds[r.Message] = r.Kind
	}
	if kinds["m004"] != "password" || kinds["m005"] != "phone" || len(kinds) != 2 {
		t.Errorf("redacted: %v, want the password and the telephone number", kinds)
	}
	for _, secret := range []string{"Larch", "Welkin", "415 555"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("the draft still has %q", secret)
		}
	}
	again := filepath.Join(t.TempDir(), "again")
	if code, _, complaint := reviewCases(t, dir, again); code != 0 {
		t.Fatalf("it ended with %d: %s", code, complaint)
	}
	if second, err := os.ReadFile(filepath.Join(again, "c01.json")); err != nil || string(second) != string(data) {
		t.Errorf("the second draft is not equal to the first, byte for byte (%v)", err)
	}
}

func TestAFolderThatHoldsNoCaseIsToldSo(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"no files": "", "no case": "[]", "a case that would leave the folder": `{"id": "../x"}`, "a case without a name": `{}`} {
		dir, to := t.TempDir(), t.TempDir()
		if content != "" {
			if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code, _, complaint := reviewCases(t, dir, to)
		if code == 0 || complaint == "" {
			t.Errorf("%s: it ended with %d and said %q", name, code, complaint)
		}
		if left, err := os.ReadDir(to); err != nil || len(left) > 0 {
			t.Errorf("%s: %d files were written (%v)", name, len(left), err)
		}
	}
}

func TestACaseIsDraftedWithTheModelThatNeverSawIt(t *testing.T) {
	t.Parallel()
	dir, to, models := t.TempDir(), t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "c01.json"), []byte(aCase), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, complaint := reviewCases(t, dir, to, "--models", models); code != 4 || !strings.Contains(complaint, "no model") {
		t.Errorf("without a model it ended with %d and said %q", code, complaint)
	}
	if err := os.WriteFile(filepath.Join(models, "c01.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, complaint := reviewCases(t, dir, to, "--models", models); code != 2 || !strings.Contains(complaint, "is no model") {
		t.Errorf("with a broken model it ended with %d and said %q", code, complaint)
	}
}
