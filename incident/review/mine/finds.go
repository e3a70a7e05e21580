package mine

import "time"

// Finds is what was found in an input, each with the ids that it rests on.
type Finds struct {
	Timeline   []Entry
	Times      Times
	Decisions  []Decision
	Hypotheses []Hypothesis
	Actions    []Action
	Factors    []Quote
	// Mitigations are steps taken against the trouble, in order; Handovers and
	// Reopenings are what they say; Questions stayed without an answer.
	Mitigations, Handovers, Reopenings, Questions []Quote
	// Impact says who was hit, how and how badly; Detection how it was noticed.
	Impact, Detection []Quote
	// Opinions are what people thought went well, badly or luckily.
	Opinions []Quote
	// Foreign are the messages in none of the languages that there are cues for.
	Foreign []string
	// Scores say how much each message is about the incident, 0 to 1, in the
	// order of the input's messages.
	Scores []float64
}

// Entry is one thing that happened.
type Entry struct {
	At    time.Time
	Kind  string   // "detect", "impact", "evidence", "cause", "hypothesis", "decision", "action", "resolution", "reopen", "handover", "comms", or a fact's kind
	Cites []string // the first is the one that says it; at most 4
	Sure  bool     // recorded or captured, not inferred
}

// Quote is a message or fact worth quoting.
type Quote struct {
	Cites []string
	Sure  bool
}

// Decision is what was decided, with the options set aside.
type Decision struct {
	Cites []string // the proposal or announcement first, then the assent
	Aside []string // messages that proposed something else
	Sure  bool
}

// Verdict is what became of a hypothesis.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed"
	Refuted   Verdict = "refuted"
	Open      Verdict = "open"
)

// Hypothesis is a guess at what is wrong, and what became of it.
type Hypothesis struct {
	Propose []string
	Decide  []string // the answers that settled it; none while Open
	Verdict Verdict
}

// Action is something to do after the incident.
type Action struct {
	Text  string // the part of the message that says it, word for word
	Owner string // a Person's ID; empty: nobody took it
	Due   time.Time
	Cites []string
	Sure  bool
}

// Times are the five moments of the incident; a nil one is not stated.
type Times struct {
	ImpactStart, Detection, Ack, Mitigation, Resolution *Moment
}

// Moment is a time and what says so. Other is a second candidate that is not
// the same moment, when there is one.
type Moment struct {
	At    time.Time
	Cites []string
	Sure  bool
	Other *Moment
}
