package check_test

import (
	"testing"
	"time"

	"tocsin/incident/review/check"
	"tocsin/incident/review/source"
)

func moment(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-03-01 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func room() source.Input {
	return source.Input{
		Zone: "+01:00",
		People: []source.Person{
			{ID: "u1", Name: "Ann Lee", Zone: "America/New_York"}, {ID: "u2", Name: "Ben", Zone: "Asia/Tokyo"}, {ID: "u3", Name: "mark"}, {ID: "u4", Name: ""},
		},
		Messages: []source.Message{
			{ID: "m1", At: moment("14:07"), Author: "u1", Text: "checkout-api on db-3.prod is down, error rate 31.5%, since 08:55 here. It's not the disk"},
			{ID: "m2", At: moment("14:19"), Author: "u2", Text: "restarted the pods; they don't come up. Ann asked for a rollback of PR #142"},
			{ID: "m3", At: moment("17:31"), Author: "u3", Text: "rolled back, and it works again"},
			{ID: "m4", At: moment("17:40"), Author: "u3", Text: "gone 77", Deleted: true},
			{ID: "m5", At: moment("18:00"), Author: "u4", Text: ""},
		},
		Facts: []source.Fact{
			{ID: "e1", At: moment("14:10"), By: "u1", Kind: source.Action, Words: "write the runbook", Owner: "u2", Due: moment("00:00").AddDate(0, 0, 7)},
			{ID: "e2", At: moment("14:20"), By: "u3", Kind: source.Captured, Words: "put on the timeline", About: "m2"},
			{ID: "e3", At: moment("14:21"), By: "u3", Kind: source.Captured, Words: "put on the timeline", About: "m4"},
			{ID: "e4", At: moment("14:22"), Kind: source.Note, Words: "struck 99", Struck: true},
		},
	}
}

func TestASentenceStandsWhenItsSourcesSayIt(t *testing.T) {
	t.Parallel()
	c := check.New(room(), check.Resolved{At: moment("13:42"), Cites: []string{"m3"}})
	for sentence, cites := range map[string][]string{
		"checkout-api on db-3.prod is down, error rate 31.5%":                   {"m1"},
		"14:07 Ann Lee: checkout-api on db-3.prod is down":                      {"m1"},
		"Ann Lee: the error rate was 31.5% at 09:07 local":                      {"m1"}, // her own zone
		"checkout-api is down since 13:55 UTC":                                  {"m1"}, // what she says in her zone, in UTC
		"checkout-api is down since 15:07":                                      {"m1"}, // the room's zone
		"On 1 March checkout-api was down":                                      {"m1"},
		"down 2026-03-01":                                                       {"m1"},
		"it's not the disk":                                                     {"m1"},
		"Ben restarted pods and they don't come up":                             {"m2"},
		"Ben: restarted the pods":                                               {"m2"},
		"Ann asked for a rollback of PR #142":                                   {"m2"},
		"Detection until acknowledged: 12 minutes":                              {"m1", "m2"},
		"Impact start until resolution: 3h 24m":                                 {"m1", "m3"},
		"Impact start until resolution: 3 hours":                                {"m1", "m3"},
		"Mitigation: 13:42 UTC":                                                 {"m3"}, // worked out
		"Confirmed: mark: it works again":                                       {"m3"},
		"Owner Ben, due 2026-03-08: write the runbook":                          {"e1"},
		"Ben: restarted the pods; they don't come up":                           {"e2"}, // what was captured
		"rolled back, checkout-api works again":                                 {"m3", "m1"},
		"Ann's checkout-api was down":                                           {"m1"},
		"restart of the pods":                                                   {"m2"},
		"First message 2026-03-01 14:07 UTC, last message 2026-03-01 17:31 UTC": {"m1", "m3"},
	} {
		if why := c.Check(sentence, cites); why != check.Stands {
			t.Errorf("%q %v is refused: it %s", sentence, cites, why)
		}
	}
}

func TestASentenceFallsWhenItsSourcesDoNotSayIt(t *testing.T) {
	t.Parallel()
	c := check.New(room(), check.Resolved{At: moment("13:42"), Cites: []string{"m3"}})
	for _, one := range []struct {
		sentence string
		cites    []string
		why      check.Refusal
	}{
		{"checkout-api is down", nil, check.Uncited},
		{"checkout-api is down", []string{"m9"}, check.UnknownID},
		{"gone 77", []string{"m4"}, check.UnknownID},
		{"struck 99", []string{"e4"}, check.UnknownID},
		{"checkout-api is down", []string{"m1", "m4"}, check.UnknownID},
		{"the cache of the payment service was cold", []string{"m1"}, check.Unsupported},
		{"put on the timeline: gone", []string{"e3"}, check.Unsupported}, // what was captured is deleted
		{"checkout-api on db-4.prod is down", []string{"m1"}, check.Number},
		{"error rate 13.5%", []string{"m1"}, check.Number},
		{"rollback of PR #143", []string{"m2"}, check.Number},
		{"14:08 Ann Lee: checkout-api is down", []string{"m1"}, check.Number},
		{"Mitigation: 13:42 UTC", []string{"m1"}, check.Number}, // worked out from another message
		{"On 2 March checkout-api was down", []string{"m1"}, check.Number},
		{"checkout-api on db-3.prod is down for 3 pods", []string{"m1", "m2"}, check.Number}, // the month is no count
		{"Detection until acknowledged: 15 minutes", []string{"m1", "m2"}, check.Number},
		{"Detection until acknowledged: 12 minutes", []string{"m1"}, check.Number},
		{"down for 12 orders", []string{"m1", "m2"}, check.Number}, // minutes are no orders
		{"Impact start until resolution: 3h 42m", []string{"m1", "m3"}, check.Number},
		{"see docs.example.org: checkout-api is down", []string{"m1"}, check.Number},
		{"Ben: checkout-api on db-3.prod is down", []string{"m1"}, check.Speaker},
		{"Ben: rolled back, and it works again", []string{"m3", "m2"}, check.Speaker}, // he wrote the other one
		{"Confirmed: Ben: it works again", []string{"m3"}, check.Speaker},
		{"14:07 Ben: checkout-api is down", []string{"m1"}, check.Speaker},
		{"mark restarted the pods", []string{"m2"}, check.Speaker},
		{"Owner mark: write the runbook", []string{"e1"}, check.Speaker},
		{"it's the disk", []string{"m1"}, check.Negation},
		{"checkout-api on db-3.prod is not down", []string{"m1"}, check.Negation},
		{"Ben restarted the pods and they come up", []string{"m2"}, check.Negation},
		{"never rolled back, and it works again", []string{"m3"}, check.Negation},
		{"rolled back, and it doesn't work again", []string{"m3"}, check.Negation},
	} {
		if why := c.Check(one.sentence, one.cites); why != one.why {
			t.Errorf("%q %v: it %q, want: it %q", one.sentence, one.cites, why, one.why)
		}
	}
}

func TestWhatMayBeCitedIsThereAndNotTakenBack(t *testing.T) {
	t.Parallel()
	c := check.New(room())
	for id, want := range map[string]bool{"m1": true, "m4": false, "m5": true, "e1": true, "e4": false, "": false, "m999": false} {
		if c.Visible(id) != want {
			t.Errorf("%q may be cited: %t", id, !want)
		}
	}
}

func TestANotIsSeenInEveryForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"it is not down": true, "it isn't down": true, "it isn’t down": true, "it wont start": true, "no errors": true, "Never again": true, "without a restart": true,
		"it is down": false, "notable": false, "nota bene": false, "": false, "the knot": false, "Nothing": true, "unable to connect": true,
	} {
		if check.Negated(text) != want {
			t.Errorf("%q has a not: %t", text, !want)
		}
	}
}

func FuzzTheWordsOfAMessageStandForIt(f *testing.F) {
	for _, text := range []string{"", "it is not the disk", "12:30 Ben: it's fine. no", "a: b: c", "störung\u2028線 3,5%", "#1 @ben 10.0.0.1/8", "’’n't n't", "Ann Lee's", "1h 5m and 7 days"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in := room()
		in.Messages[2].Text = text
		c := check.New(in)
		switch why := c.Check(text, []string{"m3"}); why {
		case check.Stands, check.Speaker: // it may name somebody at its head
		case check.Uncited, check.UnknownID, check.Unsupported, check.Number, check.Negation:
			t.Errorf("%q, quoted whole, is refused: it %s", text, why)
		}
	})
}
