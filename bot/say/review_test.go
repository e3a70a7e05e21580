package say_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func TestADecisionThatSomebodyTypedIsALineInTheRoom(t *testing.T) {
	t.Parallel()
	for _, e := range []incident.Event{
		incident.DecisionMade{Text: incident.Text{Words: "we roll back"}},
		incident.ActionAdded{Item: 1, Text: incident.Text{Words: "alert on queue length"}},
	} {
		r := incident.Recorded{Stream: "incident/x", Version: 3, Actor: "ann", Happened: start(), Recorded: start(), Event: e}
		if m, ok := say.Line(incident.Incident{Number: 7}, r, voice(start())); !ok || m.Summary == "" {
			t.Errorf("%T gives no line", e)
		}
	}
}

func TestAReviewLinkThatLetsSomebodyInIsOnlyShownToThem(t *testing.T) {
	t.Parallel()
	inc := incident.Incident{Number: 7, Title: incident.Text{Words: "checkout fails"}, Status: incident.Resolved}
	g := say.ReviewGlance{Own: "https://t.example.com/reviews/INC-7?key=secret", Link: "https://t.example.com/reviews/INC-7"}
	alone := chat.Plaintext(say.Review(inc, g, voice(start())), chat.Paper{})
	if !strings.Contains(alone, "key=secret") || !strings.Contains(alone, "yours alone") {
		t.Errorf("alone it reads:\n%s", alone)
	}
	g.Own = ""
	public := chat.Plaintext(say.Review(inc, g, voice(start())), chat.Paper{})
	if strings.Contains(public, "secret") || !strings.Contains(public, "/incident review INC-7") {
		t.Errorf("to everybody it reads:\n%s", public)
	}
}
