package mine

import (
	"slices"
	"strings"
	"testing"
)

// wordsIn reads a text as a message of a talk.
func wordsIn(text string) (*vocabulary, *reader, [classes]float32) {
	lex := theLexicon()
	v := newVocabulary(lex)
	r := &reader{v: v, most: likeWords}
	r.read(unquote(text))
	return v, r, v.cues(r.prose, make([]int32, len(lex.patterns)), 1)
}

func TestCues(t *testing.T) {
	t.Parallel()
	names := map[class]string{
		detect: "detect", impact: "impact", evidence: "evidence", cause: "cause", hypothesis: "hypothesis", decision: "decision", action: "action",
		resolution: "resolution", reopen: "reopen", handover: "handover", comms: "comms", broken: "broken", notYet: "not yet", follow: "follow-up",
		looking: "looking", chat: "chat", joke: "joke", aside: "aside", starts: "starts", severe: "severe", mild: "mild", hoped: "hoped", declaredOver: "over",
	}
	for text, want := range map[string]struct{ has, lacks []class }{
		"checkout is down for some users":                           {[]class{detect, impact, broken}, []class{resolution, joke, follow}},
		"can't reach the wiki, anyone else?":                        {[]class{detect}, []class{resolution}},
		"looking":                                                   {[]class{looking, action}, []class{detect}},
		"on it, joining the call":                                   {[]class{looking}, []class{detect, cause}},
		"the problem is an expired certificate":                     {[]class{cause}, []class{resolution, handover}},
		"root cause: the disk was full because nobody cleaned /var": {[]class{cause, broken}, nil},
		"could be DNS again?":                                       {[]class{hypothesis}, []class{resolution}},
		"let's roll back":                                           {[]class{decision}, nil},
		"rolled back the deploy of cart":                            {[]class{action}, []class{resolution}},
		"it works again":                                            {[]class{resolution}, []class{notYet}},
		"everything is green, closing this incident":                {[]class{resolution, declaredOver}, []class{notYet}},
		"does not work yet":                                         {[]class{notYet}, nil},
		"hopefully that worked":                                     {[]class{notYet, hoped}, nil},
		"is it back?":                                               {[]class{notYet}, nil},
		"it's stuck again":                                          {[]class{reopen}, nil},
		"still failing here":                                        {[]class{reopen, broken}, nil},
		"I'm off, handing over to bob":                              {[]class{handover}, nil},
		"posted on the status page":                                 {[]class{comms}, nil},
		"TODO: an alert for disks":                                  {[]class{follow}, nil},
		"failing since 10:30":                                       {[]class{starts}, nil},
		"thanks!":                                                   {[]class{chat}, []class{resolution, detect}},
		"lol":                                                       {[]class{chat, joke}, nil},
		"my laptop is in the kitchen":                               {[]class{aside}, nil},
		"[FIRING:1] WebsiteDown severity=page":                      {[]class{severe}, []class{mild}},
		"[FIRING:1] HighLatency env=staging":                        {[]class{mild}, nil},
		"":                                                          {nil, []class{detect, impact, chat}},
	} {
		_, _, got := wordsIn(text)
		for _, c := range want.has {
			if got[c] == 0 {
				t.Errorf("%q has no cue for %s", text, names[c])
			}
		}
		for _, c := range want.lacks {
			if got[c] > 0 {
				t.Errorf("%q has a cue for %s", text, names[c])
			}
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pattern, text string
		want          bool
	}{
		"words in a row":                       {"disk full", "the disk full of logs", true},
		"a word between breaks the row":        {"disk full", "the disk is full", false},
		"a gap":                                {"disk ..2 full", "the disk is nearly full", true},
		"too wide a gap":                       {"disk ..1 full", "the disk is nearly full", false},
		"a gap ends with the sentence":         {"disk ..3 full", "a disk. all full", false},
		"a choice":                             {"disk|volume full", "volume full", true},
		"a group":                              {"@box full", "crate full", true},
		"a beginning":                          {"fail*", "failures", true},
		"an end":                               {"*n't", "doesn't", true},
		"at the start":                         {"^ close", "close the tree", true},
		"fillers do not count":                 {"^ close", "ok so close the tree", true},
		"nor does a name":                      {"^ close", "@ann close the tree", true},
		"not at the start":                     {"^ close", "we close the tree", false},
		"at the start of the next sentence":    {"^ close", "hm. close it", true},
		"at the end":                           {"full $", "it is full", true},
		"before a question mark is the end":    {"full $", "is it full?", true},
		"not at the end":                       {"full $", "full of logs", false},
		"a number":                             {"<num> %", "at 61 % now", true},
		"a time":                               {"since <time>", "since 10:30", true},
		"code":                                 {"run <code>", "run `rm -rf x`", true},
		"words in code do not count":           {"full", "see `full`", false},
		"a typographic apostrophe is the same": {"*n't", "doesn’t", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lex := newLexicon(language{
				groups: map[string]string{"box": "box crate"}, cues: []cue{{detect, 1, c.pattern}}, filler: englishFiller,
			})
			v := newVocabulary(lex)
			r := reader{v: v, most: 9}
			r.read(c.text)
			if got := v.cues(r.prose, make([]int32, 1), 1)[detect] > 0; got != c.want {
				t.Errorf("%q in %q: %v, want %v", c.pattern, c.text, got, c.want)
			}
		})
	}
}

func TestAPatternCountsOnceAndASumIsNeverNegative(t *testing.T) {
	t.Parallel()
	lex := newLexicon(language{cues: []cue{{detect, 1, "down"}, {action, -2, "down"}, {action, 1, "it"}}})
	v := newVocabulary(lex)
	r := reader{v: v, most: 9}
	r.read("it is down down down")
	got := v.cues(r.prose, make([]int32, 3), 1)
	if got[detect] != 1 || got[action] != 0 {
		t.Errorf("cues are %v and %v, want 1 and 0", got[detect], got[action])
	}
}

func TestWhatQuotesRepeatIsLeftOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                               "plain",
		"ann said:\n> it is DNS\nno it isn't": "no it isn't",
		"> it is DNS\n> really":               "it is DNS\nreally",
		"a -> b is down":                      "a -> b is down",
		"&gt; quoted\nmine":                   "mine",
	} {
		if got := unquote(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

func TestWordsByWhichMessagesAreLikened(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"restarting shop-42, see deploy#562":        "deploy deploy#562 restart shop shop-42",
		"the and of to":                             "",
		"https://git.example.org/a/pull/7, merged!": "https://git.example.org/a/pull/7 merg",
		"`kubectl get pods`":                        "kubectl pods",
		"```\npanic: nil map\n```":                  "map nil panic",
		"an unclosed ` tick":                        "tick unclos",
		"12 345":                                    "",
	} {
		v, r, _ := wordsIn(text)
		var got []string
		for _, w := range r.like {
			got = append(got, v.words[w])
		}
		slices.Sort(got)
		if s := strings.Join(slices.Compact(got), " "); s != want {
			t.Errorf("%q is likened by %q, want %q", text, s, want)
		}
	}
}

func TestForeignLinesAreMarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"merci à tous, vous êtes rapides":                         true,
		"der Server ist nicht erreichbar, ich schaue gleich nach": true,
		"サーバー が ダウン しています":                                        true,
		"the server is down, I am looking":                        false,
		"naïve retry loop in the café service is to blame":        false,
		"ok":                            false,
		"restarted":                     false,
		"error error error error error": false,
		"":                              false,
	} {
		v, r, _ := wordsIn(text)
		if got := v.foreign(r.prose); got != want {
			t.Errorf("%q is foreign: %v, want %v", text, got, want)
		}
	}
}
