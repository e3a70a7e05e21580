package web_test

import (
	"net"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tocsin/bot/browsertest"
	"tocsin/bot/web"
)

// fits holds when nothing is wider than the page.
const fits = `document.documentElement.scrollWidth <= innerWidth`

// TestReviewLooks walks the page on a phone, on a desk and on paper.
func TestReviewLooks(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	s := openStand(t)
	s.shelf.stir(func(p *web.ReviewPage) {
		for i := range 40 { // a run of talk that nothing rests on
			m := p.Talk[4]
			m.ID, m.At = "x"+string(rune('a'+i%26))+string(rune('a'+i/26)), at("15:01").Add(time.Duration(i)*time.Second)
			p.Talk = append(p.Talk, m)
		}
		for i, l := range p.Sections[2].Lines {
			l.Text, l.By, l.Version, l.Changed = "About a third of the payments failed: 1,204 of 3,611.", "Bo Lindqvist", 11, at("16:00")
			p.Sections[2].Lines[i] = l
		}
	})
	ann := s.come(t, browser, "p-ann", "localhost")

	t.Run("on a phone a tap shows the sources below the sentence", func(t *testing.T) {
		ann := ann.in(t)
		ann.Size(390, 844, "light")
		ann.until("nothing is wider than the screen", fits)
		ann.Shot("review-phone-light")
		ann.Press(one("timeline/m12"), 1)
		ann.until("the source stands below", `document.querySelector('[data-key="timeline/m12"] .inline-sources').innerText.includes("since we moved to the new proxy")`)
		ann.until("no name is there twice", `new Set([...document.querySelectorAll("[id]")].map(n => n.id)).size === document.querySelectorAll("[id]").length`)
		ann.Shot("review-phone-chosen")
		ann.Press(one("timeline/m12")+" [data-do=edit]", 1)
		ann.until("it can be written in", `document.activeElement.matches("textarea")`)
		ann.Shot("review-phone-writing")
		ann.Do("end", chromedp.KeyEvent(kb.Escape))
		ann.Press(`.tabs [data-show=talk]`, 1)
		ann.until("the messages are shown", `document.querySelector("#talk").checkVisibility() && !document.querySelector("#draft").checkVisibility()`)
		ann.until("nothing is wider than the screen", fits)
		ann.Shot("review-phone-talk")
		ann.Press(`#t-m12 .use`, 1)
		ann.until("it leads back to a sentence", `document.querySelector("#draft").checkVisibility() && document.activeElement.matches(".line .text")`)
		ann.Size(390, 844, "dark")
		ann.Shot("review-phone-dark")
	})

	t.Run("on a desk folded talk unfolds", func(t *testing.T) {
		ann := ann.in(t)
		ann.Size(1280, 800, "dark")
		ann.until("nothing is wider than the screen", fits)
		ann.Shot("review-desk-dark")
		ann.until("forty and one are folded", `document.querySelector(".gap").innerText === "Show 41 more"`)
		ann.Press(`.gap button`, 1)
		ann.until("they are there", `document.querySelectorAll("#talk-list > .message").length === 59 && !document.querySelector(".gap")`)
		ann.Press(`.drop summary`, 1)
		ann.until("the forms are offered", `document.querySelectorAll(".drop a[download]").length === 3`)
		ann.Shot("review-desk-save")
		ann.Press(`.drop summary`, 1)
	})

	t.Run("two texts of one are put together and lose no new word", func(t *testing.T) {
		ann := ann.in(t)
		got := ann.Eval(`import(document.querySelector("script").src.replace("review.js", "merge.js")).then(({merge}) => {
			const b = "raise the pool to 80 now";
			const told = [merge(b, "raise the whole pool to 80 now", "raise the pool to 80 right now"), merge(b, b + " first", b + " second"), merge(b, b, "x"), merge(b, "x", b), merge("", "a", "b")];
			const some = (n) => Array.from({length: n}, () => "abcde"[Math.floor(Math.random() * 5)]);
			for (let i = 0; i < 3000; i++) {
				const base = some(6), mine = [...base], theirs = [...base];
				mine.splice(Math.floor(Math.random() * 7), Math.floor(Math.random() * 3), "MINE");
				theirs.splice(Math.floor(Math.random() * 7), Math.floor(Math.random() * 3), "THEIRS");
				const both = merge(base.join(" "), mine.join(" "), theirs.join(" ")).split(" ");
				if (!both.includes("MINE") || !both.includes("THEIRS")) told.push([base, mine, theirs, both]);
			}
			return told;
		})`)
		const want = `["raise the whole pool to 80 right now","raise the pool to 80 now second first","x","x","b a"]`
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})

	t.Run("on paper the review stands alone, its sources as footnotes", func(t *testing.T) {
		ann := ann.in(t)
		ann.Paper(794, 1400)
		ann.until("the talk and what is pressed are gone", `!["#talk", ".tools", ".actions", ".top", ".outline", ".more"].some(s => document.querySelector(s).checkVisibility())`)
		ann.until("the sources are at its end", `document.querySelector("#notes").checkVisibility() && document.querySelector("#notes li").innerText.includes("a third of the payments fail")`)
		ann.until("each sentence names their numbers", `[...document.querySelectorAll('[data-key="summary/what"] .foot')].map(f => f.innerText).join() === "1,2,3"`)
		ann.until("nothing is wider than the sheet", fits)
		ann.Shot("review-print")
	})

	t.Run("the library is searched", func(t *testing.T) {
		ann := ann.in(t)
		ann.Size(1280, 800, "light")
		_, port, _ := net.SplitHostPort(s.address)
		ann.Open("http://localhost:" + port + "/reviews")
		ann.See(".hits")
		ann.Shot("review-library-light")
		ann.Type("#q", "search"+kb.Enter)
		ann.until("one is found", `document.querySelectorAll(".hit").length === 1 && document.querySelector(".hit").innerText.includes("search is slow")`)
		ann.Size(390, 844, "dark")
		ann.until("nothing is wider than the screen", fits)
		ann.Shot("review-library-phone-dark")
		ann.Open("http://localhost:" + port + "/reviews?q=nothing")
		ann.Shot("review-library-nothing")
	})
}
