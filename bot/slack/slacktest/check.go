package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// checker walks through blocks and notes what Slack refuses of them.
type checker struct {
	wrong  []string
	inside surface
	seen   map[string]bool // block ids
	acts   map[string]bool // action ids of the block
}

// surface is where blocks stand.
type surface int

const (
	inMessage surface = iota
	inModal
	inHome
)

func (k *checker) no(path, format string, args ...any) {
	k.wrong = append(k.wrong, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
}

// check looks at one value.
type check func(k *checker, v any, path string)

// field is one field of an object.
type field struct {
	need  bool
	check check
}

func must(c check) field { return field{true, c} }
func may(c check) field  { return field{false, c} }

// fields are an object's fields by name; "type" is always one.
type fields map[string]field

func (k *checker) object(v any, path string, all fields) (object, bool) {
	o, ok := v.(object)
	if !ok {
		k.no(path, "must provide an object")
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		value := o[name]
		f, known := all[name]
		switch {
		case name == "type":
		case !known:
			k.no(path, "no more than the known fields: %s is not one", name)
		case value == nil && !f.need:
		default:
			f.check(k, value, path+"/"+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, there := o[name]; all[name].need && !there {
			k.no(path, "missing required field: %s", name)
		}
	}
	return o, true
}

// str is a text of one to so many characters.
func str(most int) check {
	return func(k *checker, v any, path string) {
		s, ok := v.(string)
		switch n := utf8.RuneCountInString(s); {
		case !ok:
			k.no(path, "must provide a string")
		case n == 0:
			k.no(path, "must be more than 0 characters")
		case n > most:
			k.no(path, "must be less than %d characters", most+1)
		}
	}
}

// maybe is a text of at most so many characters.
func maybe(most int) check {
	return func(k *checker, v any, path string) {
		if s, ok := v.(string); !ok || s != "" {
			str(most)(k, v, path)
		}
	}
}

func oneOf(all ...string) check {
	return func(k *checker, v any, path string) {
		if s, ok := v.(string); !ok || !slices.Contains(all, s) {
			k.no(path, "must be one of %s", strings.Join(all, ", "))
		}
	}
}

func boolean(k *checker, v any, path string) {
	if _, ok := v.(bool); !ok {
		k.no(path, "must provide a boolean")
	}
}

func number(least, most float64) check {
	return func(k *checker, v any, path string) {
		n, ok := v.(float64)
		if !ok || n < least || n > most {
			k.no(path, "must be a number from %v to %v", least, most)
		}
	}
}

// list holds so many values.
func list(least, most int, each check) check {
	return func(k *checker, v any, path string) {
		all, ok := v.([]any)
		switch {
		case !ok:
			k.no(path, "must provide an array")
		case len(all) < least:
			k.no(path, "no less than %d items allowed", least)
		case len(all) > most:
			k.no(path, "no more than %d items allowed", most)
		default:
			for i, one := range all {
				each(k, one, fmt.Sprintf("%s/%d", path, i))
			}
		}
	}
}

func anything(*checker, any, string) {}

// text is a text object of certain types.
func text(most int, types ...string) check {
	return func(k *checker, v any, path string) {
		o, ok := k.object(v, path, fields{"text": must(str(most)), "emoji": may(boolean), "verbatim": may(boolean)})
		if !ok {
			return
		}
		kind, _ := o["type"].(string)
		switch {
		case !slices.Contains(types, kind):
			k.no(path+"/type", "must be one of %s", strings.Join(types, ", "))
		case kind == "plain_text" && o["verbatim"] != nil:
			k.no(path, "verbatim is a field of mrkdwn")
		case kind == "mrkdwn" && o["emoji"] != nil:
			k.no(path, "emoji is a field of plain_text")
		}
	}
}

func plain(most int) check  { return text(most, "plain_text") }
func either(most int) check { return text(most, "plain_text", "mrkdwn") }

// checkBlocks gives what is wrong with the blocks of a message or a view.
func checkBlocks(blocks []any, where surface) []string {
	k := &checker{inside: where, seen: map[string]bool{}}
	most := 50
	if where != inMessage {
		most = 100
	}
	if len(blocks) > most {
		k.no("/blocks", "no more than %d items allowed", most)
		return k.wrong
	}
	tables := 0
	for i, b := range blocks {
		if o, ok := b.(object); ok && o["type"] == "table" {
			tables++
		}
		k.block(b, fmt.Sprintf("/blocks/%d", i))
	}
	if tables > 1 {
		k.no("/blocks", "only one table is allowed")
	}
	return k.wrong
}

func (k *checker) block(v any, path string) {
	o, ok := v.(object)
	if !ok {
		k.no(path, "must provide an object")
		return
	}
	kind, _ := o["type"].(string)
	all, known := blockFields(kind, k.inside)
	if !known {
		k.no(path+"/type", "unsupported type: %s", kind)
		return
	}
	all["block_id"] = may(maybe(255))
	k.acts = map[string]bool{}
	k.object(v, path, all)
	if id, _ := o["block_id"].(string); id != "" {
		if k.seen[id] {
			k.no(path+"/block_id", "block_id %q already exists", id)
		}
		k.seen[id] = true
	}
	switch {
	case kind == "section" && o["text"] == nil && o["fields"] == nil:
		k.no(path, "missing required field: text or fields")
	case kind == "image" && o["image_url"] == nil && o["slack_file"] == nil:
		k.no(path, "missing required field: image_url")
	}
}

func blockFields(kind string, where surface) (fields, bool) {
	switch kind {
	case "section":
		return fields{
			"text": may(either(3000)), "fields": may(list(1, 10, either(2000))), "expand": may(boolean),
			"accessory": may(element(accessories()...)),
		}, true
	case "header":
		return fields{"text": must(plain(150)), "level": may(number(1, 4))}, true
	case "divider":
		return fields{}, true
	case "context":
		return fields{"elements": must(list(1, 10, element("image", "plain_text", "mrkdwn")))}, true
	case "actions":
		return fields{"elements": must(list(1, 25, element(actionable()...)))}, true
	case "image":
		return fields{"image_url": may(str(3000)), "slack_file": may(anything), "alt_text": must(str(2000)), "title": may(plain(2000))}, true
	case "input":
		return fields{
			"label": must(plain(2000)), "element": must(element(inputs()...)), "hint": may(plain(2000)),
			"optional": may(boolean), "dispatch_action": may(boolean),
		}, true
	case "rich_text":
		return fields{"elements": must(list(1, 1000, richPart))}, true
	case "markdown":
		return fields{"text": must(str(12_000))}, where == inMessage
	case "table":
		return fields{"rows": must(list(1, 100, anything)), "column_settings": may(list(0, 20, anything))}, where == inMessage
	}
	return nil, false
}

func accessories() []string {
	return append(actionable(), "image", "multi_static_select", "multi_users_select", "multi_conversations_select", "multi_channels_select")
}

func actionable() []string {
	return []string{
		"button", "static_select", "users_select", "conversations_select", "channels_select", "external_select", "overflow",
		"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons",
	}
}

func inputs() []string {
	return []string{
		"plain_text_input", "email_text_input", "url_text_input", "number_input", "static_select", "users_select",
		"conversations_select", "channels_select", "external_select", "datepicker", "timepicker", "datetimepicker", "checkboxes",
		"radio_buttons", "multi_static_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
}

// countText is how many characters the blocks hold.
func countText(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			n += countText(one)
		}
	case object:
		for name, one := range v {
			if s, ok := one.(string); ok && name == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += countText(one)
		}
	}
	return n
}

// WrongBlocks says what Slack would refuse about the blocks of a message, given
// as JSON; nothing: it would take them.
func WrongBlocks(blocks []byte) []string {
	var all []any
	if err := json.Unmarshal(blocks, &all); err != nil {
		return []string{err.Error()}
	}
	wrong := checkBlocks(all, inMessage)
	if n := countText(all); n > textLimit {
		wrong = append(wrong, fmt.Sprintf("%d characters in all blocks together, at most %d", n, textLimit))
	}
	return wrong
}

// WrongView says the same of a view, a modal or a home tab.
func WrongView(view []byte) []string {
	v := parsed(view)
	kind, _ := v["type"].(string)
	switch {
	case v == nil:
		return []string{"it is no object"}
	case kind != "modal" && kind != "home":
		return []string{"it is neither a modal nor a home tab"}
	}
	wrong := checkView(v, kind)
	if len(view) > viewLimit {
		wrong = append(wrong, "it is larger than 250 kB")
	}
	return wrong
}
