package bottest

import (
	"tocsin/bot"
)

// town is where people of a story act and look: one chat platform.
type town interface {
	hands
	eyes
	// serve are the platforms beside the console, made anew at every start.
	serve(s *Stage) []bot.Platform
	meet() // once the program runs
	settings(env []string) []string
	close()
}

// hands are what people do.
type hands interface {
	say(who, room, words string) heard
	press(who, label string) heard
	submit(who, room, command string, values map[string]string) heard
	tend(who, act, room, on, words string) heard
	join(who, room string) heard
}

// eyes are what people see.
type eyes interface {
	public(room string) []string
	only(who string) string
	direct(who string) []string
	roomID(name string) string
	// asAPI names somebody, and a room, as scripts do.
	asAPI(who, room string) (user, place string)
}

// consoleTown is the console.
type consoleTown struct{ s *Stage }

func (consoleTown) serve(*Stage) []bot.Platform { return nil }
func (consoleTown) close()                      {}
func (consoleTown) meet()                       {}

func (consoleTown) settings(env []string) []string { return env }

func (c consoleTown) say(who, room, words string) heard { return c.s.Say(who, room, words) }
func (c consoleTown) press(who, label string) heard     { return c.s.Press(who, label) }
func (c consoleTown) join(who, room string) heard       { return c.s.Join(who, room) }

func (c consoleTown) submit(who, room, command string, values map[string]string) heard {
	return c.s.Submit(who, room, command, values)
}

func (c consoleTown) tend(who, act, room, on, words string) heard {
	return c.s.Tend(who, act, room, on, words)
}

func (c consoleTown) public(room string) []string               { return c.s.Public(room) }
func (c consoleTown) only(who string) string                    { return c.s.Only(who) }
func (c consoleTown) direct(who string) []string                { return c.s.Public("dm-" + who) }
func (consoleTown) roomID(name string) string                   { return name }
func (consoleTown) asAPI(who, room string) (user, place string) { return who, room }
