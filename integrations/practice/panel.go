package practice

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Path is where the panel stands on the console's server. Its handler serves
// full paths; who mounts it checks where a POST comes from.
const Path = "/practice/"

// mostBody is more than any form of the panel needs.
const mostBody = 16 << 10

// Handler serves the panel: one HTML fragment, and the gestures on it. A
// gesture answers with a redirect to the fragment.
func (p *Pager) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"{$}", p.show)
	mux.HandleFunc("POST "+Path+"fail", p.posted(func(r *http.Request) error {
		return p.Fail(r.Context(), Fault(r.PostFormValue("how")))
	}))
	mux.HandleFunc("POST "+Path+"page", p.posted(func(r *http.Request) error {
		return p.gesture(r.Context(), r.PostFormValue("key"), r.PostFormValue("do"), r.PostFormValue("by"))
	}))
	return mux
}

func (p *Pager) posted(do func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		if err := do(r); err != nil {
			http.Error(w, fault.Sentence(err), fault.KindOf(err).Status())
			return
		}
		http.Redirect(w, r, Path, http.StatusSeeOther)
	}
}

// gesture is a button of the panel: what the person on call, or time, would do.
func (p *Pager) gesture(ctx context.Context, key, do, by string) error {
	switch do {
	case "ring": // let it ring: nothing escalates by itself
		return p.silence(ctx, key)
	case "acknowledge", "escalate", "resolve":
	default:
		return fault.New(fault.Invalid, "The panel has no button %q.", do).WithExample("acknowledge")
	}
	r, there, err := p.page(ctx, key)
	if err != nil {
		return err
	}
	if !there {
		return fault.New(fault.NotFound, "The practice pager knows no such page.")
	}
	if by == "" {
		by = r.who()
	}
	_, err = p.act(ctx, key, integrations.PageAct{Verb: do, By: by}, true)
	return err
}

func (p *Pager) silence(ctx context.Context, key string) error {
	var refused error
	_, err := change(ctx, p.shelf, pageKey(key), func(r *record, there bool) bool {
		refused = nil
		switch {
		case !there:
			refused = fault.New(fault.NotFound, "The practice pager knows no such page.")
		case !r.ringing():
			refused = fault.New(fault.Conflict, "The page does not ring any more: it is %s.", r.State)
		}
		r.Silent = true
		return refused == nil
	})
	return errors.Join(err, refused)
}

// view is what the panel draws.
type view struct {
	Faults []choice
	Teams  []integrations.OnCall
	Pages  []pageView
	Failed bool
}

type choice struct {
	Name, Label string
	On          bool
}

type pageView struct {
	Key, ID, To, Summary, State, Who, By, At string
	Level, Times                             int
	Ringing, Silent, Last, Over, Drill       bool
}

func (p *Pager) show(w http.ResponseWriter, r *http.Request) {
	v, err := p.view(r.Context())
	if err != nil {
		http.Error(w, fault.Sentence(err), fault.KindOf(err).Status())
		return
	}
	var b strings.Builder
	_ = panel(v).Render(&b) // a builder takes everything
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, b.String())
}

func (p *Pager) view(ctx context.Context) (view, error) {
	mode, err := p.Fault(ctx)
	if err != nil {
		return view{}, err
	}
	v := view{Failed: mode != Well}
	for _, f := range Faults() {
		v.Faults = append(v.Faults, choice{Name: string(f), Label: label(f), On: f == mode})
	}
	for _, name := range Teams() {
		for i, s := range rota(name) {
			v.Teams = append(v.Teams, integrations.OnCall{Target: name, Level: i + 1, Name: s.name})
		}
	}
	l, err := change(ctx, p.shelf, listKey, func(*list, bool) bool { return false })
	if err != nil {
		return view{}, err
	}
	for _, key := range slices.Backward(l.Keys) {
		r, there, err := p.page(ctx, key)
		if err != nil {
			return view{}, err
		}
		if there && len(v.Pages) < shown {
			v.Pages = append(v.Pages, r.view())
		}
	}
	return v, nil
}

// shown is how many pages the panel shows.
const shown = 12

func label(f Fault) string {
	switch f {
	case Well:
		return "Work as it should"
	case Refuse:
		return "Refuse the page"
	case Away:
		return "Cannot be reached"
	case TimeOut:
		return "Take it, never answer"
	case Late:
		return "Answer late"
	case Twice:
		return "Answer twice"
	}
	return string(f)
}

func (p record) view() pageView {
	to := "team " + p.Target
	if p.Person != "" {
		to = p.Person
	}
	return pageView{
		Key: p.Key, ID: p.ID, To: to, Summary: p.Summary, State: string(p.State), Who: p.who(), By: p.By,
		At: p.Asked.UTC().Format("15:04:05 MST"), Level: p.Level, Times: p.Times,
		Ringing: p.ringing(), Silent: p.Silent, Last: p.Level >= p.levels(),
		Over: p.State == integrations.Over, Drill: p.Drill,
	}
}
