// Package browsertest lets a test look at pages as a person does, in a real
// Chromium: tabs of any width, light and dark, with pictures kept on demand.
//
// It must not know the house: it opens addresses and reads pages.
//
// The one idea: a test says what a person would wait for, and is told what the
// page reads when it never came. Where TOCSIN_REQUIRE_BROWSER is set, a
// missing browser fails the test; else it is skipped. TOCSIN_SCREENSHOTS names
// a folder that keeps the pictures.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Start starts a browser that ends with the test, after within at the latest.
func Start(t *testing.T, within time.Duration) context.Context {
	t.Helper()
	path := find()
	if path == "" {
		if os.Getenv("TOCSIN_REQUIRE_BROWSER") != "" {
			t.Fatal("TOCSIN_REQUIRE_BROWSER is set and there is no chromium")
		}
		t.Skip("there is no chromium here")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))...)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, late := context.WithTimeout(ctx, within)
	t.Cleanup(late)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	return ctx
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// Tab is one page that a person looks at.
type Tab struct {
	t   *testing.T
	ctx context.Context
}

// NewTab opens another page of the same browser. What its script throws fails the test.
func NewTab(t *testing.T, browser context.Context) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	tb := &Tab{t: t, ctx: ctx}
	tb.Do("open a tab")
	// Keys go to the page that has the focus: with two tabs open, only one would.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page threw: %s", e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

// In gives the tab to a subtest, which fails in its stead.
func (tb *Tab) In(t *testing.T) *Tab { return &Tab{t: t, ctx: tb.ctx} }

// Do takes steps; what says what for.
func (tb *Tab) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	if err := chromedp.Do(tb.ctx, steps...); err != nil {
		tb.Shot("failed-" + strings.ReplaceAll(tb.t.Name(), "/", "-"))
		tb.t.Fatalf("%s: %v", what, err)
	}
}

// Open goes to an address.
func (tb *Tab) Open(url string) {
	tb.t.Helper()
	tb.Do("open "+url, chromedp.Navigate(url))
}

// Eval runs a script and gives its value as JSON.
func (tb *Tab) Eval(js string) string {
	tb.t.Helper()
	out, err := chromedp.Run(tb.ctx, chromedp.Evaluate[[]byte](js, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatalf("%s: %v", js, err)
	}
	return string(out)
}

// Until waits up to a time for an expression to hold.
func (tb *Tab) Until(within time.Duration, what, expression string) {
	tb.t.Helper()
	js := fmt.Sprintf(`new Promise(done => { const look = () => { let ok = false; try { ok = Boolean(%s); } catch {} ok ? done(true) : setTimeout(look, 25); }; look(); setTimeout(() => done(false), %d); })`, expression, within.Milliseconds())
	held, err := chromedp.Run(tb.ctx, chromedp.Evaluate[bool](js, chromedp.EvalAwaitPromise))
	for err != nil && tb.ctx.Err() == nil && strings.Contains(err.Error(), "navigated") { // to the page that is waited for
		held, err = chromedp.Run(tb.ctx, chromedp.Evaluate[bool](js, chromedp.EvalAwaitPromise))
	}
	if err != nil {
		tb.t.Fatalf("waiting until %s: %v", what, err)
	}
	if !held {
		tb.Shot("failed-" + strings.ReplaceAll(tb.t.Name(), "/", "-"))
		tb.t.Fatalf("it never came that %s (%s); the page reads:\n%s", what, expression, tb.Eval("document.body.innerText"))
	}
}

// Press presses what a selector finds, so many times, as soon as it stands
// where a person could press it: visible, enabled, and with nothing over it.
// It looks and presses in one go, because what moves between a look and the
// press of a mouse is missed.
func (tb *Tab) Press(selector string, times int) {
	tb.t.Helper()
	tb.Until(20*time.Second, "it can be pressed: "+selector, fmt.Sprintf(`(() => {
		const it = document.querySelector(%q);
		if (!it || it.disabled) return false;
		it.scrollIntoView({block: "nearest"});
		const at = it.getBoundingClientRect();
		const met = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
		if (!met || !it.contains(met)) return false;
		it.focus(); // as the press of a mouse does
		for (let n = 0; n < %d; n++) it.click();
		return true;
	})()`, selector, times))
}

// Type puts the cursor behind what stands in a box, and types: a key each.
// A closed dialog gives the focus back without a cursor, so it is put there anew.
func (tb *Tab) Type(selector, words string) {
	tb.t.Helper()
	tb.Until(20*time.Second, "it can be written in: "+selector, fmt.Sprintf(`(() => {
		const box = document.querySelector(%q);
		if (!box.checkVisibility() || box.disabled) return false;
		box.focus();
		box.setSelectionRange(box.value.length, box.value.length);
		return document.activeElement === box;
	})()`, selector))
	tb.Do("type "+words, chromedp.KeyEvent(words))
}

// See waits until what a selector finds is there to be seen, and still: what
// fades in has done so.
func (tb *Tab) See(selector string) {
	tb.t.Helper()
	tb.Until(20*time.Second, "it is seen: "+selector, fmt.Sprintf(`document.querySelector(%q).checkVisibility({opacityProperty: true, visibilityProperty: true})
		&& !document.getAnimations().some(a => a.playState === "running" && a.effect.getComputedTiming().endTime < Infinity)`, selector))
}

// Size makes the tab so large, light or dark.
func (tb *Tab) Size(width, height int64, scheme string) {
	tb.t.Helper()
	tb.Do("take a size", chromedp.EmulateViewport(width, height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(tb.ctx, emulation.SetEmulatedMedia, media); err != nil {
		tb.t.Fatal(err)
	}
}

// Paper makes the tab a sheet so large, drawn as it is printed.
func (tb *Tab) Paper(width, height int64) {
	tb.t.Helper()
	tb.Do("take a size", chromedp.EmulateViewport(width, height))
	if _, err := chromedp.Call(tb.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		tb.t.Fatal(err)
	}
}

// Shot keeps a picture under a name where TOCSIN_SCREENSHOTS says.
func (tb *Tab) Shot(name string) {
	tb.t.Helper()
	dir := os.Getenv("TOCSIN_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		tb.t.Logf("no picture %s: %v", name, err)
	}
}
