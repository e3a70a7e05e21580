package say_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/integrations"
)

func TestNoGoldenHoldsASecret(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if secret(string(b)) {
			t.Errorf("%s holds a secret or a machine's path", f)
		}
	}
}

// pings lists whom a message notifies.
func pings(t *testing.T, m chat.Message) []string {
	t.Helper()
	b, err := chat.EncodeMessage(m)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["ping"] == true {
				out = append(out, v["name"].(string))
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(tree)
	return out
}

func TestOnlyBadNewsAndDutiesPing(t *testing.T) {
	t.Parallel()
	may := regexp.MustCompile(`^(bad_|nudge_(commander|severity|update_.*|stale)$|reminder|handover|parked)`)
	for name, m := range messages(t) {
		who := pings(t, m)
		if len(who) > 0 && !may.MatchString(name) {
			t.Errorf("%s notifies %q", name, who)
		}
		if len(who) > 1 {
			t.Errorf("%s notifies %d people: %q", name, len(who), who)
		}
	}
}

func TestBadNewsMentionsTheCommander(t *testing.T) {
	t.Parallel()
	for name, m := range pages(t) {
		if who := pings(t, m); strings.HasPrefix(name, "bad_") && (len(who) != 1 || who[0] != "Bo Chen") {
			t.Errorf("%s notifies %q, want the commander", name, who)
		}
	}
}

func TestNeverPagedBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	claims := regexp.MustCompile(`(?i)\b(was|were|is|has been) (paged|woken|notified|called)\b`)
	for name, m := range messages(t) {
		words := chat.Plaintext(m, chat.Paper{})
		for _, claim := range claims.FindAllString(words, -1) {
			if !strings.Contains(words, "obody "+claim) {
				t.Errorf("%s claims %q:\n%s", name, claim, words)
			}
		}
	}
}

func TestAReceiptSaysPagedOnlyOfAPageThatIsThere(t *testing.T) {
	t.Parallel()
	b := busy(t)
	word := regexp.MustCompile(`(?i)\bpaged\b`)
	states := []incident.PageState{
		incident.PageAsked, incident.PageTaken, incident.PageFound, incident.PageAcked, incident.PageRungOut, incident.PageBroken, incident.PageOver,
	}
	said := 0
	for _, state := range states {
		for _, pager := range []string{"", "pagerduty", "practice", "email", "webhook", "direct message"} {
			for flags := range 16 {
				p := b.page(0)
				p.State, p.Pager, p.Practice, p.Blind, p.Unsure, p.Rising, p.Seen = state, pager, pager == "practice", flags&1 > 0, flags&2 > 0, flags&4 > 0, flags&8 > 0
				inc := b.inc
				inc.Pages = []incident.Page{p}
				words := chat.Plaintext(say.PageReceipt(inc, p, b.voice()), chat.Paper{})
				if !word.MatchString(words) {
					continue
				}
				said++
				if !p.There() || p.Practice {
					t.Errorf("a %s page at %q (blind: %v) reads as paged:\n%s", state, pager, p.Blind, words)
				}
			}
		}
	}
	if said == 0 {
		t.Error("no receipt ever says paged")
	}
}

func TestAReceiptOfAnEndedIncidentHasNoButtons(t *testing.T) {
	t.Parallel()
	o := over(t)
	p := o.page(0)
	p.State = incident.PageFound
	if m := say.PageReceipt(o.inc, p, o.voice()); len(m.Actions) != 0 {
		t.Errorf("its buttons are %+v", m.Actions)
	}
}

func TestWhoWouldRing(t *testing.T) {
	t.Parallel()
	now := start()
	for _, tt := range []struct {
		name  string
		lines []integrations.OnCall
		from  int
		want  string
		next  int
	}{
		{"two levels", onCall()[:2], 1, "Mara Voss, then Idris Kane", 2},
		{"from the second", onCall()[:2], 2, "Idris Kane", 0},
		{"whose turn is later does not ring", onCall()[2:3], 1, "", 0},
		{"nobody at the first level", onCall()[4:], 1, "", 2},
		{"two people, two shifts of one", []integrations.OnCall{{Name: "Ann"}, {Name: "Bo"}, {Name: "Ann"}}, 1, "Ann and Bo", 0},
		{"two policies", []integrations.OnCall{{Target: "b", Name: "Bo"}, {Target: "a", Name: "Ann"}}, 1, "Ann; Bo", 0},
		{"nothing known", nil, 1, "", 0},
	} {
		if got := say.Callers(tt.lines, tt.from, now); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := say.NextLevel(tt.lines, tt.from, now); got != tt.next {
			t.Errorf("%s: next level %d, want %d", tt.name, got, tt.next)
		}
	}
}

func TestPracticeIsAlwaysSaid(t *testing.T) {
	t.Parallel()
	b := busy(t)
	for _, state := range []incident.PageState{incident.PageTaken, incident.PageFound, incident.PageAcked, incident.PageRungOut, incident.PageBroken, incident.PageOver} {
		p := b.page(0)
		p.State = state
		for name, m := range map[string]chat.Message{
			"receipt": say.PageReceipt(b.inc, p, b.voice()), "failed": say.PageFailed(b.inc, p, nil, b.voice()), "unanswered": say.PageUnanswered(b.inc, p, nil, b.voice()),
		} {
			if !strings.Contains(chat.Plaintext(m, chat.Paper{}), say.Practice) {
				t.Errorf("%s of a %s page does not say that it is practice", name, state)
			}
		}
	}
}

func TestButtonsAreWhatOneWouldType(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`^([a-z]+( INC-142( .+)?)?|declare drill:yes .+|announce off|alert-group [a-z]+ [0-9a-f]{16}( [a-z]+)?)$`)
	for name, m := range messages(t) {
		actions := m.Actions
		for _, p := range m.Parts {
			if b, ok := p.(chat.Buttons); ok {
				actions = append(actions, b...)
			}
		}
		for _, a := range actions {
			if !verb.MatchString(a.Command) {
				t.Errorf("%s: the button %q sends %q", name, a.Label, a.Command)
			}
			if strings.Contains(a.Command, "INC-142") && a.Seen == 0 {
				t.Errorf("%s: the button %q does not say from which version it was drawn", name, a.Label)
			}
		}
	}
}

func TestSummariesAreWords(t *testing.T) {
	t.Parallel()
	for name, m := range messages(t) {
		if len(m.Title) == 0 && m.Summary == "" {
			t.Errorf("%s has neither a title nor a summary", name)
		}
	}
}

// What people wrote may stand in plain, struck and summary words alone: never
// as a link, a mention or a command.
func TestWordsOfPeopleAreNeverMarkup(t *testing.T) {
	t.Parallel()
	s := hostile(t)
	v := s.voice()
	all := map[string]chat.Message{
		"card": say.Card(s.inc, v), "announcement": say.Announcement(s.inc, v), "declared": say.Declared(s.inc, v), "show": say.Show(s.inc, v),
		"update": say.Update(s.inc, last[incident.UpdatePosted](s), v), "news": say.News(say.Raised, s.inc, v), "receipt": say.PageReceipt(s.inc, s.page(0), v),
		"timeline": say.Timeline(s.inc, incident.Entries(s.recs), say.More{}, v),
		"catchup":  say.CatchUp(s.inc, incident.Entries(s.recs), v), "list": say.List("l", []incident.Summary{s.inc.Summary()}, say.More{}, v),
		"welcome": say.Welcome(s.inc, incident.Entries(s.recs), v), "direct": say.PageDirect(s.inc, s.page(0), v),
	}
	for name, m := range all {
		if !strings.Contains(chat.Plaintext(m, chat.Paper{}), "<!channel> @everyone <b>x</b>") {
			t.Errorf("%s does not show what was written", name)
		}
		for _, span := range spansOf(m) {
			switch sp := span.(type) {
			case chat.Link:
				if strings.Contains(sp.URL+sp.Label, "everyone") {
					t.Errorf("%s makes a link of it: %+v", name, sp)
				}
			case chat.Mention:
				if strings.Contains(sp.Name, "everyone") {
					t.Errorf("%s makes a mention of it: %+v", name, sp)
				}
			default:
			}
		}
		for _, a := range m.Actions {
			if strings.Contains(a.Command, "everyone") {
				t.Errorf("%s makes a command of it: %q", name, a.Command)
			}
		}
	}
}

func spansOf(m chat.Message) []chat.Span {
	out := append([]chat.Span(nil), m.Title...)
	for _, p := range m.Parts {
		switch p := p.(type) {
		case chat.Text:
			out = append(out, p...)
		case chat.Quote:
			out = append(out, p...)
		case chat.Small:
			out = append(out, p...)
		case chat.Fields:
			for _, f := range p {
				out = append(out, f.Value...)
			}
		case chat.List:
			for _, l := range p {
				out = append(out, l...)
			}
		default:
		}
	}
	return out
}

func TestAPrivateIncidentTellsOutsidersNothing(t *testing.T) {
	t.Parallel()
	s := busy(t).after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.SetPrivate(a, true, "personal data is involved")
	})
	v := s.voice()
	told := []string{"checkout", "pay", "sev2", "Bo Chen", "Cy Diaz", "identified", "meet.example", "card", "personal"}
	direct := s.page(0)
	direct.Target = incident.Target{Kind: incident.PersonTarget, Name: "cy", Person: "cy"}
	for name, words := range map[string]string{
		"announcement": chat.Plaintext(say.Announcement(s.inc, v), chat.Paper{}),
		"update":       chat.Plaintext(say.Update(s.inc, last[incident.UpdatePosted](s), v), chat.Paper{}),
		"news":         chat.Plaintext(say.News(say.Raised, s.inc, v), chat.Paper{}),
		"page text":    say.PageText(s.inc, s.page(0), false, v),
		"direct page":  chat.Plaintext(say.PageDirect(s.inc, direct, v), chat.Paper{}) + say.PageDirect(s.inc, direct, v).Summary,
	} {
		for _, t2 := range told {
			if strings.Contains(words, t2) {
				t.Errorf("the %s tells %q: %q", name, t2, words)
			}
		}
	}
	for _, h := range []chat.Message{say.Announcement(s.inc, v), say.News(say.Solved, s.inc, v)} {
		if len(h.Actions) != 0 || h.Tone != chat.Quiet || strings.Contains(h.Summary, "INC") {
			t.Errorf("more is told than that it was withdrawn: %+v", h)
		}
	}
}

func TestPageText(t *testing.T) {
	t.Parallel()
	b := busy(t)
	secretive := b.inc
	secretive.Private = true
	drill := b.inc
	drill.Drill = true
	for _, tt := range []struct {
		name string
		inc  incident.Incident
		open bool
		want string
	}{
		{"ordinary", b.inc, false, "INC-142 sev2 (major): checkout is failing. cards are refused"},
		{"a drill", drill, false, "DRILL INC-142 sev2 (major): checkout is failing. cards are refused"},
		{"private", secretive, false, "You are needed in a private incident, INC-142."},
		{"private, to a target named private", secretive, true, "INC-142 sev2 (major): checkout is failing. cards are refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := say.PageText(tt.inc, b.page(0), tt.open, b.voice()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestErasedWordsReadErased(t *testing.T) {
	t.Parallel()
	s := busy(t)
	s.inc.Title = incident.Text{Ref: "1.0", Erased: true}
	if got := chat.Plaintext(say.Card(s.inc, s.voice()), chat.Paper{}); !strings.HasPrefix(got, "INC-142 erased") {
		t.Errorf("the card begins %q", got[:40])
	}
}

func TestAVoiceWithoutAnythingStillSpeaks(t *testing.T) {
	t.Parallel()
	b := busy(t)
	for name, m := range map[string]chat.Message{"card": say.Card(b.inc, say.Voice{}), "duties": say.Duties(b.inc, incident.Scribe, say.Voice{}), "roles": say.Roles(b.inc, say.Voice{})} {
		if words := chat.Plaintext(m, chat.Paper{}); !strings.Contains(words, "INC-142") || strings.Contains(words, "/incident") {
			t.Errorf("%s reads %q", name, words)
		}
	}
}

func TestPeopleWithoutAnAccountHereAreNamed(t *testing.T) {
	t.Parallel()
	v := voice(start())
	if got := say.Ping("cy", v); got != (chat.Mention{Name: "Cy Diaz"}) {
		t.Errorf("got %+v", got)
	}
	if got := say.Person("p123", v); got != (chat.Mention{Name: "p123"}) {
		t.Errorf("somebody unknown is %+v", got)
	}
	if got := say.Person(incident.House, v); got != chat.Plain("tocsin") {
		t.Errorf("the house is %+v", got)
	}
	if got := say.Person("", v); got != chat.Plain("somebody") {
		t.Errorf("nobody is %+v", got)
	}
}
