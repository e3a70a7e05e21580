package slack

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// files gives what is attached to messages.
type files struct{ c *caller }

// File reads a file by its link. The token goes to Slack alone.
func (x files) File(ctx context.Context, f chat.File, most int) ([]byte, error) {
	found := regexp.MustCompile(`/files(?:-pri)?/[^/]+/(F[A-Z0-9]+)(?:/|$)|-(F[A-Z0-9]+)/`).FindStringSubmatch(f.URL)
	if found == nil {
		return nil, fault.New(fault.Rejected, "The link of the file %s leads to no file of Slack.", chat.CleanLine(f.Name))
	}
	var out struct {
		File struct {
			Size     int    `json:"size"`
			Private  string `json:"url_private"`
			External bool   `json:"is_external"`
		} `json:"file"`
	}
	k := call{method: "files.info", what: "look a file up"}
	err := x.c.do(ctx, k, func(ctx context.Context) error {
		_, _, _, err := x.c.api.GetFileInfoContext(ctx, found[1]+found[2], 0, 0)
		return err
	}, &out)
	switch {
	case err != nil:
		return nil, err
	case out.File.External || !x.ours(out.File.Private):
		return nil, fault.New(fault.Rejected, "The file %s does not lie in Slack.", chat.CleanLine(f.Name))
	case out.File.Size > most:
		return nil, tooMuch(f)
	}
	return x.fetch(ctx, f, out.File.Private, most)
}

func tooMuch(f chat.File) error {
	return fault.New(fault.Rejected, "The file %s is larger than what is kept.", chat.CleanLine(f.Name))
}

// ours says that an address is Slack's, so that the token may go there.
func (x files) ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if base, err := url.Parse(x.c.base); err == nil && x.c.base != slackapi.APIURL && u.Host == base.Host && u.Scheme == base.Scheme {
		return true
	}
	return u.Scheme == "https" && (u.Hostname() == "slack.com" || strings.HasSuffix(u.Hostname(), ".slack.com"))
}

// fetch reads the bytes. A page to sign in is what Slack answers in place of a
// file that the token may not see.
func (x files) fetch(ctx context.Context, f chat.File, address string, most int) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fault.Wrap(fault.Rejected, errors.New("an address that is none"), "The file cannot be asked for.")
	}
	req.Header.Set("Authorization", "Bearer "+x.c.o.Config.BotToken.Reveal())
	resp, err := x.c.http.Do(req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, bare(err), "Slack could not be asked for a file.")
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, bare(err), "Slack did not give a file to its end.")
	case resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests:
		return nil, fault.New(fault.Unavailable, "Slack did not give a file; it will be asked again.")
	case resp.StatusCode != http.StatusOK || bytes.HasPrefix(bytes.TrimSpace(b), []byte("<!DOCTYPE")):
		return nil, fault.New(fault.Rejected, "Slack does not give tocsin the file %s.", chat.CleanLine(f.Name))
	case len(b) > most:
		return nil, tooMuch(f)
	}
	return b, nil
}
