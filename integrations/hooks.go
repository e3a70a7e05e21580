package integrations

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Hook is an outside service that calls tocsin, under /hooks/<name> and below
// it. One that has no secret is not in the list: its route does not start.
type Hook interface {
	Integration
	// Admit judges who calls, over the raw bytes, and takes out of the call
	// what has to be kept. Forbidden: the caller is told nothing useful.
	Admit(c Call) (Delivery, error)
	// Read says what a delivery means. It depends on nothing but the delivery
	// and the settings, because it runs again after a restart. A delivery
	// that means nothing is an empty News; Invalid: it cannot be understood,
	// which is logged and counted.
	Read(d Delivery) (News, error)
}

// Call is a request of a vendor as it came.
type Call struct {
	Path   string // below /hooks/<name>, without the first slash; "" mostly
	Query  url.Values
	Header http.Header
	Body   []byte // raw, bounded by the house
	At     time.Time
}

// Delivery is what is kept of a call until it is worked off; credentials are
// taken out of its body before it is written.
type Delivery struct {
	// Key is the vendor's own id of this delivery, the same at each of its
	// tries. Empty: the vendor has none, and each try counts; what Read makes
	// of it must then be harmless to hear twice.
	Key  string    `json:"key,omitempty"`
	Path string    `json:"path,omitempty"`
	Type string    `json:"type,omitempty"` // content type, without parameters
	Body []byte    `json:"body"`
	At   time.Time `json:"at"`
}

// News is what a delivery means.
type News struct {
	Pages   []Receipt // what happened to pages of ours; Receipt.Key is the page's key
	Alerts  []Alert
	Changes []Change
	Test    bool // the vendor's test button: shown as a test, nothing is opened
}

// AlertState is whether an alert still says that something is wrong.
type AlertState string

// The states.
const (
	Firing    AlertState = "firing"
	Recovered AlertState = "recovered"
)

// Alert is one thing that a monitor noticed. Hearing one twice changes nothing.
type Alert struct {
	Group    string    // the vendor's key of what belongs together; never empty
	Key      string    // the vendor's key of this alert within the source; never empty
	Since    time.Time // when this firing began: a later one is another firing; zero: not known
	State    AlertState
	Title    string
	Summary  string
	Severity string // the vendor's word, lower case; policy maps it
	Service  string
	Labels   map[string]string
	Link     string // to the alert at the vendor
	Runbook  string
	Board    string    // dashboard
	At       time.Time // when the vendor says that it was so; never zero
	Heard    time.Time // when the delivery came; the house sets it, not the vendor
	Cut      bool      // the vendor left alerts of the group out: absent does not mean recovered
}

// Change is a deploy or planned work. Hearing one twice changes nothing.
type Change struct {
	Key         string // never empty
	Kind        string // "deploy", "planned", or the sender's own word
	Service     string
	Environment string
	Title       string
	By          string
	Link        string
	At          time.Time // when it happened or begins
	Until       time.Time // planned work: when it ends; zero: not known
}

// Completer is a hook whose vendor leaves things out of a delivery that it
// tells when it is asked.
type Completer interface {
	Hook
	// Complete asks for what is missing; it changes nothing at the vendor.
	// Unavailable: later, perhaps; what Read said stands by itself too.
	Complete(ctx context.Context, d Delivery, n News) (News, error)
}
