package chat_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
)

func answer(words string) chat.Reply {
	return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(words)}}}}
}

func read(r chat.Reply) string { return chat.Plaintext(r.Message, chat.Paper{}) }

// after is a handler that answers after a while, and notices a cancelled context.
func after(d time.Duration) chat.Handler {
	return func(ctx context.Context, _ chat.Request) chat.Reply {
		select {
		case <-time.After(d):
			return answer("INC-7 is declared")
		case <-ctx.Done():
			return answer("was stopped")
		}
	}
}

func TestPatiently(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		takes       time.Duration
		asker       time.Duration // how long the asker's context lasts; 0: for ever
		first, late string
	}{
		{"an answer in time is the reply", time.Second, 0, "INC-7 is declared", ""},
		{"an answer just in time is the reply", chat.Patience - 1, 0, "INC-7 is declared", ""},
		{"a late answer follows", 4 * time.Second, 0, "Working on it, not recorded yet", "INC-7 is declared"},
		{"an asker who went away does not stop it", 4 * time.Second, time.Second, "Working on it, not recorded yet", "INC-7 is declared"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.asker > 0 {
					c, cancel := context.WithTimeout(ctx, tt.asker)
					defer cancel()
					ctx = c
				}
				begun := time.Now()
				late := ""
				r := chat.Patiently(ctx, after(tt.takes), chat.Request{}, func(ctx context.Context, r chat.Reply) {
					if ctx.Err() != nil {
						t.Error("the late reply's context has ended")
					}
					late += read(r)
				})
				if took := time.Since(begun); took > chat.Patience {
					t.Errorf("the first reply took %v", took)
				}
				if got := read(r); !strings.HasPrefix(got, tt.first) {
					t.Errorf("the reply is %q, want %q", got, tt.first)
				}
				<-time.After(time.Minute)
				synctest.Wait()
				if late != tt.late {
					t.Errorf("later came %q, want %q", late, tt.late)
				}
			})
		})
	}
}
