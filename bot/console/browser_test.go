package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tocsin/bot/browsertest"
	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/store"
	"tocsin/store/storetest"
)

// tab is one page of the console that a person looks at.
type tab struct {
	*browsertest.Tab
	t *testing.T
}

func newTab(t *testing.T, browser context.Context) *tab {
	t.Helper()
	return &tab{browsertest.NewTab(t, browser), t}
}

// in gives the tab to a subtest.
func (tb *tab) in(t *testing.T) *tab { return &tab{tb.In(t), t} }

func (tb *tab) open(url string) {
	tb.t.Helper()
	tb.Open(url)
	tb.until("the page is live", `document.querySelector("#offline").hidden && performance.getEntriesByType("resource").some(r => r.name.includes("/console/waiting"))`)
}

func (tb *tab) until(what, expression string) {
	tb.t.Helper()
	tb.Until(30*time.Second, what, expression)
}

func (tb *tab) reads(words string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("the room reads %q", words), fmt.Sprintf("document.querySelector('#list').innerText.includes(%q)", words))
}

func (tb *tab) write(words string) {
	tb.t.Helper()
	tb.Type("#say", words)
}

// put has something stand in a box, as if it were typed.
func put(selector, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const box = document.querySelector(%q); box.focus(); box.value = %q; box.dispatchEvent(new Event("input", {bubbles: true})); }`, selector, value))
}

// TestInABrowser walks through what people do, in a real browser.
func TestInABrowser(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
	s := openOn(t, talk, time.Now)
	ann := newTab(t, browser)
	ann.Size(1280, 800, "light")
	ann.open(s.web.URL + "/?as=ann")
	ann.Shot("console-first")

	t.Run("a command is completed and sent with the keyboard alone", func(t *testing.T) {
		ann := ann.in(t)
		ann.write("/inc")
		ann.until("the command is offered", `document.querySelector("#hints-room [role=option]")?.innerText.includes("/incident")`)
		ann.Do("take it", chromedp.KeyEvent(kb.Tab))
		ann.until("it stands in the box", `document.querySelector("#say").value === "/incident "`)
		ann.write("sev")
		ann.until("the verb is offered", `document.querySelector("#hints-room [role=option]")?.innerText.includes("severity")`)
		ann.Do("choose it", chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
		ann.until("its arguments are shown", `document.querySelector("#hints-room .arg.now")?.innerText === "<level>" && document.querySelectorAll("#hints-room [role=option]").length === 3`)
		ann.Shot("console-completion")
		ann.Do("close the list", chromedp.KeyEvent(kb.Escape))
		ann.until("the list is closed", `document.querySelector("#hints-room").hidden`)
		ann.Do("empty the box", put("#say", ""))
		ann.write("/incident declare checkout is failing" + kb.Enter)
		ann.reads("INC-7 is declared")
		ann.until("it is hers alone", `document.querySelector("#list .alone .tag.only") && document.querySelector("#say").value === ""`)
		ann.until("the new room appears", `document.querySelector('#room-list [data-room="inc-7-checkout-is-failing"].unread')`)
		if n := len(s.house.requests()); n != 1 {
			t.Errorf("the house heard %d requests, want 1", n)
		}
	})

	bo := newTab(t, browser)
	bo.Size(1280, 800, "dark")
	bo.open(s.web.URL + "/console/r/inc-7-checkout-is-failing?as=bo")

	t.Run("a second tab sees everything live", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.Press(`[data-room="inc-7-checkout-is-failing"] a`, 1)
		ann.until("she is there", `document.body.dataset.room.startsWith("inc-7") && document.querySelector("#list .card")`)
		ann.write("I see 500s from <payments> & friends" + kb.Enter)
		bo.reads("I see 500s from <payments> & friends")
		bo.write("on it, @ann" + kb.Enter)
		ann.reads("on it, @Ann Okafor")
		bo.Do("react", chromedp.Evaluate[chromedp.Void](`document.querySelector("#list .msg:not(.from-bot):not(.mine) [data-do=emoji]").click()`))
		bo.Press("#emoji [data-emoji=pushpin]", 1)
		ann.until("she sees the reaction", `document.querySelector("#list [data-react=pushpin]")?.innerText.includes("1")`)
		if r := heard[chat.Reacted](s.house); len(r) != 1 || r[0].Emoji != "pushpin" || r[0].User.ID != "bo" {
			t.Errorf("the reaction was reported as %+v", r)
		}
	})

	t.Run("a thread is answered", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		bo.Do("open the thread", chromedp.Evaluate[chromedp.Void](`document.querySelector("#list .msg:not(.from-bot):not(.mine) [data-do=thread]").click()`))
		bo.See("#say-thread")
		bo.Type("#say-thread", "pool is exhausted"+kb.Enter)
		bo.until("it stands in the thread", `document.querySelector("#thread-list").innerText.includes("pool is exhausted")`)
		ann.until("she sees that there is one", `document.querySelector("#list .replies")?.innerText.includes("1 reply")`)
		bo.Shot("console-thread-dark")
		bo.Press(`[data-do="close-thread"]`, 1)
	})

	t.Run("a button is pressed twice and sent once", func(t *testing.T) {
		ann := ann.in(t)
		before := len(s.house.requests())
		ann.Press(`#list [data-command="take INC-7 commander"]`, 2)
		ann.reads("You are incident commander of INC-7.")
		if n := len(s.house.requests()) - before; n != 1 {
			t.Errorf("the house heard it %d times, want once", n)
		}
	})

	t.Run("a button that asks first can be left", func(t *testing.T) {
		ann := ann.in(t)
		before := len(s.house.requests())
		ann.Press(`#list [data-command="resolve INC-7"]`, 1)
		ann.See("#ask")
		ann.Shot("console-question")
		ann.Do("leave", chromedp.KeyEvent(kb.Escape))
		ann.until("the question is gone", `!document.querySelector("#ask").open`)
		if n := len(s.house.requests()) - before; n != 0 {
			t.Error("leaving the question sent the button")
		}
		ann.Press(`#list [data-command="resolve INC-7"]`, 1)
		ann.Press("#ask-yes", 1)
		ann.reads("INC-7 is resolved")
	})

	t.Run("a form says what is wrong and keeps what was filled in", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.Press(`#list [data-command="update"]`, 1)
		ann.See("dialog.form")
		ann.Type("dialog.form textarea", "nothing")
		ann.Shot("console-form")
		ann.Press("dialog.form .btn.primary", 1)
		ann.until("it says what is wrong", `document.querySelector(".form-fault").innerText.includes("An update says what changed") && document.querySelector("dialog.form textarea").value === "nothing"`)
		ann.Do("fill it well", put("dialog.form textarea", "we rolled back"))
		ann.Press("dialog.form .btn.primary", 1)
		ann.until("it is closed", `!document.querySelector("dialog.form")`)
		ann.reads("Posted as update 1.")
		bo.reads("we rolled back")
	})

	t.Run("one's own message is edited with the arrow key", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.write("rolling bac" + kb.Enter)
		bo.reads("rolling bac")
		ann.until("it is among hers", `[...document.querySelectorAll("#list > .mine")].at(-1)?.dataset.source === "rolling bac"`)
		ann.Do("go up", chromedp.KeyEvent(kb.ArrowUp))
		ann.until("it stands in the box", `document.querySelector("#say").value === "rolling bac"`)
		ann.Do("mend it", put("#say", "rolling back"))
		ann.Type("#say", kb.Enter)
		bo.reads("rolling back")
		bo.reads("(edited)")
	})

	t.Run("a command is recalled with the arrow key", func(t *testing.T) {
		ann := ann.in(t)
		ann.write("/incident nonsense" + kb.Enter)
		ann.reads("I do not know nonsense.")
		ann.Do("go up", chromedp.KeyEvent(kb.ArrowUp))
		ann.until("it stands in the box", `document.querySelector("#say").value === "/incident nonsense"`)
		ann.Do("empty the box", put("#say", ""))
	})

	t.Run("a command in a reply is taken into the box", func(t *testing.T) {
		ann := ann.in(t)
		ann.Do("take it", chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("#list .try")].at(-1).click()`))
		ann.until("it stands in the box", `document.querySelector("#say").value === "/incident declare checkout is failing" && document.activeElement.id === "say"`)
		ann.Do("empty the box", put("#say", ""))
	})

	t.Run("a reload loses nothing, not even a draft", func(t *testing.T) {
		ann := ann.in(t)
		ann.write("half a thought")
		seen := ann.Eval(`document.querySelectorAll("#list .msg").length`)
		ann.Do("reload", chromedp.Reload())
		ann.until("everything is there", fmt.Sprintf(`document.querySelectorAll("#list .msg").length === %s && document.querySelector("#say").value === "half a thought"`, seen))
		ann.Shot("console-room-light")
		bo.Shot("console-room-dark")
		ann.Do("empty the box", put("#say", ""))
	})

	t.Run("Ctrl+K goes to a room", func(t *testing.T) {
		bo := bo.in(t)
		bo.Do("open it", chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		bo.See("#switcher")
		bo.Type("#switch-to", "gene")
		bo.Shot("console-switcher-dark")
		bo.Do("go", chromedp.KeyEvent(kb.Enter))
		bo.until("he is there, as himself", `document.body.dataset.room === "general" && document.body.dataset.me === "bo"`)
	})
}

// TestOnAPhone looks at the width of a phone.
func TestOnAPhone(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	s := openOn(t, store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now}), time.Now)
	tell(t, s)
	phone := newTab(t, browser)
	for _, scheme := range []string{"light", "dark"} {
		phone.Size(390, 844, scheme)
		phone.open(s.web.URL + "/console/r/inc-7-checkout-is-failing?as=ann")
		phone.Shot("console-phone-" + scheme)
		if phone.Eval(`document.documentElement.scrollWidth <= innerWidth && document.querySelector("#scroll").scrollWidth <= innerWidth`) != "true" {
			t.Error("the page is wider than the phone")
		}
		phone.until("the rooms are out of the way", `getComputedStyle(document.querySelector("#nav")).display === "none"`)
		phone.Press(`[popovertarget="nav"]`, 1)
		phone.until("the rooms are there", `document.querySelector("#nav").getBoundingClientRect().left === 0 && !document.getAnimations().length && getComputedStyle(document.querySelector("#nav")).display === "flex"`)
		phone.Shot("console-phone-rooms-" + scheme)
		phone.Do("close them", chromedp.KeyEvent(kb.Escape))
		phone.until("the rooms are gone", `getComputedStyle(document.querySelector("#nav")).display === "none"`)
		phone.Do("open a thread", chromedp.Evaluate[chromedp.Void](`document.querySelector("#list .replies").click()`))
		phone.See("#say-thread")
		phone.until("it has come to rest", `!document.getAnimations().length`)
		phone.Shot("console-phone-thread-" + scheme)
	}
}

// TestTheServerGoesAndComesBack restarts the console under an open page.
func TestTheServerGoesAndComesBack(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
	address := ""
	start := func() (*script, func()) {
		c, err := console.New(console.Options{Talk: talk, Now: time.Now, SpeakAs: true})
		if err != nil {
			t.Fatal(err)
		}
		house := &script{console: c}
		l, err := net.Listen("tcp", "127.0.0.1:"+strings.TrimPrefix(address, "127.0.0.1:"))
		if err != nil {
			t.Fatal(err)
		}
		address = l.Addr().String()
		on, stop := context.WithCancel(context.Background())
		go func() { _ = c.Listen(on, nil, house.house()) }()
		server := &httptest.Server{Listener: l, Config: &http.Server{Handler: c.Handler()}}
		server.Start()
		return house, func() {
			stop()
			server.CloseClientConnections()
			server.Close()
		}
	}
	_, stop := start()
	ann := newTab(t, browser)
	ann.Size(1280, 800, "light")
	ann.open("http://" + address + "/?as=ann")
	ann.write("before" + kb.Enter)
	ann.reads("before")
	stop()
	ann.until("the page says so", `!document.querySelector("#offline").hidden`)
	ann.write("while it was away" + kb.Enter)
	ann.write("/incident show" + kb.Enter)
	ann.until("what was sent is kept in sight", `document.querySelector("#outbox").innerText.includes("while it was away")`)
	ann.until("it says that it was not sent", `document.querySelectorAll("#outbox small")[1]?.innerText.includes("Not sent yet")`)
	ann.Shot("console-offline")
	house, stop := start()
	defer stop()
	ann.reads("while it was away")
	ann.reads("INC-7 · checkout is failing")
	ann.until("the page is well again", `document.querySelector("#offline").hidden && !document.querySelector("#outbox").children.length`)
	if said, asked := heard[chat.Said](house), house.requests(); len(said) != 1 || len(asked) != 1 {
		t.Errorf("after the restart the house heard %d words and %d commands, want one of each", len(said), len(asked))
	}
	all, err := talk.TalkMessages(t.Context(), "general", "", 10)
	if err != nil || len(all) != 3 {
		t.Errorf("in the room stand %d messages (%v), want 3", len(all), err)
	}
}

// TestForEverybody lets axe look for what keeps people out: names, contrast, order.
func TestForEverybody(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	s := openOn(t, store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now}), time.Now)
	tell(t, s)
	page := newTab(t, browser)
	for _, look := range []struct {
		scheme string
		width  int64
	}{{"light", 1280}, {"dark", 390}} {
		t.Run(fmt.Sprintf("%s, %d wide", look.scheme, look.width), func(t *testing.T) {
			page := page.in(t)
			page.Size(look.width, 844, look.scheme)
			page.open(s.web.URL + "/console/r/inc-7-checkout-is-failing?as=ann")
			page.Eval(string(axe) + ";1")
			page.check("the room")
			page.Do("open a thread", chromedp.Evaluate[chromedp.Void](`document.querySelector("#list .replies").click()`))
			page.See("#say-thread")
			page.check("a thread")
			page.Do("open a form", chromedp.Evaluate[chromedp.Void](`document.querySelector('#list [data-command="update"]').click()`))
			page.See("dialog.form")
			page.check("a form")
		})
	}
}

func (tb *tab) check(what string) {
	tb.t.Helper()
	out := tb.Eval(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], rules: {"region": {enabled: false}}}).then(r => r.violations.map(v => v.id + ": " + v.help + " — " + v.nodes.slice(0, 3).map(n => n.target + " " + n.failureSummary.split("\n").slice(1, 2)).join(" | ")))`)
	var found []string
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		tb.t.Fatalf("axe did not run: %v: %s", err, out)
	}
	for _, f := range found {
		tb.t.Errorf("%s: %s", what, f)
	}
}
