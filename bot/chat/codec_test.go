package chat_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
)

func TestReplyComesBackAsItWas(t *testing.T) {
	t.Parallel()
	want := everything()
	b, err := chat.EncodeReply(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := chat.DecodeReply(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := chat.EncodeReply(got)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("encoded again it differs (%v):\n%s\n%s", err, b, again)
	}
}

// A reply that an older tocsin stored must read for ever.
func TestStoredReplyReads(t *testing.T) {
	t.Parallel()
	stored := `{"message":{"title":[{"strong":"INC-7"}],"tone":"sev2","parts":[{"text":[{"plain":"a"},{"when":{"at":"2026-11-25T14:05:00Z","style":"clock"}}]},{"fields":[{"label":"l","value":[{"code":"c"}]}]},{"list":[[{"struck":"s"}],[]]},{"divider":true},{"pre":"p"},{"buttons":[{"label":"b","command":"ack INC-7"}]}]},"incident":"INC-7"}`
	r, err := chat.DecodeReply([]byte(stored))
	if err != nil {
		t.Fatal(err)
	}
	b, err := chat.EncodeReply(r)
	if err != nil || string(b) != stored {
		t.Errorf("written again (%v):\n%s\nwant\n%s", err, b, stored)
	}
}

func TestWhatANewerTocsinWroteIsReadAsSuch(t *testing.T) {
	t.Parallel()
	for _, stored := range []string{
		`{"parts":[{"hologram":{"x":1}}]}`, `{"parts":[{"text":[{"blink":"x"}]}]}`, `{"parts":[{}]}`, `{"parts":[{"text":[],"quote":[]}]}`, `{"parts":[null]}`,
	} {
		m, err := chat.DecodeMessage([]byte(stored))
		if err != nil {
			t.Fatalf("%s: %v", stored, err)
		}
		if got := chat.Plaintext(m, chat.Paper{}); !strings.Contains(got, "newer tocsin") {
			t.Errorf("%s reads %q", stored, got)
		}
	}
}

func TestBrokenReplies(t *testing.T) {
	t.Parallel()
	for _, b := range []string{"", "{", "[]", `{"message":{"parts":[{"text":7}]}}`, `{"message":{"parts":[{"fields":7}]}}`, `{"message":{"parts":[{"list":7}]}}`, `{"form":7}`, `{"message":{"title":[{"when":7}]}}`} {
		if _, err := chat.DecodeReply([]byte(b)); err == nil {
			t.Errorf("%q was read", b)
		}
	}
	if _, err := chat.DecodeMessage([]byte("{")); err == nil {
		t.Error("half a message was read")
	}
}

func TestOddValuesAreWritten(t *testing.T) {
	t.Parallel()
	odd := chat.Reply{Message: chat.Message{
		Title: []chat.Span{nil, chat.Plain("\xff\x00<"), chat.When{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		Parts: []chat.Part{nil, chat.Text(nil), chat.List{nil}, chat.Buttons(nil)},
	}}
	b, err := chat.EncodeReply(odd)
	if err != nil {
		t.Fatal(err)
	}
	r, err := chat.DecodeReply(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := chat.EncodeReply(r)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("encoded again it differs (%v):\n%s\n%s", err, b, again)
	}
}

func TestMessagesAreOrdinaryJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(map[string]any{"parts": everything().Message})
	if err != nil || !json.Valid(b) || !bytes.Contains(b, []byte(`{"strong":"INC-7"}`)) {
		t.Errorf("%s (%v)", b, err)
	}
}

func FuzzReply(f *testing.F) {
	b, err := chat.EncodeReply(everything())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"message":{"parts":[{"x":1},null]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := chat.DecodeReply(b)
		if err != nil {
			return
		}
		first, err := chat.EncodeReply(r)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		r, err = chat.DecodeReply(first)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		second, err := chat.EncodeReply(r)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("written twice it differs (%v):\n%s\n%s", err, first, second)
		}
		chat.Plaintext(r.Message, chat.Paper{})
		chat.Markdown(r.Message, chat.Paper{})
		chat.Fit(r.Message, chat.Limits{Text: 200, Parts: 4, Actions: 3, Label: 20})
	})
}
