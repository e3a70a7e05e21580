package slacktest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// input is one thing in a view that people fill.
type input struct {
	block, action, label string
	element              object
	required             bool
}

func (v *view) inputs() []input {
	var out []input
	for _, b := range v.blocks() {
		o, _ := b.(object)
		id, _ := o["block_id"].(string)
		optional, _ := o["optional"].(bool)
		for _, el := range elementsIn([]any{b}) {
			if el["type"] == "button" || el["type"] == "overflow" {
				continue
			}
			action, _ := el["action_id"].(string)
			label := textOf(o["label"])
			if label == "" {
				label = textOf(o["text"])
			}
			out = append(out, input{id, action, label, el, o["type"] == "input" && !optional})
		}
	}
	return out
}

// field draws an input for a test's eyes.
func (v *view) field(in input) Field {
	kind, _ := in.element["type"].(string)
	out := Field{Block: in.block, Action: in.action, Label: in.label, Kind: kind, Value: v.current(in), Required: in.required}
	for _, one := range optionsOf(in.element) {
		out.Options = append(out.Options, one.value)
	}
	if n, ok := in.element["max_length"].(float64); ok {
		out.Max = int(n)
	}
	return out
}

// value is what stands in an input before anybody fills it.
func (in input) value() string {
	if initial := initialOptions(in.element); len(initial) > 0 {
		return strings.Join(initial, ",")
	}
	for _, name := range []string{"initial_value", "initial_user", "initial_conversation", "initial_channel", "initial_date", "initial_time"} {
		if s, _ := in.element[name].(string); s != "" {
			return s
		}
	}
	if n, ok := in.element["initial_date_time"].(float64); ok {
		return strconv.FormatInt(int64(n), 10)
	}
	for _, name := range []string{"initial_users", "initial_conversations", "initial_channels"} {
		if many, ok := in.element[name].([]any); ok {
			return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(many)), ","), "[]")
		}
	}
	return ""
}

func (in input) key() string { return in.block + "\n" + in.action }

// current is what stands in an input now: what was typed, or what the app put there.
func (v *view) current(in input) string {
	if typed, ok := v.typed[in.key()]; ok {
		return typed
	}
	return in.value()
}

// replace gives a view another body. An input with the block id and the action
// id of one that stood there keeps what stands in it, whatever the app puts
// there now: so does Slack.
func (v *view) replace(body object) {
	before := map[string]string{}
	for _, in := range v.inputs() {
		before[in.key()] = v.current(in)
	}
	v.body, v.typed = body, map[string]string{}
	for _, in := range v.inputs() {
		kept, was := before[in.key()]
		if _, err := in.state(kept); was && (err == nil || kept == "") {
			v.typed[in.key()] = kept
		}
	}
}

// Fill types values into the modal that is open for the user, and does not send it.
func (f *Fake) Fill(user string, values map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, v, err := f.viewer(user)
	switch {
	case err != nil:
		return err
	case v == nil:
		return errors.New("no form is open for " + u.Name)
	}
	v.write(values)
	return nil
}

// called says whether an input is meant: by block id, action id or label.
func (in input) called(name string) bool {
	return name == in.block || name == in.action || name == in.label
}

// write keeps what was typed. A name is the first input's that is called so.
func (v *view) write(values map[string]string) {
	used := map[string]bool{}
	if v.typed == nil {
		v.typed = map[string]string{}
	}
	for _, in := range v.inputs() {
		for _, name := range []string{in.block, in.action, in.label} {
			if given, ok := values[name]; ok && !used[name] {
				v.typed[in.key()], used[name] = given, true
				break
			}
		}
	}
}

// fill gives the state of a view when values are put into it, or what the form
// itself says against them.
func (v *view) fill(values map[string]string) (object, error) {
	for name := range values {
		if !slices.ContainsFunc(v.inputs(), func(in input) bool { return in.called(name) }) {
			return nil, fmt.Errorf("the form has no field %q", name)
		}
	}
	v.write(values)
	state := object{}
	for _, in := range v.inputs() {
		one, err := in.state(v.current(in))
		if err != nil {
			return nil, err
		}
		block, _ := state[in.block].(object)
		if block == nil {
			block = object{}
			state[in.block] = block
		}
		block[in.action] = one
	}
	return state, nil
}

// state is an input's value as the app gets it.
func (in input) state(value string) (object, error) {
	kind, _ := in.element["type"].(string)
	if value == "" && in.required {
		return nil, fmt.Errorf("%s: please complete this required field", in.label)
	}
	out := object{"type": kind}
	single, multi := strings.TrimPrefix(kind, "multi_"), strings.HasPrefix(kind, "multi_")
	switch single {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		out["value"] = nil
		if value != "" {
			out["value"] = value
		}
		return out, in.measure(value)
	case "static_select", "radio_buttons", "external_select", "checkboxes":
		return out, in.choose(out, value, multi || single == "checkboxes")
	case "datepicker", "timepicker":
		out["selected_"+strings.TrimSuffix(single, "picker")] = orNil(value)
		return out, nil
	case "datetimepicker":
		out["selected_date_time"] = nil
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			out["selected_date_time"] = n
		}
		return out, nil
	}
	what := map[string]string{"users_select": "user", "conversations_select": "conversation", "channels_select": "channel"}[single]
	if what == "" {
		return nil, errors.New("nobody knows how to fill a " + kind)
	}
	value = strings.Trim(value, "<@#>")
	if multi {
		out["selected_"+what+"s"] = listOf(value)
	} else {
		out["selected_"+what] = orNil(value)
	}
	return out, nil
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func listOf(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.Split(s, ",")
}

// measure says when words are too long or too short for their field.
func (in input) measure(value string) error {
	n := float64(utf8.RuneCountInString(value))
	if most, ok := in.element["max_length"].(float64); ok && n > most {
		return fmt.Errorf("%s: at most %v characters", in.label, most)
	}
	if least, ok := in.element["min_length"].(float64); ok && n < least && value != "" {
		return fmt.Errorf("%s: at least %v characters", in.label, least)
	}
	if n > 3000 {
		return fmt.Errorf("%s: at most 3000 characters", in.label)
	}
	return nil
}

// choose puts chosen options into a state.
func (in input) choose(out object, value string, many bool) error {
	var chosen []any
	for _, one := range listOf(value) {
		o := in.option(one)
		if o == nil {
			return fmt.Errorf("%s: there is no choice %q", in.label, one)
		}
		chosen = append(chosen, o)
	}
	if many {
		out["selected_options"] = append([]any{}, chosen...)
		return nil
	}
	out["selected_option"] = nil
	if len(chosen) > 0 {
		out["selected_option"] = chosen[0]
	}
	return nil
}

// option finds an option by its value or its label.
func (in input) option(word string) any {
	all, _ := in.element["options"].([]any)
	groups, _ := in.element["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(object)
		more, _ := group["options"].([]any)
		all = append(slices.Clone(all), more...)
	}
	for _, o := range all {
		if c := choiceOf(o); c.value == word || c.label == word {
			return o
		}
	}
	return nil
}
