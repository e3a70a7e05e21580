package web_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tocsin/bot/browsertest"
	"tocsin/bot/web"
)

// edits are the changes that were made of one line.
func (s *shelf) editsOf(key string) (out []web.ReviewEdit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.edits {
		if e.Line == key {
			out = append(out, e)
		}
	}
	return out
}

// TestReviewThroughAStorm kills the server while people write.
func TestReviewThroughAStorm(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	s := openStand(t)
	ann := s.come(t, browser, "p-ann", "localhost")
	const leaving = `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`

	t.Run("what is typed while the server is dead is kept and saved when it is back", func(t *testing.T) {
		ann := ann.in(t)
		ann.open("summary/end")
		ann.Do("type", chromedp.KeyEvent(" It took"))
		s.kill()
		ann.Do("type on", chromedp.KeyEvent(" 39 minutes."))
		ann.until("she is told", `document.querySelector("#saved").dataset.state === "away" && document.querySelector("#saved").innerText.includes("kept in this browser")`)
		ann.until("her words stand, here and in the browser", `document.activeElement.value.endsWith("It took 39 minutes.") && Object.values(localStorage).some(v => JSON.parse(v).text.endsWith("39 minutes."))`)
		ann.until("leaving asks", leaving)
		ann.Shot("review-away")
		s.start()
		ann.saved()
		ann.until("nothing is left to keep, and leaving does not ask", `Object.keys(localStorage).length === 0 && `+`!(`+leaving+`)`)
		if got := s.shelf.editsOf("summary/end"); len(got) != 1 || got[0].Text != "It was mitigated by raising the pool to 80 at 14:41. It took 39 minutes." {
			t.Errorf("the edits were %+v, want one", got)
		}
		ann.end()
		ann.reads("summary/end", "It took 39 minutes.")
	})

	t.Run("a change whose answer is lost is made once", func(t *testing.T) {
		ann := ann.in(t)
		s.deaf.Store(true)
		ann.Press(`[data-do=add][data-section=impact]`, 1)
		ann.Do("type", chromedp.KeyEvent("No refunds were lost."))
		ann.until("she is told", `document.querySelector("#saved").dataset.state === "away"`)
		s.deaf.Store(false)
		ann.saved()
		ann.end()
		ann.until("it stands there once", `[...document.querySelectorAll("#s-impact-lines .line")].filter(l => l.innerText.includes("No refunds were lost.")).length === 1`)
		n := 0
		for _, e := range s.shelf.editsOf("") {
			if e.Do == web.AddLine {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the line was added %d times, want once", n)
		}
	})

	t.Run("another tab takes up what is left, and nothing counts twice", func(t *testing.T) {
		ann := ann.in(t)
		ann.open("impact/m02")
		s.kill()
		ann.put("About a third of all payments failed.")
		ann.until("it is kept", `Object.keys(localStorage).length === 1`)
		s.start()
		next := s.come(t, browser, "p-ann", "localhost")
		next.reads("impact/m02", "all payments")
		next.until("nothing is left", `Object.keys(localStorage).filter(k => k.startsWith("tocsin-review")).length === 0`)
		if got := s.shelf.editsOf("impact/m02"); len(got) != 1 {
			t.Errorf("it was saved %d times, want once", len(got))
		}
		ann.saved()
		ann.end()
	})

	t.Run("what another tab is still typing is left to it", func(t *testing.T) {
		ann := ann.in(t)
		ann.Do("two changes lie in the browser", chromedp.Evaluate[chromedp.Void](`for (const [key, age] of [["left", 20000], ["typed", 0]])
			localStorage.setItem("tocsin-review/INC-7/" + key, JSON.stringify({key, slot: "x", do: "add", section: "factors", text: key, made: Date.now() - age, touched: Date.now() - age, seq: 0, typing: true, state: "waiting", tried: false}))`))
		other := s.come(t, browser, "p-ann", "localhost")
		other.until("the one that was left is saved", `document.querySelector("#s-factors-lines").innerText.includes("left")`)
		other.until("the other lies there", `localStorage.getItem("tocsin-review/INC-7/typed") && !localStorage.getItem("tocsin-review/INC-7/left")`)
		other.Do("drop it", chromedp.Evaluate[chromedp.Void](`localStorage.removeItem("tocsin-review/INC-7/typed")`))
	})

	t.Run("who comes back finds both texts", func(t *testing.T) {
		ann := ann.in(t)
		bo := s.come(t, browser, "p-bo", "127.0.0.1")
		ann.open("decisions/m13")
		s.cut("localhost")
		ann.put("Raise the pool to 120 instead of restarting the proxy.")
		ann.until("she is told", `document.querySelector("#saved").dataset.state === "away"`)
		bo.open("decisions/m13")
		bo.put("Raise the pool to 80 and leave the proxy alone.")
		bo.saved()
		bo.end()
		s.cut("")
		ann.until("she is shown both", `document.querySelector(".clash [data-side=theirs] p").innerText.includes("leave the proxy alone") && document.querySelector(".clash [data-side=mine] p").innerText.includes("to 120")`)
		ann.Press(".clash [data-side=mine] button", 1)
		ann.saved()
		bo.reads("decisions/m13", "to 120 instead")
		ann.until("nothing is left to choose", `!document.querySelector(".clash")`)
	})

	t.Run("what was written over before its answer came is shown", func(t *testing.T) {
		ann := ann.in(t)
		s.shelf.mu.Lock()
		s.shelf.race = "Bo was quicker."
		s.shelf.mu.Unlock()
		ann.open("timeline/m14")
		ann.put("Ann Okafor saw that checkout is back.")
		ann.until("she is shown his", `document.querySelector('[data-key="timeline/m14"] .clash [data-side=theirs] p').innerText === "Bo was quicker." && document.activeElement.value.includes("saw that")`)
		ann.Press(".clash [data-side=theirs] button", 1)
		ann.reads("timeline/m14", "Bo was quicker.")
	})

	t.Run("a refused change says why and keeps the words", func(t *testing.T) {
		ann := ann.in(t)
		s.shelf.bar("p-ann")
		ann.open("summary/what")
		ann.Do("type", chromedp.KeyEvent(" Refunds are out."))
		ann.until("she is told", `document.querySelector(".refusal").innerText.includes("Those who took part") && document.querySelector("#saved").dataset.state === "refused"`)
		ann.until("her words stand", `document.activeElement.value.endsWith("Refunds are out.")`)
		s.shelf.bar("")
		ann.Press(".refusal button", 1)
		ann.saved()
		if got := s.shelf.editsOf("summary/what"); len(got) != 1 {
			t.Errorf("it was saved %d times, want once", len(got))
		}
	})

	t.Run("who may not know of it any more is shown nothing", func(t *testing.T) {
		ann := ann.in(t)
		ann.Do("leave", chromedp.KeyEvent(kb.Enter))
		ann.saved()
		s.shelf.stir(func(p *web.ReviewPage) { p.Number = "INC-8" })
		ann.until("the page is gone", `document.body.innerText.includes("There is no such review.")`)
	})
}
