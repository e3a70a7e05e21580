package review_test

import (
	"regexp"
	"strings"
	"testing"

	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// nasty is an input in which one text stands wherever people may write.
func nasty(words string) (source.Input, mine.Finds) {
	in := source.Input{
		Number: "INC-1", Title: words, Severity: words, Status: words, Link: words,
		People: []source.Person{{ID: "a", Name: words}},
		Messages: []source.Message{
			{ID: "m001", At: at("10:00"), Author: "a", Text: words, Link: "https://chat.example.org/a_b(c)?d=[e]"},
			{ID: "m002", At: at("10:05"), Author: "a", Text: words + " " + words, Link: "javascript:alert(1)"},
		},
		Facts:    []source.Fact{{ID: "e1", At: at("10:01"), By: "a", Kind: source.Note, Words: words, Link: words}},
		Redacted: []source.Redaction{{Message: "m001", Kind: words}},
		Related:  []source.Related{{Number: words, Title: words, Why: words, Link: words}},
	}
	q := []mine.Quote{{Cites: []string{"m001"}}, {Cites: []string{"m002"}}, {Cites: []string{"e1"}}}
	return in, mine.Finds{
		Impact: q, Factors: q, Questions: q, Opinions: q,
		Timeline:   []mine.Entry{{At: at("10:00"), Kind: words, Cites: []string{"m001"}}, {At: at("10:05"), Kind: "x", Cites: []string{"m002"}}},
		Hypotheses: []mine.Hypothesis{{Propose: []string{"m001"}, Verdict: mine.Verdict(words)}},
		Actions:    []mine.Action{{Text: words, Owner: words, Cites: []string{"m001"}}},
	}
}

// withOwn puts a person's words into a draft.
func withOwn(d review.Draft, words string) review.Draft {
	d.Sections[1].Lines = append(d.Sections[1].Lines, review.Line{Key: "own/1", Kind: review.Own, Who: "a", Text: words, Cites: []string{"m001"}})
	d.Sections[2].Title = words
	d.Form = words
	return d
}

var cited = regexp.MustCompile(`\[(m\d+(?:\s*,\s*m\d+)*)\]`)

func checkMarkdown(t *testing.T, words string) {
	t.Helper()
	in, finds := nasty(words)
	d := withOwn(review.MakeFrom(in, finds), words)
	ids := review.Markdown(d, review.CiteIDs)
	for _, m := range cited.FindAllStringSubmatch(ids, -1) {
		for _, id := range strings.Split(m[1], ", ") {
			if id != "m001" && id != "m002" {
				t.Errorf("%q cites %s:\n%s", words, id, ids)
			}
		}
	}
	for _, md := range []string{ids, review.Markdown(d, review.CiteLinks)} {
		src := []byte(md)
		tree := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList)).
			Parser().Parse(text.NewReader(src))
		_ = ast.Walk(tree, func(n ast.Node, in bool) (ast.WalkStatus, error) {
			if !in {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Document, *ast.Heading, *ast.Paragraph, *ast.List, *ast.ListItem, *ast.TextBlock, *ast.Text, *ast.String:
			case *ast.Emphasis:
				if n.Level != 1 {
					t.Errorf("%q became strong:\n%s", words, md)
				}
			case *ast.Link:
				if to := string(n.Destination); !strings.HasPrefix(to, "https://chat.example.org/") && !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
					t.Errorf("%q became a link to %q:\n%s", words, to, md)
				}
			default:
				t.Errorf("%q became a %s:\n%s", words, n.Kind(), md)
			}
			return ast.WalkContinue, nil
		})
		if n := len(regexp.MustCompile(`(?m)^#{1,6} `).FindAllString(md, -1)); n > 24 {
			t.Errorf("%q made headings: %d\n%s", words, n, md)
		}
	}
	checkHTML(t, words, review.HTML(d))
}

// checkHTML holds a page against what a browser must not find in it.
func checkHTML(t *testing.T, words, page string) {
	t.Helper()
	body := page[strings.Index(page, "<body"):]
	for _, tag := range regexp.MustCompile(`<\s*/?\s*([a-zA-Z!?][^\s/>]*)`).FindAllStringSubmatch(body, -1) {
		switch tag[1] {
		case "body", "header", "p", "span", "a", "h1", "h2", "h3", "nav", "main", "section", "ul", "ol", "li", "div", "time", "bdi", "html":
		default:
			t.Errorf("%q became an element %q", words, tag[1])
		}
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(href[1], "#") && !strings.HasPrefix(href[1], "https://") && !strings.HasPrefix(href[1], "http://") {
			t.Errorf("%q became a link to %q", words, href[1])
		}
	}
}

func injections() []string {
	return []string{
		"see [m999] and [m001, m002]", "[x](javascript:alert(1))", "](javascript:alert(1)) [", "![p](https://evil.example.org/p.png)",
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "`code` ```fence```", "# heading", "- list\n- list", "1. one", "1) one", "> quote",
		"a | b\n--- | ---\n1 | 2", "***bold*** __strong__ ~~gone~~", "[^1]: note", "[a]: https://evil.example.org", "&lt;b&gt; &copy;", "\\", "\\[m999]", "\\\\[m999]",
		"line\n\n# heading\n\n---\n", "    indented", "\" onmouseover=\"alert(1)", "'><svg/onload=alert(1)>", "\u202egnp.exe", "\x00[m999]", "- [ ] task", "+ plus", "* star",
		"term\n: meaning", "===", "---", "https://evil.example.org/[m999]", "<https://evil.example.org>", "m999]", "[m999", "_a_ *b*", "!", "[![](a)](b)",
	}
}

func TestNoWordBecomesMarkup(t *testing.T) {
	t.Parallel()
	for _, words := range injections() {
		checkMarkdown(t, words)
	}
}

func FuzzNoWordBecomesMarkup(f *testing.F) {
	for _, words := range injections() {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if len(words) < 2000 {
			checkMarkdown(t, words)
		}
	})
}

func TestMarkdownEndsEverySentenceInItsMessages(t *testing.T) {
	t.Parallel()
	md := review.Markdown(review.MakeFrom(talk(), finds()), review.CiteIDs)
	for _, want := range []string{
		"# Review of INC-7: checkout answers 502\n",
		"- 09:07 pager: \\[FIRING:1\\] Checkout5xx rate=31% [m1]\n",
		"- Owner Ben Ito: Ben adds a memory test [m8, m9] (due 2026-03-09)\n",
		"- Secret redacted [m3] (github token)\n",
		"\n_Not stated in the channel._\n",
		"  - Ann: yes, it was v412: the price list did not fit into memory [m7]\n",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("the Markdown lacks %q:\n%s", want, md)
		}
	}
	note := regexp.MustCompile(`^_[^_\d@]*_$`)
	for l := range strings.Lines(md) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") || note.MatchString(l) || strings.HasPrefix(l, "- [INC-3") || l == "_sev2, resolved_" {
			continue
		}
		if !cited.MatchString(l) && !regexp.MustCompile(`\[[em]\d+(, [em]\d+)*\]( \(.*\))?$`).MatchString(l) {
			t.Errorf("a sentence cites nothing: %q", l)
		}
	}
}

func TestMarkdownForPeopleLinksToTheMessages(t *testing.T) {
	t.Parallel()
	md := review.Markdown(review.MakeFrom(talk(), finds()), review.CiteLinks)
	for _, want := range []string{
		"rate=31% [\\[2\\]](https://chat.example.org/m1)\n",
		"## Messages and records\n",
		"2\\. 2026-03-02 09:07 pager: \\[FIRING:1\\] Checkout5xx rate=31%\n",
		"- [INC-3: checkout slow (same service: checkout)](https://house.example.org/3)\n",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("the Markdown lacks %q:\n%s", want, md)
		}
	}
}

func TestThePageLoadsNothingAndRunsNothing(t *testing.T) {
	t.Parallel()
	page := review.HTML(review.MakeFrom(talk(), finds()))
	for _, bad := range []string{"<script", "@import", "url(", "<link", "<iframe", " src="} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, want := range []string{"@media print", "default-src &#39;none&#39;", `href="#s1"`, `id="s1"`, `href="https://chat.example.org/m1"`, ">Unassigned:<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestWhatPeopleWroteIsDrawnLineForLine(t *testing.T) {
	t.Parallel()
	d := withOwn(review.MakeFrom(talk(), finds()), "one\n\ntwo [m999]")
	if md := review.Markdown(d, review.CiteIDs); !strings.Contains(md, "- one\\\n  two \\[m999\\] [m001]\n") {
		t.Errorf("the Markdown lacks a person's words:\n%s", md)
	}
}
