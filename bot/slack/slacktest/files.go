package slacktest

import (
	"net/http"
	"path"
	"strings"
)

// privateFiles is where the bytes of files are served, to who has a token.
const privateFiles = "/files-pri/"

// file finds a file of a message by its id; f.mu is held.
func (f *Fake) file(id string) (File, bool) {
	for _, p := range f.rooms {
		for _, m := range p.messages {
			for _, one := range m.files {
				if one.ID == id {
					return one, true
				}
			}
		}
	}
	return File{}, false
}

func filesInfo(c *call) (object, *no) {
	one, found := c.f.file(c.args["file"])
	if !found {
		return refuse("file_not_found")
	}
	link := "http://" + c.host + privateFiles + one.ID + "/" + one.Name
	return object{"file": object{
		"id": one.ID, "name": one.Name, "title": one.Name, "mimetype": one.Type, "size": len(one.Bytes),
		"url_private": link, "url_private_download": link, "permalink": one.URL,
	}}, nil
}

// serveFile gives the bytes of a file to the app.
func (f *Fake) serveFile(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	one, found := f.file(path.Base(path.Dir(r.URL.Path)))
	f.mu.Unlock()
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "+f.o.BotToken):
		w.Header().Set("Content-Type", "text/html") // Slack shows a page to sign in
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Sign in</title>"))
	case !found:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", one.Type)
		_, _ = w.Write(one.Bytes)
	}
}
