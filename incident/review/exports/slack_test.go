package exports_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/review/exports"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

const users = `[
 {"id":"U1","name":"ann","real_name":"Ann Lee","tz":"Europe/Berlin","profile":{"display_name":"ann"}},
 {"id":"U2","name":"bo","real_name":"Bo Chen","tz":"Asia/Tokyo","profile":{"display_name":""}},
 {"id":"U9","name":"alerts","is_bot":true,"profile":{"display_name":"alerts"}}]`

const monday = `[
 {"type":"message","subtype":"channel_join","user":"U1","text":"<@U1> has joined the channel","ts":"1772445600.000100"},
 {"type":"message","user":"U9","bot_id":"B1","text":"","attachments":[{"title":"[FIRING] docs-prod is down","text":"service=docs"}],"ts":"1772445660.000200"},
 {"type":"message","user":"U1","text":"disk is full on <#C5|docs-prod>, <@U2> can you look? &lt;now&gt; see <https://status.example.org|the page>","ts":"1772445720.000300",
  "reactions":[{"name":"eyes","users":["U2"],"count":1}],"reply_count":1,"thread_ts":"1772445720.000300"},
 {"type":"message","user":"U2","text":"on it, password: hunter2hunter2","edited":{"user":"U2","ts":"1772445800.000000"},"ts":"1772445780.000400","thread_ts":"1772445720.000300"},
 {"type":"message","user":"U2","text":"graph","files":[{"name":"disk.png","mimetype":"image/png"},{"mode":"tombstone"}],"ts":"1772445840.000500"},
 {"type":"message","subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1772445900.000600"}]`

const tuesday = `[{"type":"message","user":"U3","user_profile":{"real_name":"Cy Old"},"text":"<!here> fixed by purging","ts":"1772532000.000100"},
 {"type":"message","user":"U3","text":"fixed by purging, said twice","ts":"1772532000.000100"}]`

func folder(files ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		out[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return out
}

func read(t *testing.T, from fs.FS, which string) source.Input {
	t.Helper()
	in, err := exports.Read(from, exports.Options{Which: which})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestAChannelOfSlackBecomesAnInput(t *testing.T) {
	t.Parallel()
	in := read(t, folder("inc-2026-docs-down/2026-03-02.json", monday, "inc-2026-docs-down/2026-03-03.json", tuesday, "users.json", users, "channels.json", "[]"), "")
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	want := source.Input{
		ID: "inc-2026-docs-down", Title: "docs down",
		People: []source.Person{
			{ID: "U1", Name: "ann", Zone: "Europe/Berlin"},
			{ID: "U2", Name: "Bo Chen", Zone: "Asia/Tokyo"},
			{ID: "U3", Name: "Cy Old"},
			{ID: "U9", Name: "alerts", Bot: true},
			{ID: "USLACKBOT", Name: "USLACKBOT"},
		},
		Messages: []source.Message{
			{ID: "m001", At: at("2026-03-02T10:01:00.0002Z"), Author: "U9", Bot: true, Text: "[FIRING] docs-prod is down\nservice=docs"},
			{
				ID: "m002", At: at("2026-03-02T10:02:00.0003Z"), Author: "U1", Text: "disk is full on #docs-prod, @Bo Chen can you look? <now> see the page (https://status.example.org)",
				Reactions: []source.Reaction{{Name: "eyes", By: []string{"U2"}}},
			},
			{ID: "m003", At: at("2026-03-02T10:03:00.0004Z"), Author: "U2", Text: "on it, password: [redacted:password]", Thread: "m002", Edited: true},
			{ID: "m004", At: at("2026-03-02T10:04:00.0005Z"), Author: "U2", Text: "graph", Files: []source.File{{Name: "disk.png", Kind: "image/png"}}},
			{ID: "m005", At: at("2026-03-02T10:05:00.0006Z"), Author: "USLACKBOT", Deleted: true},
			{ID: "m006", At: at("2026-03-03T10:00:00.0001Z"), Author: "U3", Text: "@here fixed by purging"},
		},
		Redacted: []source.Redaction{{Message: "m003", Kind: "password"}},
	}
	if diff := cmp.Diff(want, in, cmp.Comparer(func(a, b []source.Fact) bool { return len(a) == len(b) })); diff != "" {
		t.Error(diff)
	}
}

func TestAZipAndADayAloneAreReadToo(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range map[string]string{"general/2026-03-02.json": "[]", "docs-down/2026-03-02.json": monday, "users.json": users, "__MACOSX/docs-down/2026-03-02.json": "x"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if in := read(t, z, "#docs-down"); len(in.Messages) != 5 || in.Title != "docs down" {
		t.Errorf("%d messages of %q", len(in.Messages), in.Title)
	}
	in := read(t, folder("2026-03-02.json", monday), "docs-down")
	if len(in.Messages) != 5 || in.Title != "docs down" || !strings.Contains(in.Messages[1].Text, "@U2 can you look") {
		t.Errorf("a day alone: %q, %+v", in.Title, in.Messages)
	}
}

func TestBlocksSpeakWhereTheTextIsEmpty(t *testing.T) {
	t.Parallel()
	in := read(t, folder("2026-03-02.json", `[{"ts":"1772445660.000200","bot_id":"B1","username":"deploys","blocks":[
	 {"type":"header","text":{"type":"plain_text","text":"Deploy 41 finished"}},
	 {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"by ann"}]}]}]}]`), "")
	if got := in.Messages[0].Text; got != "Deploy 41 finished\nby ann" {
		t.Errorf("read %q", got)
	}
	if p := in.People[0]; p.ID != "B1" || p.Name != "deploys" || !p.Bot {
		t.Errorf("said by %+v", p)
	}
}

func TestWrongInputIsRefusedInOneSentenceWithAnExample(t *testing.T) {
	t.Parallel()
	many := folder("a/2026-03-02.json", monday, "b/2026-03-02.json", "[]")
	for name, c := range map[string]struct {
		from  fs.FS
		which string
		says  string
	}{
		"nothing":                {folder(), "", "no JSON file"},
		"no JSON":                {folder("export.json", "hello"), "", "neither an export"},
		"something else":         {folder("export.json", `{"hello":"world"}`), "", "neither an export"},
		"empty":                  {folder("export.json", ""), "", "neither an export"},
		"a backup":               {folder("x.json", `{"dump":"tocsin","format":1}`), "", "backup"},
		"a day cut off":          {folder("2026-03-02.json", monday[:200]), "", "it is no JSON"},
		"many channels":          {many, "", "2 channels (a, b); name the one"},
		"a channel of no export": {many, "c", `no channel "c"`},
		"users of another kind":  {folder("a/2026-03-02.json", monday, "users.json", `{"x":1}`), "", "no list of Slack's users"},
		"tocsin cut off":         {folder("e.json", `[{"number":"INC-1","timeline":[{"entry":1}]`), "", "cut off"},
		"several incidents":      {folder("e.json", `[{"number":"INC-1","timeline":[]},{"number":"INC-2","timeline":[]}]`), "", "2 incidents (INC-1, INC-2)"},
		"an incident not there":  {folder("e.json", `[{"number":"INC-1","timeline":[]}]`), "INC-3", `no "INC-3"`},
		"strange folders":        {folder("one.json", "[]", "two.json", "[]"), "", "2 JSON files"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := exports.Read(c.from, exports.Options{Which: c.which})
			if err == nil || fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Sentence(err), c.says) {
				t.Errorf("said %v, want %q", err, c.says)
			}
			if f, is := err.(*fault.Error); !is || f.Try == "" { //nolint:errorlint // it is the refusal itself
				t.Errorf("without an example: %v", err)
			}
		})
	}
}

func TestProgressIsTold(t *testing.T) {
	t.Parallel()
	var told []int
	_, err := exports.Read(folder("a/2026-03-02.json", monday, "a/2026-03-03.json", tuesday), exports.Options{
		Progress: func(files, of, messages int) { told = append(told, files, of, messages) },
	})
	if diff := cmp.Diff([]int{1, 2, 6, 2, 2, 8}, told); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
