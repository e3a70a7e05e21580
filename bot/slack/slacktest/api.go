package slacktest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bodyLimit is how much of a call is read.
const bodyLimit = 4 << 20

// call is one call of the Web API while it is done.
type call struct {
	f      *Fake
	method *method
	args   map[string]string
	host   string // where the fake was called
}

// no is a refusal.
type no struct {
	err      string
	messages []string
	extra    object
}

func refuse(err string) (object, *no) { return nil, &no{err: err} }

// flag reads a truth.
func (c *call) flag(name string) bool {
	v := c.args[name]
	return v == "true" || v == "1"
}

// serveCall does a call of the Web API.
func (f *Fake) serveCall(w http.ResponseWriter, r *http.Request, name string) {
	args, token, ok := readArgs(r)
	noted := f.note(name, args)
	w.Header().Set("X-Slack-Req-Id", strconv.Itoa(len(args)))
	how := f.fault(name)
	if how == nil {
		how = &Fault{}
	}
	f.mu.Lock()
	latency := f.latency
	f.mu.Unlock()
	if !f.wait(r.Context(), latency) {
		panic(http.ErrAbortHandler)
	}
	if !f.suffer(w, r, how) {
		f.noted(noted, max(how.Status, http.StatusOK), how.Error)
		return
	}
	if !ok {
		f.noted(noted, http.StatusOK, "invalid_json")
		answer(w, object{"ok": false, "error": "invalid_json"})
		return
	}
	out, after, err := f.do(name, args, token, r.Host)
	f.mu.Lock()
	f.heads(w, name)
	f.mu.Unlock()
	if after > 0 {
		f.noted(noted, http.StatusTooManyRequests, "ratelimited")
		w.Header().Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	if how.Lost || err == "" && f.losesOnce(name, args) {
		f.noted(noted, 0, err)
		f.watched(noted)
		panic(http.ErrAbortHandler)
	}
	f.noted(noted, http.StatusOK, err)
	f.watched(noted)
	answer(w, out)
}

// heads puts the scopes on the answer.
func (f *Fake) heads(w http.ResponseWriter, name string) {
	w.Header().Set("X-OAuth-Scopes", strings.Join(slices.Sorted(maps.Keys(f.scopes)), ","))
	if m := f.methods[name]; m != nil {
		w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	}
}

func answer(w http.ResponseWriter, out object) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(raw(out))
}

// readArgs reads what a call was given, as a form or as JSON.
func readArgs(r *http.Request) (args map[string]string, token string, ok bool) {
	args = map[string]string{}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit))
	if err != nil {
		return args, "", false
	}
	for k, v := range r.URL.Query() {
		args[k] = v[0]
	}
	switch media := r.Header.Get("Content-Type"); {
	case strings.HasPrefix(media, "application/json"):
		ok = readJSON(body, args)
	case strings.HasPrefix(media, "multipart/form-data"):
		r.Body = io.NopCloser(bytes.NewReader(body))
		if ok = r.ParseMultipartForm(bodyLimit) == nil; ok {
			for k, v := range r.MultipartForm.Value {
				args[k] = v[0]
			}
		}
	default:
		var form url.Values
		form, err = url.ParseQuery(string(body))
		ok = err == nil
		for k, v := range form {
			args[k] = v[0]
		}
	}
	token = args["token"]
	delete(args, "token")
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		token = bearer
	}
	return args, token, ok
}

// readJSON keeps words as they are and everything else as JSON.
func readJSON(body []byte, args map[string]string) bool {
	if len(bytes.TrimSpace(body)) == 0 {
		return true
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(body, &all) != nil {
		return false
	}
	for k, v := range all {
		var word string
		switch {
		case string(v) == "null":
		case json.Unmarshal(v, &word) == nil:
			args[k] = word
		default:
			args[k] = string(v)
		}
	}
	return true
}

// do runs a call; after: it has to wait that long, and was not done.
func (f *Fake) do(name string, args map[string]string, token, host string) (out object, after time.Duration, err string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &call{f: f, method: f.methods[name], args: args, host: host}
	if c.method != nil {
		if after = f.limited(c.method, args["channel"]); after > 0 {
			return nil, after, ""
		}
	}
	out, refused := c.run(token)
	if refused == nil {
		if out == nil {
			out = object{}
		}
		out["ok"] = true
		return out, 0, ""
	}
	if c.method != nil && !slices.Contains(gateErrors(), refused.err) && !slices.Contains(c.method.errors, refused.err) {
		panic("slacktest: " + name + " does not answer " + refused.err)
	}
	out = object{"ok": false, "error": refused.err}
	maps.Copy(out, refused.extra)
	if len(refused.messages) > 0 {
		out["response_metadata"] = object{"messages": refused.messages}
	}
	return out, 0, refused.err
}

// run checks who calls with what, and does it.
func (c *call) run(token string) (object, *no) {
	f := c.f
	switch {
	case c.method == nil:
		return refuse("unknown_method")
	case token == "":
		return refuse("not_authed")
	case token != f.o.BotToken && token != f.o.AppToken:
		return refuse("invalid_auth")
	case f.revoked:
		return refuse("token_revoked")
	case c.method.app != (token == f.o.AppToken):
		return refuse("not_allowed_token_type")
	}
	if len(c.method.scopes) > 0 && !slices.ContainsFunc(c.method.scopes, func(s string) bool { return f.scopes[s] }) {
		return nil, c.lacks(c.method.scopes)
	}
	for _, need := range c.method.needs {
		if c.args[need] == "" && !c.method.says[need] {
			return nil, invalid("missing required field: " + need)
		}
	}
	if f.o.OrgWide && c.method.team && c.args["team_id"] == "" {
		return nil, c.orgWide()
	}
	return c.method.do(c)
}

// orgWide refuses a call that must name its workspace and does not.
func (c *call) orgWide() *no {
	if slices.Contains(c.method.errors, "missing_argument") {
		return &no{err: "missing_argument"}
	}
	return invalid("missing required field: team_id")
}

func invalid(message string) *no {
	return &no{err: "invalid_arguments", messages: []string{"[ERROR] " + message}}
}

// lacks refuses for want of a scope, and says which would do.
func (c *call) lacks(needed []string) *no {
	return &no{err: "missing_scope", extra: object{
		"needed":   strings.Join(needed, ","),
		"provided": strings.Join(slices.Sorted(maps.Keys(c.f.scopes)), ","),
	}}
}

// allowed says whether the app has a scope of the method that fits a kind of
// room: those that begin with it. Methods whose scopes know no rooms are allowed.
func (c *call) allowed(kind string) *no {
	var fit []string
	for _, s := range c.method.scopes {
		if strings.HasPrefix(s, kind+":") {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 || slices.ContainsFunc(fit, func(s string) bool { return c.f.scopes[s] }) {
		return nil
	}
	return c.lacks(fit)
}

// room finds the room that a call names, as far as the bot can see it.
func (c *call) room(arg string) (*place, *no) {
	r := c.f.room(c.args[arg])
	if r == nil || (r.Private || r.Direct) && !r.has(c.f.bot.ID) {
		return nil, &no{err: "channel_not_found"}
	}
	if missing := c.allowed(r.kind()); missing != nil {
		return nil, missing
	}
	return r, nil
}

// note keeps a call; noted says how it ended.
func (f *Fake) note(name string, args map[string]string) *Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &Call{Method: name, Args: maps.Clone(args), At: f.now()}
	f.calls = append(f.calls, c)
	return c
}

// Watch has every call of the Web API looked at after it was done and before it
// is answered; nil: no longer.
func (f *Fake) Watch(do func(Call)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watch = do
}

func (f *Fake) watched(c *Call) {
	f.mu.Lock()
	do, now := f.watch, *c
	f.mu.Unlock()
	if do != nil {
		do(now)
	}
}

func (f *Fake) noted(c *Call, status int, err string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Status, c.Error = status, err
}

// Calls gives the calls of a method so far ("": of all), oldest first.
func (f *Fake) Calls(method string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Call
	for _, c := range f.calls {
		if method == "" || c.Method == method {
			out = append(out, *c)
		}
	}
	return out
}

// page cuts a list into pages: the next cursor is empty after the last.
func page[T any](c *call, all []T, def, most int) (out []T, next string, refused *no) {
	limit := def
	if s := c.args["limit"]; s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return nil, "", invalid("failed to match the type of limit")
		}
		if n > 0 {
			limit = min(n, most)
		}
	}
	from := 0
	if s := c.args["cursor"]; s != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(s, "from:"))
		if err != nil || n < 0 || n > len(all) || !strings.HasPrefix(s, "from:") {
			return nil, "", &no{err: "invalid_cursor"}
		}
		from = n
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = "from:" + strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

func cursor(next string) object { return object{"next_cursor": next} }
