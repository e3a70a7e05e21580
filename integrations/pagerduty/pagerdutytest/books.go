package pagerdutytest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// books are PagerDuty's own documents, with their own faults mended.
type books struct {
	rest, events routers.Router
}

// opened keeps what was read, because reading takes a second.
var opened = struct {
	mu  sync.Mutex
	all map[string]*books
}{all: map[string]*books{}}

// open reads the documents of a folder.
func open(folder string) (*books, error) {
	opened.mu.Lock()
	defer opened.mu.Unlock()
	if b := opened.all[folder]; b != nil {
		return b, nil
	}
	rest, err := read(filepath.Join(folder, "pagerduty-rest.json"), "http://pagerduty.test", mendREST)
	if err != nil {
		return nil, err
	}
	events, err := read(filepath.Join(folder, "pagerduty-events-v2.json"), "http://pagerduty.test/v2", func(object) {})
	if err != nil {
		return nil, err
	}
	b := &books{rest, events}
	opened.all[folder] = b
	return b, nil
}

// read reads one document and mends it.
func read(path, server string, mend func(object)) (routers.Router, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc object
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	doc["servers"] = []any{object{"url": server}}
	mend(doc)
	if raw, err = json.Marshal(doc); err != nil {
		return nil, err
	}
	spec, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return gorillamux.NewRouter(spec)
}

// find finds the operation of a request. The fake has one address for both.
func (b *books) find(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	in := r.Clone(context.WithoutCancel(r.Context()))
	in.URL = &url.URL{Scheme: "http", Host: "pagerduty.test", Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	in.Host = "pagerduty.test"
	router := b.rest
	if strings.HasPrefix(r.URL.Path, "/v2/") {
		router = b.events
	}
	route, params, err := router.FindRoute(in)
	if err != nil {
		return nil, errors.New("the documents have no such operation")
	}
	return &openapi3filter.RequestValidationInput{
		Request: in, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:          openapi3filter.NoopAuthenticationFunc,
			ExcludeReadOnlyValidations:  true,
			ExcludeWriteOnlyValidations: true,
			IncludeResponseStatus:       true,
		},
	}, nil
}

// request holds a request to the documents.
func (b *books) request(r *http.Request, body []byte) error {
	in, err := b.find(r)
	if err != nil {
		return err
	}
	in.Request.Body = io.NopCloser(bytes.NewReader(body))
	return short(openapi3filter.ValidateRequest(context.Background(), in))
}

// answer holds an answer to the documents.
func (b *books) answer(r *http.Request, a answer) error {
	in, err := b.find(r)
	if err != nil || a.status/100 != 2 || a.body == nil {
		return nil //nolint:nilerr // what the documents do not have was said of the request
	}
	raw, err := json.Marshal(a.body)
	if err != nil {
		return err
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: a.status, Options: in.Options,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	return short(openapi3filter.ValidateResponse(context.Background(), out.SetBodyBytes(raw)))
}

// short keeps the beginning of what a validator says: the schema that follows
// is long.
func short(err error) error {
	if err == nil {
		return nil
	}
	say, _, _ := strings.Cut(err.Error(), "\nSchema:")
	return errors.New(strings.Join(strings.Fields(say), " "))
}
