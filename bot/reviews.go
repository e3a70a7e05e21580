package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/web"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// reviews is where reviews are read and changed.
//
// What people make of a review (its state, whose it is, their words over the
// machine's lines, what they published) are events of its own stream, and lie
// in [incident.Review]. The draft under that is in no store: it is made of the
// talk and the timeline whenever somebody looks, and kept in memory until
// either has moved on. So later captures come into it, and people's words,
// which are laid over it by the keys of its lines, stay as they are.
type reviews struct {
	desk    *Desk
	log     store.Log
	index   store.Index
	history store.History
	ledger  store.Ledger
	people  *People
	door    *Door
	inputs  reviewSource
	policy  func() incident.Policy
	now     func() time.Time
	address string // of the house, no slash at its end
	pass    func(incident.PersonID) string
	sole    bool // no other replica writes to this store

	mu     sync.Mutex
	kept   map[incident.Stream]incident.Review
	drafts map[sightOf]*sight
	talked map[incident.Stream]uint64 // how often something was said there since the start
	stir   chan struct{}              // closed when anything has changed
	over   chan struct{}              // closed when the house stops

	closing sync.Once
}

// reviewSource is what a draft is made from.
type reviewSource interface {
	Input(ctx context.Context, as incident.PersonID, id incident.ID) (source.Input, error)
	// Picture reads a kept picture by its name; whoever asks may know of the incident.
	Picture(ctx context.Context, id incident.ID, name string) (p store.Picture, found bool, err error)
}

// sightOf is a draft with somebody's eyes.
type sightOf struct {
	id incident.ID
	as incident.PersonID
}

// sight is a draft and what it was made of.
type sight struct {
	making sync.Mutex
	made   bool
	head   incident.Version // of the incident
	talked uint64
	policy string
	at     time.Time
	in     source.Input
	draft  review.Draft
	talk   uint64 // rises with what is said, edited and deleted
}

const (
	maxReviews  = 256              // kept in memory
	maxSights   = 24               // drafts kept in memory
	sightFor    = 5 * time.Second  // with other replicas, which hear what this one does not
	lookAgain   = 2 * time.Second  // how often a reader who waits is looked up for then
	draftWithin = 20 * time.Second // of the largest rooms
)

func newReviews(h *House, inputs reviewSource) *reviews {
	return &reviews{
		desk: h.desk, log: h.p.Store, index: h.p.Store, history: h.p.Store, ledger: h.p.Store, people: h.people, door: h.door, inputs: inputs,
		policy: h.policy, now: h.clock.Now, address: h.p.Config.address(), sole: h.p.Sole,
		pass: func(who incident.PersonID) string { return web.Pass(h.passKey, who, h.clock.Now()) },
		kept: map[incident.Stream]incident.Review{}, drafts: map[sightOf]*sight{}, talked: map[incident.Stream]uint64{},
		stir: make(chan struct{}), over: make(chan struct{}),
	}
}

// read is a review as it stands.
func (r *reviews) read(ctx context.Context, id incident.ID) (incident.Review, error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	s := id.ReviewStream()
	o, err := r.log.Open(within, "", s)
	if err != nil {
		return incident.Review{}, readFault(err)
	}
	v, err := r.at(within, s, o.Head)
	return v, readFault(err)
}

// at is a review at a head: as it was last seen, and the events after that.
func (r *reviews) at(ctx context.Context, s incident.Stream, head incident.Version) (incident.Review, error) {
	id, _ := s.Review()
	r.mu.Lock()
	v, known := r.kept[s]
	r.mu.Unlock()
	if !known || v.Version > head {
		v = incident.Review{Incident: id}
	}
	if v.Version == head {
		return v, nil
	}
	recs, err := r.log.Load(ctx, s, v.Version, int(head-v.Version))
	if err == nil && v.Version > 0 && slices.ContainsFunc(recs, isErased) {
		v = incident.Review{Incident: id} // what was read before may be erased by now
		recs, err = r.log.Load(ctx, s, 0, int(head))
	}
	if err != nil {
		return v, notRecorded(err)
	}
	for _, rec := range recs {
		v = v.Apply(rec)
	}
	if v.Version != head {
		return v, fault.New(fault.Internal, "The stream %s ends before its head.", s)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= maxReviews {
		clear(r.kept)
	}
	r.kept[s] = v
	return v, nil
}

func isErased(rec incident.Recorded) bool {
	_, is := rec.Event.(incident.Erased)
	return is
}

// forget lets go of words that may have been erased.
func (r *reviews) forget() {
	r.mu.Lock()
	clear(r.kept)
	clear(r.drafts)
	r.mu.Unlock()
	r.wake()
}

// said hears that something was said, edited or deleted in an incident's room.
func (r *reviews) said(s incident.Stream) {
	r.mu.Lock()
	r.talked[s]++
	r.mu.Unlock()
	r.wake()
}

// wake has those who wait look again.
func (r *reviews) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.stir)
	r.stir = make(chan struct{})
}

// close ends all waiting; an open page may not hold up a stop.
func (r *reviews) close() { r.closing.Do(func() { close(r.over) }) }

// sight is the draft of an incident with somebody's eyes, made anew when
// anything that it is made of has changed.
func (r *reviews) sight(ctx context.Context, as incident.PersonID, inc incident.Incident) (*sight, error) {
	key, s := sightOf{inc.ID, as}, inc.ID.Stream()
	r.mu.Lock()
	d, known := r.drafts[key]
	if !known {
		if len(r.drafts) >= maxSights {
			clear(r.drafts)
		}
		d = &sight{}
		r.drafts[key] = d
	}
	talked := r.talked[s]
	r.mu.Unlock()
	d.making.Lock()
	defer d.making.Unlock()
	p := r.policy()
	if d.made && d.head == inc.Head && d.talked == talked && d.policy == p.Hash && (r.sole || r.now().Sub(d.at) < sightFor) {
		return d, nil
	}
	within, cancel := context.WithTimeout(ctx, draftWithin)
	defer cancel()
	in, err := r.inputs.Input(within, as, inc.ID)
	if err != nil {
		return nil, err
	}
	fresh := &sight{made: true, head: inc.Head, talked: talked, policy: p.Hash, at: r.now(), in: in, talk: talkOf(in)}
	fresh.draft = review.MakeAs(in, templateOf(p.Review))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drafts[key] == d {
		r.drafts[key] = fresh
	}
	return fresh, nil
}

// talkOf rises with each message, edit and deletion.
func talkOf(in source.Input) uint64 {
	n := uint64(len(in.Messages))
	for _, m := range in.Messages {
		if m.Edited {
			n++
		}
		if m.Deleted {
			n++
		}
	}
	return n
}

// templateOf is the form in which a house wants its reviews.
func templateOf(r incident.ReviewRule) review.Template {
	t := review.Template{Title: r.Title}
	for _, s := range r.Sections {
		t.Sections = append(t.Sections, review.Heading{Key: review.SectionKey(s.Key), Title: s.Title, Asks: s.Asks})
	}
	return t
}

// find is the incident that words name, when this person may know of it.
func (r *reviews) find(ctx context.Context, as incident.PersonID, words string) (inc incident.Incident, found bool, err error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	var s incident.Summary
	if n, no := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(words), "INC-")); no == nil {
		s, found, err = r.index.ByNumber(within, incident.Number(n))
	} else {
		s, found, err = r.index.Summary(within, incident.ID(words))
	}
	if err != nil || !found || !s.VisibleTo(as) {
		return incident.Incident{}, false, readFault(err)
	}
	inc, err = r.desk.State(within, s.ID.Stream())
	if err != nil || !inc.VisibleTo(as) {
		return incident.Incident{}, false, readFault(err)
	}
	return inc, true, nil
}

// head is where the page of a review stands: the sum of what it is made of.
func (r *reviews) head(ctx context.Context, as incident.PersonID, inc incident.Incident) (uint64, error) {
	v, err := r.read(ctx, inc.ID)
	if err != nil {
		return 0, err
	}
	d, err := r.sight(ctx, as, inc)
	if err != nil {
		return 0, err
	}
	return uint64(v.Version) + uint64(d.head) + d.talk, nil
}

// After waits until the review stands beyond head, and gives where it stands.
func (r *reviews) After(ctx context.Context, as incident.PersonID, words string, head uint64) (uint64, error) {
	for {
		r.mu.Lock()
		stir := r.stir
		r.mu.Unlock()
		inc, found, err := r.find(ctx, as, words)
		if err != nil {
			return head, err
		}
		if !found {
			return head, noReview()
		}
		now, err := r.head(ctx, as, inc)
		if err != nil || now > head {
			return now, err
		}
		wait := time.NewTimer(r.patience())
		select {
		case <-ctx.Done():
			wait.Stop()
			return now, nil
		case <-r.over:
			wait.Stop()
			return now, fault.New(fault.Unavailable, "tocsin is stopping.")
		case <-stir:
			wait.Stop()
		case <-wait.C:
		}
	}
}

func (r *reviews) patience() time.Duration {
	if r.sole {
		return time.Minute
	}
	return lookAgain
}

func noReview() error {
	return fault.New(fault.NotFound, "There is no such incident.").WithExample("/incident list")
}

// reviewChange is a change of a review and, where it puts something on the
// incident's record, of that.
type reviewChange struct {
	// decide gives the events of the incident and those of the review.
	decide func(ctx context.Context, inc incident.Incident, v incident.Review) (mine, theirs []incident.Event, err error)
	reply  func(after incident.Incident, v incident.Review) chat.Reply
}

// change takes a change through the desk.
func (r *reviews) change(ctx context.Context, in commands.Input, id incident.ID, c reviewChange) (chat.Reply, error) {
	return r.desk.settle(ctx, change{
		in: in, print: r.desk.fingerprint(in.Request), streams: []incident.Stream{id.Stream(), id.ReviewStream()},
		propose: func(ctx context.Context, at []place) (proposal, error) {
			if in.Person.ID != incident.House {
				if err := reachable(at[0], in); err != nil {
					return proposal{}, err
				}
			}
			v, err := r.at(ctx, at[1].stream, at[1].Head)
			if err != nil {
				return proposal{}, err
			}
			mine, theirs, err := c.decide(ctx, at[0].State, v)
			if err != nil {
				return proposal{}, err
			}
			var p proposal
			after := at[0].State
			if len(mine) > 0 {
				w := r.desk.write(in, at[0], mine)
				p.writes, after = append(p.writes, w), w.After
			}
			if len(theirs) > 0 {
				w := r.desk.write(in, at[1], theirs)
				p.writes = append(p.writes, w)
				for _, rec := range w.Events {
					v = v.Apply(rec)
				}
			}
			p.reply = c.reply(after, v)
			return p, nil
		},
	})
}

// record appends what the house decides on a review, once for a key.
func (r *reviews) record(ctx context.Context, key string, id incident.ID, decide func(incident.Incident, incident.Review) []incident.Event) error {
	inc, err := r.desk.State(ctx, id.Stream())
	if err != nil {
		return err
	}
	s := id.ReviewStream()
	return r.desk.Record(ctx, s, key, func(incident.Incident) ([]incident.Event, error) {
		o, err := r.log.Open(ctx, "", s)
		if err != nil {
			return nil, err
		}
		v, err := r.at(ctx, s, o.Head)
		if err != nil {
			return nil, err
		}
		return decide(inc, v), nil
	})
}
