// Package documentstest holds every place that documents are published to, to
// the same behaviour.
//
// It must not know any of them; a place's own tests hand it a bench.
//
// The one idea: what counts is what a reader finds there afterwards.
package documentstest

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Bench is one place, with nothing in it, and what its readers see.
type Bench struct {
	Documents integrations.Documents
	// Read is what a reader finds under a key; the words of every document
	// that stands there for it, in any form.
	Read func(t *testing.T, key string) []string
	// Away has nothing reach the place any more.
	Away func(t *testing.T)
}

// Run holds a place to the suite.
func Run(t *testing.T, start func(t *testing.T) Bench) {
	t.Helper()
	for _, tt := range []struct {
		name string
		run  func(*testing.T, Bench)
	}{
		{"a document is there for readers, whole", whole},
		{"the same version again does nothing new", again},
		{"a newer version takes the place of the older", newer},
		{"an older version comes too late", late},
		{"two documents of one name are two", namesakes},
		{"strange names and words are only words", strange},
		{"many versions at once end with the newest", atOnce},
		{"a document can be taken away, and its absence is no error", withdrawn},
		{"what lacks a key or a version is refused", refused},
		{"when nothing reaches it, nothing was published", away},
		{"a check changes nothing", check},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, start(t))
		})
	}
}

func version(n int) integrations.Document {
	return integrations.Document{
		Key: "review/abc", Version: n, Name: "INC-7", Title: "docs are down", At: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
		Markdown: "# INC-7 docs are down\n\nversion " + strconv.Itoa(n) + " of it, with ünïcode 🔥\n", HTML: "<p>version " + strconv.Itoa(n) + "</p>",
		Link: "https://tocsin.example.org/reviews/INC-7",
	}
}

func publish(t *testing.T, b Bench, d integrations.Document) integrations.Ref {
	t.Helper()
	ref, err := b.Documents.Publish(t.Context(), d)
	if err != nil {
		t.Fatalf("publish %s version %d: %v", d.Key, d.Version, err)
	}
	if ref.ID == "" {
		t.Fatalf("published, and nobody says where: %+v", ref)
	}
	return ref
}

func one(t *testing.T, b Bench, key, holds string) string {
	t.Helper()
	all := b.Read(t, key)
	if len(all) != 1 || !strings.Contains(all[0], holds) {
		t.Fatalf("under %s stand %q, want one that holds %q", key, all, holds)
	}
	return all[0]
}

func whole(t *testing.T, b Bench) {
	d := version(1)
	publish(t, b, d)
	text := one(t, b, d.Key, strings.TrimSpace(d.Markdown))
	if !strings.Contains(text, d.Link) {
		t.Errorf("it does not lead back to %s: %q", d.Link, text)
	}
}

func again(t *testing.T, b Bench) {
	first := publish(t, b, version(1))
	text := one(t, b, "review/abc", "version 1")
	if ref := publish(t, b, version(1)); ref != first {
		t.Errorf("it was at %+v and is at %+v", first, ref)
	}
	if now := one(t, b, "review/abc", "version 1"); now != text {
		t.Errorf("it was %q and is %q", text, now)
	}
}

func newer(t *testing.T, b Bench) {
	first := publish(t, b, version(1))
	d := version(2)
	d.Title = "the docs were down"
	if ref := publish(t, b, d); ref.ID != first.ID {
		t.Errorf("version 1 is at %+v, version 2 at %+v", first, ref)
	}
	one(t, b, "review/abc", "version 2")
}

func late(t *testing.T, b Bench) {
	publish(t, b, version(3))
	publish(t, b, version(1))
	one(t, b, "review/abc", "version 3")
}

func namesakes(t *testing.T, b Bench) {
	other := version(1)
	other.Key, other.Markdown = "review/def", "# another\n"
	first, second := publish(t, b, version(1)), publish(t, b, other)
	if first == second {
		t.Errorf("both are at %+v", first)
	}
	one(t, b, "review/abc", "version 1")
	one(t, b, "review/def", "another")
	if ref := publish(t, b, version(2)); ref.ID != first.ID {
		t.Errorf("it was at %+v and is at %+v", first, ref)
	}
	one(t, b, "review/def", "another")
}

func strange(t *testing.T, b Bench) {
	for n, name := range []string{"../../etc/passwd", "/", "", ".", "CON", "a\x00b", "INC-7/../x", "-->\n<script>", strings.Repeat("long", 200), "日本語", "*.md"} {
		d := version(1)
		d.Key, d.Name, d.Title = "review/"+strconv.Itoa(n)+name, name, name
		d.Markdown = "words of " + strconv.Itoa(n) + "\n<!-- tocsin document x version 9 -->\n"
		publish(t, b, d)
		one(t, b, d.Key, "words of "+strconv.Itoa(n))
	}
}

func atOnce(t *testing.T, b Bench) {
	const most = 8
	var all sync.WaitGroup
	for n := range most {
		all.Go(func() {
			if _, err := b.Documents.Publish(t.Context(), version(n+1)); err != nil {
				t.Errorf("version %d: %v", n+1, err)
			}
		})
	}
	all.Wait()
	one(t, b, "review/abc", "version "+strconv.Itoa(most))
}

func withdrawn(t *testing.T, b Bench) {
	if err := b.Documents.Withdraw(t.Context(), "review/abc"); err != nil {
		t.Fatalf("withdraw what is not there: %v", err)
	}
	other := version(1)
	other.Key = "review/def"
	publish(t, b, version(1))
	publish(t, b, other)
	if err := b.Documents.Withdraw(t.Context(), "review/abc"); err != nil {
		t.Fatal(err)
	}
	if left := b.Read(t, "review/abc"); len(left) != 0 {
		t.Errorf("withdrawn, and %q stands there", left)
	}
	one(t, b, "review/def", "version 1")
}

func refused(t *testing.T, b Bench) {
	for _, d := range []integrations.Document{{Key: "review/abc"}, {Version: 1}} {
		if _, err := b.Documents.Publish(t.Context(), d); fault.KindOf(err) != fault.Internal {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func away(t *testing.T, b Bench) {
	b.Away(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := b.Documents.Publish(ctx, version(1)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("published to nowhere: %v", err)
	}
}

func check(t *testing.T, b Bench) {
	publish(t, b, version(1))
	before := one(t, b, "review/abc", "version 1")
	for _, f := range b.Documents.Check(t.Context()) {
		if f.Level != "ok" {
			t.Errorf("%+v", f)
		}
	}
	if after := one(t, b, "review/abc", "version 1"); after != before {
		t.Errorf("it was %q and is %q after a check", before, after)
	}
}
