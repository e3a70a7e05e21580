package reactors

import (
	"context"
	"net/http"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Album keeps pictures of incidents' rooms.
type Album interface {
	// KeepPicture keeps the picture of a message's n-th file, n from 0.
	KeepPicture(ctx context.Context, room, message string, n int, p store.Picture) (name string, err error)
}

// pictures keeps what captured messages show, as long as the platform gives
// it: a link outlives neither the channel nor the workspace's own clean-up.
// What cannot be kept stays a link, and nobody is told.
type pictures struct{ o Outside }

func (pictures) Name() string { return "pictures" }

func (pictures) Leads(string) []incident.Event { return nil }

func (pictures) Plan(r incident.Recorded) []store.Job {
	e, ok := r.Event.(incident.MessageCaptured)
	if !ok {
		return nil
	}
	for _, f := range e.Files {
		if strings.HasPrefix(f.Type, "image/") {
			return []store.Job{worker.Once(r, "pictures", "keep", "", store.EchoLane)}
		}
	}
	return nil
}

func (x pictures) Do(ctx context.Context, t worker.Task) worker.Result {
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	e, ok := r.Event.(incident.MessageCaptured)
	on := x.o.Chat.On(e.Message.Platform)
	if !ok || x.o.Album == nil || on == nil || on.Roles().Files == nil {
		return worker.NotNeeded("Pictures are not kept here.")
	}
	for n, f := range e.Files {
		if !strings.HasPrefix(f.Type, "image/") {
			continue
		}
		var b []byte
		err := t.Call(ctx, func(ctx context.Context) (err error) {
			b, err = on.Roles().Files.File(ctx, chat.File{Name: f.Name, URL: f.URL, Type: f.Type}, store.MaxPicture)
			return err
		})
		if err == nil {
			err = x.keep(ctx, t, e, n, b)
		}
		switch fault.KindOf(err) {
		case fault.Rejected, fault.NotFound, fault.Forbidden, fault.Invalid:
			continue // it stays a link
		case fault.Internal, fault.Conflict, fault.Unavailable, fault.Unknown:
		}
		if err != nil {
			return failed(err, t, "")
		}
	}
	return worker.Done(nil)
}

// keep keeps one picture, if its bytes are of a picture that browsers draw.
func (x pictures) keep(ctx context.Context, t worker.Task, e incident.MessageCaptured, n int, b []byte) error {
	kind := http.DetectContentType(b)
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	default:
		return fault.New(fault.Rejected, "It is no picture that is kept.")
	}
	_, err := x.o.Album.KeepPicture(ctx, e.Message.Room, e.Message.ID, n, store.Picture{Stream: t.Job.Stream, Kind: kind, Bytes: b})
	return err
}
