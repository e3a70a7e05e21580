package reading

import (
	"strconv"
	"strings"

	"tocsin/incident/fault"
)

// maxSteps bounds how deep a path goes, and how long it is looked for.
const maxSteps = 64

// Find follows a path: names with dots between them, items of a list by their
// number, "alerts[0].labels.app". A name may hold dots itself. Several paths
// may stand beside each other, "title | name": the first that leads to words
// counts. 'checkout' in single quotes is that word itself. Nothing there: nil.
func Find(t Tree, path string) Tree {
	for one := range strings.SplitSeq(path, "|") {
		one = strings.TrimSpace(one)
		if len(one) >= 2 && one[0] == '\'' && one[len(one)-1] == '\'' {
			return one[1 : len(one)-1]
		}
		if one == "" {
			continue
		}
		steps := maxSteps
		if v := follow(t, one, &steps); v != nil && v != "" {
			return v
		}
	}
	return nil
}

// First is the first of several names of a body that leads to words.
func First(t Tree, names ...string) string {
	for _, name := range names {
		if w := strings.TrimSpace(Words(Find(t, name))); w != "" {
			return w
		}
	}
	return ""
}

func follow(t Tree, path string, steps *int) Tree {
	if *steps--; *steps < 0 {
		return nil
	}
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		return t
	}
	switch t := t.(type) {
	case map[string]any:
		return inObject(t, path, steps)
	case []any:
		name, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		if path[0] != '[' {
			name, rest, _ = strings.Cut(path, ".")
		}
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 || n >= len(t) {
			return nil
		}
		return follow(t[n], rest, steps)
	}
	return nil
}

// inObject tries the longest name first, so that one with dots in it is found.
func inObject(t map[string]any, path string, steps *int) Tree {
	for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
		v, there := t[path[:end]]
		if !there {
			continue
		}
		if found := follow(v, path[end:], steps); found != nil {
			return found
		}
	}
	return nil
}

// PathFault says what is wrong with a path; empty: nothing.
func PathFault(path string) string {
	for one := range strings.SplitSeq(path, "|") {
		one = strings.TrimSpace(one)
		switch {
		case one == "":
			return "a place is missing before or after |"
		case strings.Count(one, ".")+strings.Count(one, "[") >= maxSteps:
			return "it goes too deep"
		case strings.HasPrefix(one, "'") != strings.HasSuffix(one, "'") || one == "'":
			return "a quote is not closed"
		case strings.HasPrefix(one, "'"):
		case strings.Count(one, "[") != strings.Count(one, "]"):
			return "a bracket is not closed"
		case strings.ContainsAny(one, "{}$"):
			return "it is a path such as check.name or alerts[0].id, not a template"
		}
	}
	return ""
}

// Items are what a body holds: the items of the list at a path, or the body
// itself; a body that is a list is its items.
func Items(t Tree, list string) ([]Tree, error) {
	if list != "" {
		found := Find(t, list)
		if found == nil {
			return nil, fault.New(fault.Invalid, "The body has nothing at %q.", list)
		}
		t = found
	}
	all, is := t.([]any)
	if !is {
		all = []any{t}
	}
	if len(all) > MaxAlerts {
		return nil, fault.New(fault.Invalid, "The body holds %d items; %d is the most.", len(all), MaxAlerts)
	}
	out := make([]Tree, 0, len(all))
	for _, one := range all {
		if _, is := one.(map[string]any); !is {
			return nil, fault.New(fault.Invalid, "The body is no object with names, nor a list of such.").
				WithExample(`{"dedup_key":"backup/orders","status":"firing","title":"Nightly backup failed"}`)
		}
		out = append(out, one)
	}
	return out, nil
}

// Place is the words at a path of a rule; without one, at the first of the
// names that senders commonly use.
func Place(t Tree, rule string, common ...string) string {
	if rule != "" {
		return strings.TrimSpace(Words(Find(t, rule)))
	}
	return First(t, common...)
}
