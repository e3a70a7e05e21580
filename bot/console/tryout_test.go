//go:build tryout

package console_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"tocsin/bot/console"
	"tocsin/store"
	"tocsin/store/storetest"
)

// TestTryout serves a console with a scripted house, for people to look at:
//
//	TOCSIN_TRYOUT=127.0.0.1:8090 go test -tags tryout ./bot/console -run Tryout -timeout 0 -v
func TestTryout(t *testing.T) {
	address := os.Getenv("TOCSIN_TRYOUT")
	if address == "" {
		address = "127.0.0.1:8090"
	}
	talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
	s := openOn(t, talk, time.Now, func(o *console.Options) {
		o.Panels = []console.Panel{{Title: "Practice pager", Path: "/practice/"}}
	})
	tell(t, s)
	mux := http.NewServeMux()
	mux.Handle("/practice/", s.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(pagerHTML)) })))
	mux.Handle("/", s.Handler())
	t.Logf("serving on http://%s/", address)
	if err := http.ListenAndServe(address, mux); err != nil {
		t.Fatal(err)
	}
}

const pagerHTML = `<div class="panel"><p class="muted">PRACTICE: nobody is woken by these.</p>
<div class="card"><div class="row"><strong>Bo Lindqvist</strong><span class="muted">checkout, level 1</span></div><p>INC-7 checkout is failing</p>
<form method="post" action="/practice/ack" class="row"><button class="btn btn-primary">Acknowledge</button><button class="btn">Let it ring</button><button class="btn">Refuse</button></form></div>
<form method="post" action="/practice/mode" class="row"><label for="mode">Next page</label><select id="mode" name="mode"><option>works</option><option>times out</option></select><button class="btn">Set</button></form></div>`
