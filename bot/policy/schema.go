package policy

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Schema is the JSON Schema of the policy file, for editors. It is made from
// the struct that the file is read into, so the two cannot differ.
func Schema() []byte {
	root := object(reflect.TypeFor[file]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Policy of tocsin"
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil // maps of strings always encode
	}
	return append(b, '\n')
}

func object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	var required []string
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		p := shape(f.Type, f.Tag.Get("enum"))
		p["description"] = f.Tag.Get("desc")
		properties[name] = p
		if f.Tag.Get("required") == "true" {
			required = append(required, name)
		}
	}
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		out["required"] = required
	}
	return out
}

func shape(t reflect.Type, enum string) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return shape(t.Elem(), enum)
	case reflect.Struct:
		return object(t)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": shape(t.Elem(), enum)}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return withEnum(map[string]any{"type": "integer"}, enum, func(s string) any { n, _ := strconv.Atoi(s); return n })
	default:
		return withEnum(map[string]any{"type": "string"}, enum, func(s string) any { return s })
	}
}

func withEnum(m map[string]any, enum string, value func(string) any) map[string]any {
	if enum == "" {
		return m
	}
	var values []any
	for one := range strings.SplitSeq(enum, ",") {
		values = append(values, value(one))
	}
	m["enum"] = values
	return m
}
