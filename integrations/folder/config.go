package folder

import (
	"net/url"
	"path/filepath"
	"strings"
)

// Config is what the environment decides about documents, under TOCSIN_DOCUMENTS_.
type Config struct {
	Folder string `split_words:"true" desc:"folder that published reviews are written to as Markdown, such as /srv/reviews"`
	Link   string `split_words:"true" desc:"address under which that folder can be read in a browser, such as https://wiki.example.com/reviews; not set: the file's name is told"`
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// Set says whether the folder is set.
func (c Config) Set() bool { return c.Folder != "" || c.Link != "" }

// Faults lists what is wrong with the values. It looks nothing up.
func (c Config) Faults() []Fault {
	var out []Fault
	if !c.Set() {
		return nil
	}
	if !filepath.IsAbs(c.Folder) {
		out = append(out, Fault{"TOCSIN_DOCUMENTS_FOLDER", "it is not the whole path of a folder", "Set it to a path such as /srv/reviews."})
	}
	if u, err := url.Parse(c.Link); c.Link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "") {
		out = append(out, Fault{"TOCSIN_DOCUMENTS_LINK", "it is no http or https address", "Set it to an address such as https://wiki.example.com/reviews."})
	}
	return out
}

// at is where a file of the folder can be read; empty: nowhere.
func (c Config) at(name string) string {
	if c.Link == "" {
		return ""
	}
	return strings.TrimRight(c.Link, "/") + "/" + url.PathEscape(name)
}
