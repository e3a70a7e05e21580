package slack_test

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// withinLimits checks blocks against what Slack publishes, knowing nothing of
// how they were drawn: most is 50 in a message and 100 in a view.
func withinLimits(t rapid.TB, blocks any, most int) {
	t.Helper()
	b, err := json.Marshal(blocks)
	if err != nil {
		t.Fatalf("the blocks are no JSON: %v", err)
	}
	var anything any
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	if json.Unmarshal(b, &anything) != nil || e.Encode(anything) != nil {
		t.Fatal("the blocks cannot be written again")
	}
	var list []map[string]any
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatalf("the blocks are no list: %v", err)
	}
	if len(list) > most {
		t.Fatalf("%d blocks, Slack takes %d", len(list), most)
	}
	if n := utf8.RuneCount(plain.Bytes()); n > 12_100 && most == 50 {
		t.Fatalf("the blocks take %d characters, Slack refuses some 13,300", n)
	}
	l := &limits{t: t, ids: map[string]bool{}}
	for _, block := range list {
		l.block(block)
	}
	if l.said > 12_000 && most == 50 {
		t.Fatalf("the blocks say %d characters, Slack takes 12,000", l.said)
	}
}

type limits struct {
	t    rapid.TB
	ids  map[string]bool
	said int
}

func (l *limits) block(b map[string]any) {
	l.t.Helper()
	l.only(b, map[string][]string{
		"header": {"text"}, "section": {"text", "fields"}, "context": {"elements"}, "actions": {"elements"},
		"divider": {}, "rich_text": {"elements"}, "input": {"block_id", "label", "element", "hint", "optional"},
	})
	switch b["type"] {
	case "header":
		l.text(b["text"], "plain_text", 150)
	case "section":
		l.count("fields", b["fields"], 10)
		if b["text"] == nil && b["fields"] == nil {
			l.t.Fatalf("a section says nothing: %v", b)
		}
		if b["text"] != nil {
			l.text(b["text"], "", 3000)
		}
		for _, f := range items(b["fields"]) {
			l.text(f, "", 2000)
		}
	case "context":
		l.full("a context", b["elements"], 10)
		for _, e := range items(b["elements"]) {
			l.text(e, "", 3000)
		}
	case "actions":
		l.full("a row of buttons", b["elements"], 25)
		for _, e := range items(b["elements"]) {
			l.button(e.(map[string]any))
		}
	case "rich_text":
		l.full("a rich text", b["elements"], 10_000)
		for _, e := range items(b["elements"]) {
			l.rich(e.(map[string]any))
		}
	case "input":
		l.input(b)
	}
}

// only says which keys a thing of a type may have, and that the type is known.
func (l *limits) only(thing map[string]any, known map[string][]string) {
	l.t.Helper()
	kind, _ := thing["type"].(string)
	keys, ok := known[kind]
	if !ok {
		l.t.Fatalf("Slack knows no %q here: %v", kind, thing)
	}
	allowed := map[string]bool{"type": true}
	for _, k := range keys {
		allowed[k] = true
	}
	for k := range thing {
		if !allowed[k] {
			l.t.Fatalf("a %s has no %q: %v", kind, k, thing)
		}
	}
}

func items(v any) []any {
	list, _ := v.([]any)
	return list
}

func (l *limits) count(what string, v any, most int) {
	l.t.Helper()
	if n := len(items(v)); n > most {
		l.t.Fatalf("%s: %d, Slack takes %d", what, n, most)
	}
}

func (l *limits) full(what string, v any, most int) {
	l.t.Helper()
	if len(items(v)) == 0 {
		l.t.Fatalf("%s holds nothing", what)
	}
	l.count(what, v, most)
}

func (l *limits) text(v any, kind string, most int) {
	l.t.Helper()
	o, ok := v.(map[string]any)
	if !ok {
		l.t.Fatalf("no text: %v", v)
	}
	l.only(o, map[string][]string{"plain_text": {"text", "emoji"}, "mrkdwn": {"text", "verbatim"}})
	if kind != "" && o["type"] != kind {
		l.t.Fatalf("%v is no %s", o, kind)
	}
	l.words(o["text"], 1, most)
}

func (l *limits) words(v any, least, most int) {
	l.t.Helper()
	s, _ := v.(string)
	if n := utf8.RuneCountInString(s); n < least || n > most || !utf8.ValidString(s) {
		l.t.Fatalf("%d characters, Slack takes %d to %d: %q", n, least, most, s)
	}
	l.said += utf8.RuneCountInString(s)
}

func (l *limits) id(v any, most int) {
	l.t.Helper()
	s, _ := v.(string)
	if s == "" || len(s) > most || l.ids[s] {
		l.t.Fatalf("the id %q is none, too long or there twice", s)
	}
	l.ids[s] = true
}

func (l *limits) button(b map[string]any) {
	l.t.Helper()
	l.only(b, map[string][]string{"button": {"text", "action_id", "value", "url", "style", "confirm"}})
	l.text(b["text"], "plain_text", 75)
	l.id(b["action_id"], 255)
	if v, _ := b["value"].(string); len(v) > 2000 {
		l.t.Fatalf("a button carries %d bytes", len(v))
	}
	if u, _ := b["url"].(string); len(u) > 3000 {
		l.t.Fatalf("a button links to %d bytes", len(u))
	}
	if s := b["style"]; s != nil && s != "primary" && s != "danger" {
		l.t.Fatalf("Slack has no style %v", s)
	}
	if c, ok := b["confirm"].(map[string]any); ok {
		l.text(c["title"], "plain_text", 100)
		l.text(c["text"], "plain_text", 300)
		l.text(c["confirm"], "plain_text", 30)
		l.text(c["deny"], "plain_text", 30)
	}
}

func (l *limits) rich(e map[string]any) {
	l.t.Helper()
	l.only(e, map[string][]string{
		"rich_text_section": {"elements"}, "rich_text_quote": {"elements", "border"}, "rich_text_preformatted": {"elements", "border"},
		"rich_text_list": {"elements", "style", "indent", "border", "offset"},
	})
	l.full("rich text", e["elements"], 10_000)
	for _, inner := range items(e["elements"]) {
		inner := inner.(map[string]any)
		if e["type"] == "rich_text_list" {
			if inner["type"] != "rich_text_section" {
				l.t.Fatalf("a list holds a %v", inner["type"])
			}
			l.rich(inner)
			continue
		}
		l.run(inner)
	}
}

func (l *limits) run(e map[string]any) {
	l.t.Helper()
	l.only(e, map[string][]string{
		"text": {"text", "style"}, "link": {"url", "text", "style"}, "user": {"user_id", "style"},
		"channel": {"channel_id", "style"}, "date": {"timestamp", "format", "fallback", "style"},
	})
	switch e["type"] {
	case "text":
		l.words(e["text"], 1, 12_000)
	case "link":
		l.words(e["url"], 1, 3000)
	case "date":
		if at, _ := e["timestamp"].(float64); at <= 0 || at != float64(int64(at)) {
			l.t.Fatalf("%v is no moment", e)
		}
		l.words(e["format"], 1, 100)
		l.words(e["fallback"], 1, 100)
	}
}

func (l *limits) input(b map[string]any) {
	l.t.Helper()
	l.id(b["block_id"], 255)
	l.text(b["label"], "plain_text", 2000)
	if b["hint"] != nil {
		l.text(b["hint"], "plain_text", 2000)
	}
	e := b["element"].(map[string]any)
	l.only(e, map[string][]string{
		"plain_text_input": {"action_id", "placeholder", "initial_value", "multiline", "max_length"},
		"static_select":    {"action_id", "placeholder", "options", "initial_option"},
		"users_select":     {"action_id", "placeholder", "initial_user"},
		"checkboxes":       {"action_id", "options", "initial_options"},
	})
	if e["placeholder"] != nil {
		l.text(e["placeholder"], "plain_text", 150)
	}
	switch e["type"] {
	case "plain_text_input":
		most, _ := e["max_length"].(float64)
		if most < 1 || most > 3000 {
			l.t.Fatalf("an input takes %v characters", most)
		}
		l.words(e["initial_value"], 0, int(most))
	case "static_select":
		l.full("a select", e["options"], 100)
		l.options(e["options"], e["initial_option"])
	case "checkboxes":
		l.full("checks", e["options"], 10)
		for _, chosen := range append(items(e["initial_options"]), nil) {
			l.options(e["options"], chosen)
		}
	}
}

// options checks choices, and that what is chosen is one of them.
func (l *limits) options(options, chosen any) {
	l.t.Helper()
	found := chosen == nil
	for _, o := range items(options) {
		o := o.(map[string]any)
		l.text(o["text"], "plain_text", 75)
		value, _ := o["value"].(string)
		if value == "" || len(value) > 150 {
			l.t.Fatalf("an option has the value %q", value)
		}
		if c, ok := chosen.(map[string]any); ok && c["value"] == value && c["text"].(map[string]any)["text"] == o["text"].(map[string]any)["text"] {
			found = true
		}
	}
	if !found {
		l.t.Fatalf("%v is chosen, but is no option", chosen)
	}
}

// viewWithin checks a whole view.
func viewWithin(t rapid.TB, view any) {
	t.Helper()
	b, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 250_000 {
		t.Fatalf("the view takes %d bytes", len(b))
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	l := &limits{t: t, ids: map[string]bool{}}
	asks := false
	for _, block := range items(v["blocks"]) {
		asks = asks || block.(map[string]any)["type"] == "input"
	}
	if v["type"] == "modal" {
		l.text(v["title"], "plain_text", 24)
		l.text(v["close"], "plain_text", 24)
		if v["submit"] != nil {
			l.text(v["submit"], "plain_text", 24)
		}
		if asks && v["submit"] == nil {
			t.Fatal("a view with inputs needs a button that sends them")
		}
	}
	if m, _ := v["private_metadata"].(string); len(m) > 3000 {
		t.Fatalf("the view keeps %d bytes", len(m))
	}
	if c, _ := v["callback_id"].(string); c == "" || len(c) > 255 {
		t.Fatalf("the callback is %q", c)
	}
	if len(items(v["blocks"])) == 0 {
		t.Fatal("the view is empty")
	}
	withinLimits(t, v["blocks"], 100)
}
