package pagerdutytest

import (
	"slices"
	"strings"
)

// served are the parts of the REST document that the fake serves.
func served(path string) bool {
	if strings.Contains(path, "custom_fields") || strings.HasPrefix(path, "/incidents/types") {
		return false
	}
	return slices.ContainsFunc([]string{
		"/incidents", "/oncalls", "/users", "/services", "/escalation_policies", "/schedules", "/v3/schedules",
		"/teams", "/priorities", "/abilities", "/webhook_subscriptions",
	}, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// mendREST mends what is wrong with the document itself: filters of several
// values that it declares as one string; headers that OpenAPI says are no
// parameters; an incident's details, an object of which its own example is a
// text; and values that are null in PagerDuty's own examples and prose without
// being declared so.
func mendREST(doc object) {
	paths := doc["paths"].(object)
	for path, item := range paths {
		if !served(path) {
			delete(paths, path)
			continue
		}
		for _, op := range item.(object) {
			mendParameters(op)
		}
	}
	each(doc, mendSchema)
	schemas := doc["components"].(object)["schemas"].(object)
	mendFields(schemas, "Oncall", "schedule", "start", "end", "user", "escalation_policy")
	each(schemas["User"], func(o object) {
		if p, ok := o["properties"].(object); ok && p["contact_methods"] != nil {
			p["contact_methods"] = object{"type": "array", "items": anything()} // references, or whole ones when asked to include them
		}
	})
	each(schemas["Service"], func(o object) {
		if p, ok := o["properties"].(object); ok && p["integrations"] != nil {
			p["integrations"] = object{"type": "array", "items": anything()}
		}
	})
	each(schemas["Incident"], func(o object) {
		if p, ok := o["properties"].(object); ok && p["incident_key"] != nil {
			for _, name := range []string{"priority", "resolve_reason", "resolved_at", "conference_bridge"} {
				p[name] = anything()
			}
		}
	})
}

func anything() object { return object{"nullable": true} }

// mendFields lets fields of a schema be anything.
func mendFields(schemas object, name string, fields ...string) {
	s, ok := schemas[name].(object)
	if !ok {
		return
	}
	for _, f := range fields {
		if p, ok := s["properties"].(object); ok {
			p[f] = anything()
		}
	}
}

// each does something to every object of a document.
func each(v any, do func(object)) {
	switch v := v.(type) {
	case object:
		do(v)
		for _, x := range v {
			each(x, do)
		}
	case []any:
		for _, x := range v {
			each(x, do)
		}
	}
}

// mendParameters mends the parameters of an operation.
func mendParameters(op any) {
	o, ok := op.(object)
	if !ok {
		return
	}
	all, _ := o["parameters"].([]any)
	o["parameters"] = slices.DeleteFunc(all, func(p any) bool {
		ref, _ := p.(object)["$ref"].(string)
		name, _ := p.(object)["name"].(string)
		ref = ref[strings.LastIndex(ref, "/")+1:]
		return name == "Accept" || name == "Content-Type" || ref == "header_Accept" || ref == "header_Content-Type"
	})
}

// mendSchema mends one object wherever it stands.
func mendSchema(o object) {
	if name, _ := o["name"].(string); strings.HasSuffix(name, "[]") && o["in"] == "query" {
		if s, ok := o["schema"].(object); ok && s["type"] == "string" {
			one := object{"type": "string"}
			if s["enum"] != nil {
				one["enum"] = s["enum"]
			}
			o["schema"] = object{"type": "array", "items": one, "uniqueItems": true}
		}
	}
	if p, ok := o["properties"].(object); ok {
		if d, ok := p["details"].(object); ok && d["type"] == "object" {
			p["details"] = anything()
		}
	}
}
