package console

import (
	"net/http"
	"strings"

	"tocsin/bot/chat"
	"tocsin/store"
)

// offered is one line of the list that opens while somebody types.
type offered struct {
	Insert string // what stands in the box when it is taken
	Shown  string
	Hint   string
	User   string // a person's id: their picture is drawn
	More   bool   // typing goes on after it
}

// hints is what stands above the box while a command is typed.
type hints struct {
	Command string
	Verb    chat.Verb
	Args    []argView
	Offers  []offered
}

type argView struct {
	chat.Arg
	Now bool // it is being typed
}

// complete offers ways to go on with what stands in the box.
func (c *Console) complete(w http.ResponseWriter, r *http.Request) {
	rd, room, ok := c.visit(w, r, r.URL.Query().Get("room"))
	if !ok {
		return
	}
	text := chat.Clean(r.URL.Query().Get("text"))
	if len(text) > 2000 || rd.User == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h := c.hints(r, room, rd, text)
	if h.Verb.Name == "" && len(h.Offers) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	c.draw(w, http.StatusOK, hintsList(h))
}

func (c *Console) hints(r *http.Request, room store.TalkRoom, rd reader, text string) hints {
	h := hints{Command: "/" + c.verb()}
	head, typed, isCommand := cutCommand(text, c.verb())
	if !isCommand {
		h.Offers = c.openers(text)
		return h
	}
	house := c.house.Load()
	if house == nil {
		return h
	}
	h.Verb, h.Args = argsOf(house.Verbs, typed)
	if person, before, ok := lastAt(typed); ok {
		h.Offers = c.persons(head+before, person)
		return h
	}
	if house.Complete == nil {
		return h
	}
	g := gesture{User: c.User(rd.User), Room: room, Thread: r.URL.Query().Get("thread"), At: c.now(), Via: "command"}
	for _, s := range house.Complete(r.Context(), c.request(g, typed)) {
		next := goOn(typed, s.Text)
		h.Offers = append(h.Offers, offered{Insert: head + next, Shown: s.Text, Hint: s.Hint, More: true})
		if len(h.Offers) == 12 {
			break
		}
	}
	return h
}

// cutCommand parts "/incident sev" into what calls the command and what was typed after it.
func cutCommand(text, verb string) (head, typed string, ok bool) {
	for _, call := range []string{"/" + verb + " ", "@tocsin "} {
		if len(text) >= len(call) && strings.EqualFold(text[:len(call)], call) {
			return text[:len(call)], text[len(call):], true
		}
	}
	return "", "", false
}

// openers offers the command and people's names outside a command.
func (c *Console) openers(text string) []offered {
	slash := "/" + c.verb()
	if strings.HasPrefix(text, "/") && strings.HasPrefix(slash, strings.ToLower(text)) {
		return []offered{{Insert: slash + " ", Shown: slash, Hint: "say what is wrong, or a verb such as list, take, update", More: true}}
	}
	person, before, ok := lastAt(text)
	if !ok {
		return nil
	}
	out := c.persons(before, person)
	if before == "" && strings.HasPrefix("tocsin", person) {
		out = append(out, offered{Insert: "@tocsin ", Shown: "@tocsin", Hint: "the same as " + slash, More: true})
	}
	return out
}

// lastAt finds a name that is being typed at the end: "@an".
func lastAt(text string) (name, before string, ok bool) {
	i := strings.LastIndexByte(text, '@')
	if i < 0 || i > 0 && !strings.ContainsRune(" \n(", rune(text[i-1])) || strings.ContainsAny(text[i:], " \n") {
		return "", "", false
	}
	return strings.ToLower(text[i+1:]), text[:i], true
}

func (c *Console) persons(before, typed string) []offered {
	var out []offered
	for _, p := range c.people {
		if strings.HasPrefix(p.ID, typed) || strings.Contains(" "+strings.ToLower(p.Name), " "+typed) {
			out = append(out, offered{Insert: before + "@" + p.ID + " ", Shown: p.Name, Hint: p.About, User: p.ID, More: true})
		}
	}
	return out
}

// goOn puts a suggestion behind what was typed: in place of all of it when it
// begins with it, else of the last word.
func goOn(typed, suggestion string) string {
	if strings.HasPrefix(strings.ToLower(suggestion), strings.ToLower(typed)) {
		return suggestion
	}
	kept := typed[:strings.LastIndexAny(typed, " \n")+1]
	if kept != "" && strings.HasPrefix(strings.ToLower(suggestion), strings.ToLower(kept)) {
		return suggestion
	}
	return kept + suggestion
}

// argsOf finds the verb that is being typed, and which of its arguments is next.
func argsOf(verbs []chat.Verb, typed string) (chat.Verb, []argView) {
	words := strings.Fields(typed)
	if len(words) == 0 || len(words) == 1 && !strings.HasSuffix(typed, " ") {
		return chat.Verb{}, nil
	}
	for _, v := range verbs {
		if !strings.EqualFold(v.Name, words[0]) {
			continue
		}
		at := len(words) - 1
		if !strings.HasSuffix(typed, " ") {
			at--
		}
		args := make([]argView, len(v.Args))
		for i, a := range v.Args {
			args[i] = argView{Arg: a, Now: i == min(at, len(v.Args)-1)}
		}
		return v, args
	}
	return chat.Verb{}, nil
}
