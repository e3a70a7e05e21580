package exports_test

import (
	"testing"

	"tocsin/incident/fault"
	"tocsin/incident/review/exports"
	"tocsin/incident/review/source"
)

// sound says what an input is held to, whatever it was read from.
func sound(t *testing.T, in source.Input) {
	t.Helper()
	ids, people := map[string]bool{}, map[string]bool{}
	for _, p := range in.People {
		if p.ID == "" || people[p.ID] {
			t.Fatalf("person %q stands twice, or has no id", p.ID)
		}
		people[p.ID] = true
	}
	for n, m := range in.Messages {
		switch {
		case m.ID == "" || ids[m.ID]:
			t.Fatalf("id %q stands twice, or is none", m.ID)
		case n > 0 && m.At.Before(in.Messages[n-1].At):
			t.Fatalf("%s comes before the message before it", m.ID)
		case m.Deleted && (m.Text != "" || len(m.Files) > 0):
			t.Fatalf("%s is deleted and speaks", m.ID)
		case m.Author != "" && !people[m.Author]:
			t.Fatalf("%s is said by nobody who is known: %q", m.ID, m.Author)
		}
		ids[m.ID] = true
	}
	for _, f := range in.Facts {
		switch {
		case f.ID == "" || ids[f.ID]:
			t.Fatalf("id %q stands twice, or is none", f.ID)
		case f.By != "" && !people[f.By], f.Owner != "" && !people[f.Owner]:
			t.Fatalf("%s is of nobody who is known", f.ID)
		}
		ids[f.ID] = true
	}
	for _, m := range in.Messages {
		if m.Thread != "" && !ids[m.Thread] {
			t.Fatalf("%s answers %q, which is not there", m.ID, m.Thread)
		}
	}
	for _, f := range in.Facts {
		if f.About != "" && !ids[f.About] {
			t.Fatalf("%s is about %q, which is not there", f.ID, f.About)
		}
	}
}

func FuzzReadOneFile(f *testing.F) {
	for _, body := range []string{monday, tuesday, users, exported, older, `{"messages":[{"ts":"1.1","text":"<@U1|x"}]}`, `[{"ts":"1772445660.0002","thread_ts":"9"}]`, `[{"number":"INC-1","said":[{"id":"m1"},{"id":"m1"}]}]`} {
		f.Add([]byte(body), "2026-03-02.json", "")
	}
	f.Fuzz(func(t *testing.T, body []byte, name, which string) {
		in, err := exports.Read(folder("e.json", string(body)), exports.Options{Which: which})
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("refused as %s: %v", fault.KindOf(err), err)
			}
			return
		}
		sound(t, in)
	})
}

func FuzzReadAChannel(f *testing.F) {
	f.Add([]byte(monday), []byte(users))
	f.Add([]byte(tuesday), []byte("[]"))
	f.Fuzz(func(t *testing.T, day, who []byte) {
		in, err := exports.Read(folder("c/2026-03-02.json", string(day), "users.json", string(who)), exports.Options{})
		if err == nil {
			sound(t, in)
		}
	})
}
