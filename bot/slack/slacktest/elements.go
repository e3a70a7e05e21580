package slacktest

import (
	"slices"
	"strings"
	"time"
)

// element is a block element of certain types.
func element(types ...string) check {
	return func(k *checker, v any, path string) {
		o, ok := v.(object)
		if !ok {
			k.no(path, "must provide an object")
			return
		}
		kind, _ := o["type"].(string)
		if !slices.Contains(types, kind) {
			k.no(path+"/type", "unsupported type: %s", kind)
			return
		}
		if kind == "plain_text" || kind == "mrkdwn" {
			either(3000)(k, v, path)
			return
		}
		all := elementFields(kind)
		if kind != "image" {
			all["action_id"] = may(maybe(255))
		}
		k.object(v, path, all)
		k.choices(o, kind, path)
		if id, _ := o["action_id"].(string); id != "" {
			if k.acts[id] {
				k.no(path+"/action_id", "action_id %q already exists in this block", id)
			}
			k.acts[id] = true
		}
	}
}

func elementFields(kind string) fields {
	base := fields{"confirm": may(confirm), "focus_on_load": may(boolean), "placeholder": may(plain(150))}
	with := func(more fields, without ...string) fields {
		for name, f := range more {
			base[name] = f
		}
		for _, name := range without {
			delete(base, name)
		}
		return base
	}
	single, multi := strings.TrimPrefix(kind, "multi_"), strings.HasPrefix(kind, "multi_")
	if multi {
		base["max_selected_items"] = may(number(1, 1000))
	}
	switch single {
	case "button":
		return with(fields{
			"text": must(plain(75)), "url": may(str(3000)), "value": may(str(2000)), "style": may(oneOf("primary", "danger")),
			"accessibility_label": may(str(75)),
		}, "focus_on_load", "placeholder")
	case "image":
		return fields{"image_url": may(str(3000)), "slack_file": may(anything), "alt_text": must(str(2000))}
	case "static_select":
		return with(fields{
			"options": may(list(1, 100, option(75))), "option_groups": may(list(1, 100, optionGroup)),
			"initial_option": may(option(75)), "initial_options": may(list(1, 100, option(75))),
		})
	case "external_select":
		return with(fields{"min_query_length": may(number(0, 100)), "initial_option": may(option(75))})
	case "users_select":
		return with(fields{"initial_user": may(str(50)), "initial_users": may(list(1, 1000, str(50)))})
	case "conversations_select":
		return with(fields{
			"initial_conversation": may(str(50)), "initial_conversations": may(list(1, 1000, str(50))),
			"default_to_current_conversation": may(boolean), "response_url_enabled": may(boolean), "filter": may(anything),
		})
	case "channels_select":
		return with(fields{"initial_channel": may(str(50)), "initial_channels": may(list(1, 1000, str(50))), "response_url_enabled": may(boolean)})
	case "overflow":
		return with(fields{"options": must(list(2, 5, option(75)))}, "focus_on_load", "placeholder")
	case "checkboxes":
		return with(fields{"options": must(list(1, 10, option(75))), "initial_options": may(list(1, 10, option(75)))}, "placeholder")
	case "radio_buttons":
		return with(fields{"options": must(list(1, 10, option(75))), "initial_option": may(option(75))}, "placeholder")
	case "datepicker":
		return with(fields{"initial_date": may(layout(time.DateOnly))})
	case "timepicker":
		return with(fields{"initial_time": may(layout("15:04")), "timezone": may(str(100))})
	case "datetimepicker":
		return with(fields{"initial_date_time": may(number(1e9, 1e10))}, "placeholder")
	}
	typing := with(fields{"initial_value": may(str(3000)), "dispatch_action_config": may(anything)}, "confirm")
	switch single {
	case "plain_text_input":
		typing["multiline"], typing["min_length"], typing["max_length"] = may(boolean), may(number(0, 3000)), may(number(1, 3000))
	case "number_input":
		typing["is_decimal_allowed"], typing["min_value"], typing["max_value"] = must(boolean), may(str(100)), may(str(100))
	}
	return typing
}

func layout(form string) check {
	return func(k *checker, v any, path string) {
		s, _ := v.(string)
		if _, err := time.Parse(form, s); err != nil {
			k.no(path, "must be written like %s", form)
		}
	}
}

func option(label int) check {
	return func(k *checker, v any, path string) {
		k.object(v, path, fields{"text": must(either(label)), "value": must(str(150)), "description": may(either(75)), "url": may(str(3000))})
	}
}

func optionGroup(k *checker, v any, path string) {
	k.object(v, path, fields{"label": must(plain(75)), "options": must(list(1, 100, option(75)))})
}

func confirm(k *checker, v any, path string) {
	k.object(v, path, fields{
		"title": must(plain(100)), "text": must(either(300)), "confirm": must(plain(30)), "deny": must(plain(30)),
		"style": may(oneOf("primary", "danger")),
	})
}

// choices checks that what is chosen at first can be chosen at all.
func (k *checker) choices(o object, kind, path string) {
	if !strings.HasSuffix(kind, "static_select") && kind != "radio_buttons" && kind != "checkboxes" {
		return
	}
	options := optionsOf(o)
	if len(options) == 0 {
		k.no(path, "missing required field: options")
	}
	var values []string
	for _, one := range options {
		values = append(values, one.value)
	}
	initial := initialOptions(o)
	for _, v := range initial {
		if !slices.Contains(values, v) {
			k.no(path+"/initial_option", "%q is not one of the options", v)
		}
	}
}

// choice is one option of a select.
type choice struct{ value, label string }

func optionsOf(o object) []choice {
	var out []choice
	take := func(v any) {
		all, _ := v.([]any)
		for _, one := range all {
			out = append(out, choiceOf(one))
		}
	}
	take(o["options"])
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(object); ok {
			take(group["options"])
		}
	}
	return out
}

func choiceOf(v any) choice {
	o, _ := v.(object)
	value, _ := o["value"].(string)
	return choice{value, textOf(o["text"])}
}

// textOf gives the words of a text object.
func textOf(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	return s
}

func initialOptions(o object) []string {
	var out []string
	if one, ok := o["initial_option"].(object); ok {
		out = append(out, choiceOf(one).value)
	}
	many, _ := o["initial_options"].([]any)
	for _, one := range many {
		out = append(out, choiceOf(one).value)
	}
	return out
}

// richPart is one part of a rich_text block.
func richPart(k *checker, v any, path string) {
	o, _ := v.(object)
	kind, _ := o["type"].(string)
	words := must(list(0, 1000, richSpan))
	number := may(number(0, 100))
	switch kind {
	case "rich_text_section":
		k.object(v, path, fields{"elements": words})
	case "rich_text_quote":
		k.object(v, path, fields{"elements": words, "border": number})
	case "rich_text_preformatted":
		k.object(v, path, fields{"elements": words, "border": number, "language": may(maybe(100))})
	case "rich_text_list":
		k.object(v, path, fields{
			"elements": must(list(1, 1000, richPart)), "style": must(oneOf("bullet", "ordered")),
			"indent": number, "border": number, "offset": number,
		})
	default:
		k.no(path+"/type", "unsupported type: %s", kind)
	}
}

// richSpan is one run of words in it.
func richSpan(k *checker, v any, path string) {
	o, _ := v.(object)
	kind, _ := o["type"].(string)
	style := may(richStyle)
	switch kind {
	case "text":
		k.object(v, path, fields{"text": must(str(20_000)), "style": style})
	case "link":
		k.object(v, path, fields{"url": must(str(3000)), "text": may(maybe(3000)), "unsafe": may(boolean), "style": style})
	case "user":
		k.object(v, path, fields{"user_id": must(str(50)), "style": style})
	case "usergroup":
		k.object(v, path, fields{"usergroup_id": must(str(50)), "style": style})
	case "channel":
		k.object(v, path, fields{"channel_id": must(str(50)), "style": style})
	case "team":
		k.object(v, path, fields{"team_id": must(str(50)), "style": style})
	case "emoji":
		k.object(v, path, fields{"name": must(str(100)), "unicode": may(str(100)), "skin_tone": may(number(0, 6)), "style": style})
	case "broadcast":
		k.object(v, path, fields{"range": must(oneOf("here", "channel", "everyone")), "style": style})
	case "color":
		k.object(v, path, fields{"value": must(str(10)), "style": style})
	case "date":
		k.object(v, path, fields{
			"timestamp": must(number(0, 1e11)), "format": must(str(200)), "timezone": may(str(100)), "url": may(str(3000)),
			"fallback": may(str(300)), "style": style,
		})
	default:
		k.no(path+"/type", "unsupported type: %s", kind)
	}
}

func richStyle(k *checker, v any, path string) {
	k.object(v, path, fields{
		"bold": may(boolean), "italic": may(boolean), "strike": may(boolean), "code": may(boolean), "underline": may(boolean),
		"highlight": may(boolean), "client_highlight": may(boolean), "unlink": may(boolean),
	})
}
