package bot_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/review"
	"tocsin/incident/review/exports"
	"tocsin/store"
	"tocsin/store/sqlite"

	"github.com/google/go-cmp/cmp"
)

const slackDay = `[
 {"type":"message","user":"U1","user_profile":{"display_name":"ann"},"text":"docs are down since 10:00 UTC, all readers get a 503","ts":"1772445660.000200"},
 {"type":"message","user":"U2","user_profile":{"display_name":"bo"},"text":"is it the disk? password: hunter2hunter2","ts":"1772445720.000300"},
 {"type":"message","user":"U2","user_profile":{"display_name":"bo"},"text":"yes, / is 100% full","ts":"1772445780.000400","thread_ts":"1772445720.000300"},
 {"type":"message","user":"U1","user_profile":{"display_name":"ann"},"text":"TODO: @bo add an alarm for the disk by Friday","ts":"1772446780.000400"}]`

func TestAReviewIsDraftedFromAnExportWithoutARunningTocsin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	channel := filepath.Join(dir, "inc-7-docs-down")
	if err := os.MkdirAll(channel, 0o700); err != nil {
		t.Fatal(err)
	}
	day := filepath.Join(channel, "2026-03-02.json")
	if err := os.WriteFile(day, []byte(slackDay), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "users.json"), []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	zipped := written(t, "export.zip", z.String())
	for name, args := range map[string][]string{
		"a folder": {"--from", dir}, "a zip": {"--from", zipped}, "a day": {"--from", day, "docs-down"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := shell(t, "", nil, append([]string{"review"}, args...)...)
			if code != 0 || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			for _, want := range []string{"docs down", "all readers get a 503", "100% full"} {
				if !strings.Contains(out, want) {
					t.Errorf("the draft does not say %q:\n%s", want, out)
				}
			}
			if strings.Contains(out, "hunter2") {
				t.Error("the draft shows a password")
			}
		})
	}
	code, out, errs := shell(t, slackDay, nil, "review", "--from", "-", "--format", "html", "--title", "The docs were down")
	if code != 0 || !strings.Contains(out, "<html") || !strings.Contains(out, "The docs were down") {
		t.Errorf("exit %d, %s%.200s", code, errs, out)
	}
	file := filepath.Join(t.TempDir(), "draft.json")
	if code, out, errs = shell(t, "", nil, "review", "--from", day, "--format", "json", "--out", file); code != 0 || out != "" {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if b, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(b, []byte("{")) {
		t.Errorf("%v: %.100s", err, b)
	}
	if code, _, errs = shell(t, "", nil, "review", "--from", day, "--out", file); code != 2 || !strings.Contains(errs, "may exist already") {
		t.Errorf("over an existing file: exit %d, %s", code, errs)
	}
}

func TestWrongUseOfReviewChangesNothingAndSaysWhatWorks(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"nothing named":     {nil, 2, "tocsin review INC-142"},
		"two incidents":     {[]string{"INC-1", "INC-2"}, 2, "Which incident?"},
		"no such format":    {[]string{"--from", empty, "--format", "pdf"}, 2, "markdown, html or json"},
		"no such file":      {[]string{"--from", filepath.Join(empty, "x.json")}, 4, "There is no file or folder"},
		"an empty folder":   {[]string{"--from", empty}, 2, "no JSON file"},
		"no such zone":      {[]string{"--from", empty, "--zone", "Mars/Base"}, 2, "Europe/Berlin"},
		"as, of an export":  {[]string{"--from", empty, "--as", "ann"}, 2, "--as is for the store"},
		"cases without out": {[]string{"--cases", empty}, 2, "tocsin review --cases inputs --out drafts"},
		"no store":          {[]string{"INC-1"}, 4, "."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := shell(t, "", nil, append([]string{"review"}, c.args...)...)
			if code != c.code || out != "" || !strings.Contains(errs, c.says) {
				t.Errorf("exit %d (want %d): %s%s", code, c.code, out, errs)
			}
		})
	}
}

// sqliteWith makes a store in a file with one incident, whose talk has rough edges.
func sqliteWith(t *testing.T) (path string, id incident.ID) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "tocsin.db")
	d, err := sqlite.Open(t.Context(), path, sqlite.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	w := newPremisesOn(t, store.New(d, store.Options{Now: time.Now}))
	w.warroom()
	ann, bo := w.met("ann"), w.met("bo")
	w.hears(w.id, "warroom", -3*time.Hour, spokenBy(bo, "0", "lunch? 🍜"))
	w.hears(w.id, "warroom", time.Minute, spokenBy(ann, "1", "checkout fails since 10:00 UTC, is it the pool? <@bo> password: hunter2hunter2"))
	reply := spokenBy(bo, "2", "yes, the pool is exhausted\n```\nSELECT 1\n```")
	reply.Thread, reply.Link, reply.Files = "1", "https://chat.example.org/2", []incident.File{{Name: "pool.png", URL: "https://x.example.org/pool.png", Type: "image/png"}}
	w.hears(w.id, "warroom", 2*time.Minute, reply)
	gone := w.hears(w.id, "warroom", 3*time.Minute, spokenBy(bo, "3", "never mind"))
	gone.DeletedAt = gone.At
	old := w.hears(w.id, "warroom", 4*time.Minute, spokenBy(bo, "4", "rolling bak"))
	old.Text.Words, old.EditedAt = "rolling back", old.At
	for _, m := range []incident.Spoken{gone, old} {
		if err := w.store.Amend(t.Context(), w.id.Stream(), m); err != nil {
			t.Fatal(err)
		}
	}
	at := w.declaredAt(w.id)
	w.record(w.id, "k1", func(incident.Incident) ([]incident.Event, error) {
		return []incident.Event{
			incident.SeveritySet{To: incident.Sev2},
			incident.NoteAdded{Text: incident.Text{Author: ann, Words: "the pool is at 100"}},
			incident.RoleTaken{Role: incident.Commander, Person: ann},
			incident.ActionAdded{Item: 1, Text: incident.Text{Author: ann, Words: "add an alarm"}, Owner: bo, Due: at.Add(48 * time.Hour)},
			incident.DecisionMade{Text: incident.Text{Author: bo, Words: "we roll back"}},
			incident.MilestoneSet{Milestone: incident.Started, At: at.Add(-time.Hour)},
		}, nil
	})
	return path, w.id
}

func TestAKeptPictureStandsInThePageOfTheReview(t *testing.T) {
	t.Parallel()
	path, id := sqliteWith(t)
	d, err := sqlite.Open(t.Context(), path, sqlite.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(d, store.Options{Now: time.Now})
	const bytesOf = "\x89PNG\r\n\x1a\nof a graph"
	if _, err := s.KeepPicture(t.Context(), "warroom", "2", 0, store.Picture{Stream: id.Stream(), Kind: "image/png", Bytes: []byte(bytesOf)}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	env := []string{"TOCSIN_STORE=sqlite:" + path}
	code, page, errs := shell(t, "", env, "review", "INC-1", "--format", "html")
	if code != 0 || !strings.Contains(page, base64.StdEncoding.EncodeToString([]byte(bytesOf))) {
		t.Errorf("exit %d, %s: the page does not show the picture", code, errs)
	}
	if code, text, errs := shell(t, "", env, "review", "INC-1"); code != 0 || strings.Contains(text, "PNG") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestADraftOfAnExportIsTheDraftOfTheStore(t *testing.T) {
	t.Parallel()
	path, _ := sqliteWith(t)
	env := []string{"TOCSIN_STORE=sqlite:" + path, "TOCSIN_ZONE=Europe/Berlin"}
	code, exported, errs := shell(t, "", env, "export", "INC-1")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, format := range []string{"markdown", "html", "json"} {
		code, stored, errs := shell(t, "", env, "review", "INC-1", "--format", format)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		code, read, errs := shell(t, exported, nil, "review", "--from", "-", "--format", format)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		if diff := cmp.Diff(strings.Split(stored, "\n"), strings.Split(read, "\n")); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		if strings.Contains(stored, "hunter2") || strings.Contains(stored, "never mind") || strings.Contains(stored, "lunch") {
			t.Errorf("%s shows what it must not", format)
		}
	}
	if strings.Contains(exported, "hunter2") {
		t.Error("the export shows a password")
	}
	in, err := exports.ReadFile("export.json", []byte(exported), exports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(review.Make(in), review.Make(in)); diff != "" {
		t.Errorf("drafted twice, it differs: %s", diff)
	}
}

func TestAnExportOfManyIsTheExportOfEach(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	d, err := sqlite.Open(t.Context(), path, sqlite.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	w := newPremisesOn(t, store.New(d, store.Options{Now: time.Now}))
	for n, title := range []string{"payment provider times out", "docs are down", "payment provider is gone", "payment provider is gone again"} {
		w.declare(w.desk, fmt.Sprintf("k%d", n), title)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	env := []string{"TOCSIN_STORE=sqlite:" + path}
	code, all, errs := shell(t, "", env, "export", "--all")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var each []json.RawMessage
	for _, n := range []string{"INC-1", "INC-2", "INC-3", "INC-4"} {
		code, one, errs := shell(t, "", env, "export", n)
		var list []json.RawMessage
		if err := json.Unmarshal([]byte(one), &list); err != nil || code != 0 || len(list) != 1 {
			t.Fatalf("exit %d: %s %v", code, errs, err)
		}
		each = append(each, list[0])
	}
	var many []json.RawMessage
	if err := json.Unmarshal([]byte(all), &many); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(each, many); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(many[3]), "similar title") {
		t.Error("related incidents are not named")
	}
}
