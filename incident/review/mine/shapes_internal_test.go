package mine

import (
	"fmt"
	"testing"

	"tocsin/incident/review/source"
)

func TestWhatRepeatsInOneFormIsCounted(t *testing.T) {
	t.Parallel()
	var in source.Input
	for i := range 8 {
		in.Messages = append(in.Messages, source.Message{ID: fmt.Sprint("m", i), Text: fmt.Sprintf("CI: app-%d#%d passed in %dm", i, i*7, i+1)})
	}
	for i := range 300 {
		in.Messages = append(in.Messages, source.Message{ID: fmt.Sprint("o", i), Text: fmt.Sprintf("w%c%c says a%c%c of b%c%c", 'a'+i%26, 'a'+i/26, 'b'+i/26, 'a'+i%25, 'c'+i%20, 'a'+i%23)})
	}
	in.Messages = append(in.Messages, source.Message{ID: "alert", Text: "Checkout answers with errors since noon"}, source.Message{ID: "short", Text: "on it"})
	talk := newTalk(in, theLexicon())
	talk.countForms()
	if got := talk.msgs[talk.byID["m3"]].alike; got != 3 {
		t.Errorf("one of eight builds counts 2^%v, want 2^3", got)
	}
	for _, id := range []string{"alert", "short"} {
		if got := talk.msgs[talk.byID[id]].alike; got != 0 {
			t.Errorf("%s counts 2^%v, want once", id, got)
		}
	}
}

func TestASeriousAlertThatIsTakenUpCountsAndARedactionDoesNot(t *testing.T) {
	t.Parallel()
	in := source.Input{
		Title: "checkout is down", People: []source.Person{{ID: "pager", Name: "pager", Bot: true}, {ID: "ann", Name: "ann"}},
		Messages: []source.Message{
			{ID: "m1", Author: "pager", Bot: true, Text: "[FIRING:1] CheckoutDown env=production severity=page"},
			{ID: "m2", Author: "ann", Text: "ack, looking at checkout"},
			{ID: "m3", Author: "ann", Text: "the shop login is ops / [redacted:password]"},
			{ID: "m4", Author: "ann", Text: "checkout works again, resolved"},
		},
	}
	talk := Shipped().read(in)
	if got := talk.msgs[0].score; got < answeredAlert {
		t.Errorf("the alert scores %.2f", got)
	}
	if got := talk.msgs[2].score; got > 0.4 {
		t.Errorf("the redaction scores %.2f", got)
	}
}
