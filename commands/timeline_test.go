package commands_test

import (
	"fmt"
	"strings"
	"testing"
)

// A long timeline is read page by page, and nothing is left out in between,
// also when entries happened long before they were recorded.
func TestTimelinePageByPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "checkout is failing")
	for i := range 100 {
		said := fmt.Sprintf("note entry number %d.", i)
		if i%7 == 0 {
			said = fmt.Sprintf("note at:yesterday entry number %d.", i)
		}
		if r := h.in(n, "ann", said); r.Kind != "" {
			t.Fatal(shown(r))
		}
	}
	found, command, pages := map[int]bool{}, "timeline", 0
	for command != "" {
		r := h.in(n, "ann", command)
		for i := range 100 {
			if strings.Contains(shown(r), fmt.Sprintf("entry number %d.", i)) {
				if found[i] {
					t.Errorf("entry %d is shown twice", i)
				}
				found[i] = true
			}
		}
		pages++
		_, command, _ = strings.Cut(shown(r), "/incident timeline ")
		command, _, _ = strings.Cut(command, "\n")
		if command != "" {
			command = "timeline " + command
		}
	}
	if len(found) != 100 || pages != 4 {
		t.Errorf("%d entries on %d pages", len(found), pages)
	}
}

func TestListPageByPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 40 {
		h.say("ann", fmt.Sprintf("declare drill:yes fire in hall %d!", i))
	}
	found, command, pages := 0, "list", 0
	for command != "" && pages < 9 {
		r := h.say("ann", command)
		found += strings.Count(shown(r), "fire in hall")
		pages++
		_, command, _ = strings.Cut(shown(r), "/incident list ")
		command, _, _ = strings.Cut(command, "\n")
		if command != "" {
			command = "list " + command
		}
	}
	if found != 40 || pages != 3 {
		t.Errorf("%d incidents on %d pages", found, pages)
	}
}
