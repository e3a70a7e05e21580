package slack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

func TestAnyFormStaysWithinLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		choice := rapid.Custom(func(t *rapid.T) chat.Choice {
			return chat.Choice{Value: anyWords().Draw(t, "value"), Label: anyWords().Draw(t, "label")}
		})
		input := rapid.Custom(func(t *rapid.T) chat.Input {
			words := anyWords()
			in := chat.Input{
				Name: words.Draw(t, "name"), Label: words.Draw(t, "label"), Hint: strings.Repeat(words.Draw(t, "hint"), 40), Required: rapid.Bool().Draw(t, "required"),
				Kind:      rapid.SampledFrom([]chat.InputKind{chat.Line, chat.Area, chat.Select, chat.Person, chat.Checked, "odd"}).Draw(t, "kind"),
				Choices:   rapid.SliceOfN(choice, 0, rapid.SampledFrom([]int{3, 3, 130}).Draw(t, "most")).Draw(t, "choices"),
				MaxLength: rapid.SampledFrom([]int{0, 1, 200, 3000, 9000, -1}).Draw(t, "longest"), Placeholder: words.Draw(t, "placeholder"),
			}
			in.Value = rapid.SampledFrom([]string{"", "yes", "<@U0ANN>", "U0ANN", "<@evil", strings.Repeat(words.Draw(t, "filled"), 60)}).Draw(t, "value")
			if len(in.Choices) > 0 && rapid.Bool().Draw(t, "chosen") {
				in.Value = in.Choices[len(in.Choices)-1].Value
			}
			return in
		})
		f := chat.Form{
			Title: anyWords().Draw(rt, "title"), Submit: anyWords().Draw(rt, "submit"), Intro: rapid.SliceOfN(anySpan(), 0, 3).Draw(rt, "intro"),
			Fields:  rapid.SliceOfN(input, 0, rapid.SampledFrom([]int{5, 5, 130}).Draw(rt, "fields")).Draw(rt, "inputs"),
			Command: rapid.SampledFrom([]string{"declare", "update INC-7", strings.Repeat("x", 3000)}).Draw(rt, "command"), Seen: rapid.Uint64().Draw(rt, "seen"),
		}
		k := slack.Keepsake{Room: "C0ROOM", Name: anyWords().Draw(rt, "room")}
		v := slack.DrawForm(f, k)
		viewWithin(rt, v)
		viewWithin(rt, slack.LoadingForm(f.Title, k))
		kept, ok := slack.ReadKeepsake(v.PrivateMetadata)
		if ok != (len(f.Command) < 3000) || ok && (kept.Command != f.Command || kept.Seen != f.Seen || kept.Room != "C0ROOM") {
			rt.Fatalf("it keeps %+v (%v)", kept, ok)
		}
	})
}

func TestAFormThatCannotBeKeptSaysSo(t *testing.T) {
	t.Parallel()
	v := slack.DrawForm(chat.Form{Title: "Declare", Command: "declare " + strings.Repeat("x", 3000)}, slack.Keepsake{})
	if seen := (&eyes{t: t}).see(v); !strings.Contains(seen, "Nothing was done. Type the command") || v.Submit != nil {
		t.Errorf("a reader sees %s", seen)
	}
}

func TestSelectsHoldWhatFits(t *testing.T) {
	t.Parallel()
	var choices []chat.Choice
	for i := range 120 {
		choices = append(choices, chat.Choice{Value: fmt.Sprint("v", i), Label: fmt.Sprint("Team ", i)})
	}
	choices[3].Value = strings.Repeat("x", 151)
	f := chat.Form{Title: "Page", Command: "page", Fields: []chat.Input{{Name: "team", Label: "Team", Kind: chat.Select, Choices: choices, Value: "v115"}}}
	v := slack.DrawForm(f, slack.Keepsake{})
	viewWithin(t, v)
	seen := (&eyes{t: t}).see(v)
	if !strings.Contains(seen, "▾ Team 115") || !strings.Contains(seen, "20 more do not fit here; name them in the command.") || strings.Contains(seen, "Team 3\n") {
		t.Errorf("a reader sees %s", seen)
	}
}

func TestFormsBeyondAViewSayWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	f := chat.Form{Title: "Long", Intro: []chat.Span{chat.Plain("intro")}, Command: "x"}
	for i := range 120 {
		f.Fields = append(f.Fields, chat.Input{Name: fmt.Sprint("f", i), Kind: chat.Line})
	}
	v := slack.DrawForm(f, slack.Keepsake{})
	viewWithin(t, v)
	if seen := (&eyes{t: t}).see(v); len(v.Blocks.BlockSet) != 100 || !strings.Contains(seen, "(22 more fields do not fit here; give them in the command.)") {
		t.Errorf("%d blocks: %s", len(v.Blocks.BlockSet), seen)
	}
}

func TestFormsAreReadBack(t *testing.T) {
	t.Parallel()
	state := &slackapi.ViewState{Values: map[string]map[string]slackapi.BlockAction{
		"title":    {"value": {Type: "plain_text_input", Value: "checkout <is> *failing* & more"}},
		"empty":    {"value": {Type: "plain_text_input"}},
		"severity": {"value": {Type: "static_select", SelectedOption: slackapi.OptionBlockObject{Value: "sev2"}}},
		"open":     {"value": {Type: "static_select"}},
		"person":   {"value": {Type: "users_select", SelectedUser: "U0ANN"}},
		"nobody":   {"value": {Type: "users_select"}},
		"drill":    {"value": {Type: "checkboxes", SelectedOptions: []slackapi.OptionBlockObject{{Value: "yes"}}}},
		"private":  {"value": {Type: "checkboxes"}},
		"foreign":  {"other": {Type: "plain_text_input", Value: "x"}},
	}}
	want := map[string]string{
		"title": "checkout <is> *failing* & more", "empty": "", "severity": "sev2", "open": "", "person": "<@U0ANN>", "nobody": "", "drill": "yes", "private": "",
	}
	if diff := cmp.Diff(want, slack.ReadForm(state)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := slack.ReadForm(nil); len(got) != 0 {
		t.Errorf("nothing is read as %v", got)
	}
}

// What a form opens with is what it sends when nobody changes anything.
func TestFormsSendWhatTheyOpenWith(t *testing.T) {
	t.Parallel()
	for name, f := range forms(t) {
		want := map[string]string{}
		for _, in := range f.Fields {
			want[in.Name] = in.Value
		}
		if diff := cmp.Diff(want, slack.ReadForm(untouched(slack.DrawForm(f, slack.Keepsake{})))); diff != "" {
			t.Errorf("%s (-opened +sent):\n%s", name, diff)
		}
	}
}

// untouched is what Slack sends of a view that nobody changed.
func untouched(v slackapi.ModalViewRequest) *slackapi.ViewState {
	state := &slackapi.ViewState{Values: map[string]map[string]slackapi.BlockAction{}}
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slackapi.InputBlock)
		if !ok {
			continue
		}
		var a slackapi.BlockAction
		switch e := in.Element.(type) {
		case *slackapi.PlainTextInputBlockElement:
			a.Value = e.InitialValue
		case *slackapi.SelectBlockElement:
			a.SelectedUser = e.InitialUser
			if e.InitialOption != nil {
				a.SelectedOption = *e.InitialOption
			}
		case *slackapi.CheckboxGroupsBlockElement:
			for _, o := range e.InitialOptions {
				a.SelectedOptions = append(a.SelectedOptions, *o)
			}
		}
		state.Values[in.BlockID] = map[string]slackapi.BlockAction{"value": a}
	}
	return state
}

func TestKeepsakes(t *testing.T) {
	t.Parallel()
	k := slack.Keepsake{Command: "update INC-7", Seen: 4, Room: "C0ROOM", Thread: "1.2", Name: "inc-7", Direct: true, Shared: true, About: slack.AboutRef{Room: "C1", Thread: "3.4", ID: "5.6"}}
	metadata, ok := k.Metadata()
	if got, read := slack.ReadKeepsake(metadata); !ok || !read || got != k {
		t.Errorf("%q is read as %+v (%v)", metadata, got, read)
	}
	long := k
	long.Name = strings.Repeat("n", 3000)
	metadata, ok = long.Metadata()
	if got, read := slack.ReadKeepsake(metadata); !ok || !read || got.Name != "" || got.Command != k.Command {
		t.Errorf("with a long name it keeps %+v (%v, %v)", got, ok, read)
	}
	for _, bad := range []string{"", "null", "{}", "[]", "x", `{"command":3}`, `{"command":"x","room":"` + strings.Repeat("r", 3000) + `"}`} {
		if got, ok := slack.ReadKeepsake(bad); ok {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

func FuzzReadKeepsake(f *testing.F) {
	f.Add(`{"command":"declare","seen":4,"about":{"room":"C1","id":"1.2"}}`)
	f.Add(`{"command":"<&>"}`)
	f.Fuzz(func(t *testing.T, metadata string) {
		k, ok := slack.ReadKeepsake(metadata)
		if !ok {
			return
		}
		again, kept := k.Metadata()
		if got, ok := slack.ReadKeepsake(again); kept && (!ok || got.Command != k.Command || got.Seen != k.Seen || got.About != k.About) {
			t.Errorf("%+v is read back as %+v", k, got)
		}
	})
}
