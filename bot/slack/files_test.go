package slack_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// picture is a file of a message, as the adapter reports it.
func (o office) picture(id, words string) chat.File {
	o.Helper()
	f := slacktest.File{ID: id, Name: "pool.png", Type: "image/png", URL: "https://acme.slack.com/files/" + o.ann + "/" + id + "/pool.png", Bytes: []byte(words)}
	if _, _, err := o.far.Say(o.Context(), o.ann, o.room, slacktest.Words{Text: "see", Files: []slacktest.File{f}}); err != nil {
		o.Fatal(err)
	}
	return chat.File{Name: f.Name, URL: f.URL, Type: f.Type}
}

func TestAPictureIsReadOutOfSlack(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		one := o.picture("F0ONE", "bytes of a picture")
		got, err := o.Roles().Files.File(o.Context(), one, 100)
		if err != nil || string(got) != "bytes of a picture" {
			o.Errorf("read %q, %v", got, err)
		}
		for what, c := range map[string]struct {
			file chat.File
			most int
			kind fault.Kind
		}{
			"too large":            {one, 5, fault.Rejected},
			"never there":          {chat.File{URL: strings.Replace(one.URL, "F0ONE", "F0GONE", 1)}, 100, fault.Rejected},
			"a link elsewhere":     {chat.File{Name: "x", URL: "https://evil.example/pool.png"}, 100, fault.Rejected},
			"a link like ours":     {chat.File{Name: "x", URL: "https://evil.example/files/U1/"}, 100, fault.Rejected},
			"a link that is empty": {chat.File{}, 100, fault.Rejected},
		} {
			if _, err := o.Roles().Files.File(o.Context(), c.file, c.most); fault.KindOf(err) != c.kind {
				o.Errorf("%s: %v", what, err)
			}
		}
		if n := len(o.far.Calls("files.info")); n != 3 {
			o.Errorf("Slack was asked %d times, want 3", n)
		}
	})
}
