package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

// update rewrites the goldens: go test ./bot/slack -update.
var update = flag.Bool("update", false, "rewrite the goldens of drawn messages")

// said are the messages of the house, as bot/say keeps them in its own goldens.
func said(t *testing.T) map[string]chat.Message {
	t.Helper()
	files, err := filepath.Glob("../say/testdata/*.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d messages of the house (%v)", len(files), err)
	}
	out := map[string]chat.Message{"everything": everything()}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, err := chat.DecodeMessage(b)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = m
	}
	return out
}

// everything holds each kind of part, span and button once.
func everything() chat.Message {
	at := time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC)
	return chat.Message{
		Title: []chat.Span{chat.Strong("INC-7"), chat.Plain(" checkout is failing, "), chat.RoomLink{Room: "C0INC7", Name: "inc-7"}},
		Tone:  chat.Sev1,
		Parts: []chat.Part{
			chat.Text{
				chat.Plain("plain "), chat.Strong("strong"), chat.Plain(" "), chat.Struck("gone"), chat.Plain(" "), chat.Code("/incident ack"), chat.Plain(" "),
				chat.Link{Label: "runbook", URL: "https://runbooks.example/checkout?a=1&b=2"},
				chat.Plain(" "),
				chat.Mention{User: "U0ANN", Name: "Ann", Ping: true},
				chat.Plain(" "),
				chat.Mention{User: "U0BO", Name: "Bo"},
				chat.Plain(" "),
				chat.Mention{User: "not an id", Name: "Cy", Ping: true},
				chat.Plain(" "),
				chat.RoomLink{Room: "C0INC7", Name: "inc-7"},
				chat.Plain(" "),
				chat.RoomLink{Room: "r7", Name: "elsewhere"},
				chat.Plain(" "),
				chat.When{At: at, Style: chat.Clock, Zone: "Europe/Berlin"},
				chat.Plain(", "),
				chat.When{At: at, Style: chat.DateTime},
				chat.Plain(", "),
				chat.When{At: at, Style: chat.Relative},
				chat.Plain(", "),
				chat.When{},
			},
			chat.Fields{
				{Label: "Severity", Value: []chat.Span{chat.Strong("sev1 (critical)")}},
				{Label: "Status", Value: []chat.Span{chat.Plain("triage")}},
				{Label: "Impact", Value: []chat.Span{chat.Plain("*all* of payment_service_v2 & <checkout>")}},
				{Label: "Nothing"},
				{Label: "A long one", Value: []chat.Span{chat.Plain(strings.Repeat("one order in three fails, ", 5))}},
			},
			chat.List{{chat.Plain("one")}, {chat.Strong("two"), chat.Plain(" <!channel>")}},
			chat.Quote{chat.Plain("> first\nsecond `x`")},
			chat.Divider{},
			chat.Small{
				chat.Plain("declared "),
				chat.When{At: at, Style: chat.Relative},
				chat.Plain(" by "),
				chat.Mention{User: "U0ANN", Name: "Ann", Ping: true},
				chat.Plain(", "),
				chat.Strong("now"), chat.Plain(" in "),
				chat.RoomLink{Room: "C0INC7"},
				chat.Plain(", see "),
				chat.Link{Label: "its page", URL: "https://tocsin.example/7?a=1&b=2"},
				chat.Plain(" or type "), chat.Code("/incident show <it>"), chat.Plain("."),
			},
			chat.Small{chat.Plain("words with *marks* stay as they are")},
			chat.Pre("a\n  b <c> *d*\n"),
			chat.Buttons{{Label: "Done 3", Command: "done INC-7 3", Seen: 4}},
		},
		Actions: []chat.Action{
			{Label: "Take command", Command: "take INC-7 commander", Seen: 4, Style: chat.Primary},
			{Label: "Resolve", Command: "resolve INC-7", Style: chat.Danger, Confirm: "Really?"},
			{Label: "Open", URL: "https://tocsin.example/7"},
		},
		Summary: "INC-7 <checkout> is failing",
	}
}

func TestMessagesAreDrawn(t *testing.T) {
	t.Parallel()
	for name, m := range said(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := slack.Draw(m)
			withinLimits(t, d.Blocks, 50)
			golden(t, "message_"+name, d, "("+d.Text+")\n\n"+(&eyes{t: t}).see(d.Blocks))
			fitsShapes(t, "chat.postMessage", d.Blocks)
		})
	}
}

func TestHomeIsDrawn(t *testing.T) {
	t.Parallel()
	v := slack.DrawHome(said(t)["home"])
	viewWithin(t, v)
	golden(t, "home", v, (&eyes{t: t}).see(v))
	fitsShapes(t, "views.publish", v.Blocks)
}

func TestFormsAreDrawn(t *testing.T) {
	t.Parallel()
	k := slack.Keepsake{Room: "C0INC142", Name: "inc-142", About: slack.AboutRef{Room: "C0GENERAL", ID: "1764122400.000100"}}
	for name, f := range forms(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := slack.DrawForm(f, k)
			viewWithin(t, v)
			golden(t, "form_"+name, v, (&eyes{t: t}).see(v))
			fitsShapes(t, "views.open", v.Blocks)
		})
	}
	loading, failed := slack.LoadingForm("Declare an incident", k), slack.FailedForm("Declare an incident", said(t)["nudge_commander"], k)
	viewWithin(t, loading)
	golden(t, "form_loading", loading, (&eyes{t: t}).see(loading))
	viewWithin(t, failed)
	golden(t, "form_failed", failed, (&eyes{t: t}).see(failed))
}

// forms are those that the house asks with, as commands keeps them in its own
// goldens, and one that uses every kind of field.
func forms(t *testing.T) map[string]chat.Form {
	t.Helper()
	files, err := filepath.Glob("../../commands/testdata/form/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d forms of the house (%v)", len(files), err)
	}
	out := map[string]chat.Form{"everything": everyField()}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var f chat.Form
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = f
	}
	return out
}

// everyField is a form with each kind of field, empty and filled in.
func everyField() chat.Form {
	choices := []chat.Choice{{Value: "deploy", Label: "deploy a change & its <side> effects"}, {Value: "vendor", Label: "vendor somebody else's fault"}}
	return chat.Form{
		Title: "Everything about INC-123456", Submit: "Send it all", Command: "resolve INC-123456", Seen: 14,
		Intro: []chat.Span{chat.Plain("All of <these> & "), chat.Strong("no"), chat.Plain(" more, in "), chat.RoomLink{Room: "C0INC7", Name: "inc-7"}, chat.Plain(".")},
		Fields: []chat.Input{
			{Name: "line", Label: "A line", Hint: "One line is enough: checkout is failing", Kind: chat.Line, MaxLength: 200, Required: true},
			{Name: "line_filled", Label: "A line, filled in", Placeholder: "1 h", Kind: chat.Line, MaxLength: 200, Value: "alert on <refused> cards"},
			{Name: "area", Label: "An area", Hint: "Everybody who follows it reads this.", Placeholder: "what & why", Kind: chat.Area, MaxLength: 3000},
			{Name: "area_filled", Label: "An area, filled in", Kind: chat.Area, MaxLength: 3000, Required: true, Value: "Card payments fail & we know *why*:\n<a certificate>."},
			{Name: "select", Label: "A choice", Hint: "May stay open for now.", Kind: chat.Select, Choices: choices},
			{Name: "select_filled", Label: "A choice that is made", Kind: chat.Select, Choices: choices, Value: "vendor", Required: true},
			{Name: "select_empty", Label: "A choice of nothing", Kind: chat.Select},
			{Name: "person", Label: "A person", Kind: chat.Person, Hint: "They are told."},
			{Name: "person_filled", Label: "A person that is named", Kind: chat.Person, Value: "<@U0BO>", Required: true},
			{Name: "checked", Label: "To be checked", Kind: chat.Checked},
			{Name: "checked_filled", Label: "Checked", Kind: chat.Checked, Value: "yes"},
		},
	}
}

func TestOneFormHasEveryKindOfField(t *testing.T) {
	t.Parallel()
	met := map[chat.InputKind]bool{}
	for _, in := range everyField().Fields {
		met[in.Kind] = true
	}
	for name, f := range forms(t) {
		for _, in := range f.Fields {
			if !met[in.Kind] {
				t.Errorf("the field %s of %s is a %q, which the form with everything has not", in.Name, name, in.Kind)
			}
		}
	}
	if len(met) != 5 {
		t.Errorf("it has %d kinds of field, there are 5", len(met))
	}
}

// golden compares what is sent, and what a reader sees of it.
func golden(t *testing.T, name string, sent any, seen string) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(sent); err != nil {
		t.Fatal(err)
	}
	goldenFile(t, name+".json", unescaped(b.String()))
	goldenFile(t, name+".txt", seen+"\n")
}

// unescaped writes what encoders inside of others escaped as people read it.
func unescaped(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

func goldenFile(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "drawn", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden: %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestNoGoldenIsLeftOver(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"home": true, "form_loading": true, "form_failed": true}
	for name := range said(t) {
		known["message_"+name] = true
	}
	for name := range forms(t) {
		known["form_"+name] = true
	}
	files, err := os.ReadDir("testdata/drawn")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(strings.TrimSuffix(f.Name(), ".json"), ".txt"); !known[name] {
			t.Errorf("testdata/drawn/%s is nothing's golden", f.Name())
		}
	}
}

// fitsShapes holds blocks against the shapes that Slack publishes for its own
// SDKs, where they are at hand: no thing has a key that Slack's has not.
func fitsShapes(t *testing.T, method string, blocks any) {
	t.Helper()
	specs := os.Getenv("TOCSIN_SPECS")
	if specs == "" {
		return
	}
	b, err := os.ReadFile(filepath.Join(specs, "slack-shapes", "json-logs", "samples", "api", method+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var sample any
	if err := json.Unmarshal(b, &sample); err != nil {
		t.Fatal(err)
	}
	shapes := map[string]map[string]bool{}
	typed(sample, func(kind string, thing map[string]any) {
		if shapes[kind] == nil {
			shapes[kind] = map[string]bool{}
		}
		for k := range thing {
			shapes[kind][k] = true
		}
	})
	b, err = json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var drawn any
	if err := json.Unmarshal(b, &drawn); err != nil {
		t.Fatal(err)
	}
	typed(drawn, func(kind string, thing map[string]any) {
		if shapes[kind] == nil {
			if kind != "header" { // the shapes are older than it
				t.Errorf("%s shows no %s", method, kind)
			}
			return
		}
		for k := range thing {
			if !shapes[kind][k] {
				t.Errorf("a %s of %s has no %q", kind, method, k)
			}
		}
	})
}

// typed calls do for everything that has a type.
func typed(v any, do func(kind string, thing map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		if kind, _ := v["type"].(string); kind != "" {
			do(kind, v)
		}
		for _, inner := range v {
			typed(inner, do)
		}
	case []any:
		for _, inner := range v {
			typed(inner, do)
		}
	}
}
