package slack

// scope is a right that the app asks for, and what is off without it.
type scope struct {
	Name     string
	Feature  string // what does not work without it
	Optional bool   // an administrator may leave it out at the installation
}

// scopes lists every right that the adapter uses: the manifest asks for them,
// and the self-check names what is off without one.
func scopes() []scope {
	return []scope{
		{Name: "commands", Feature: "the slash command and the shortcuts"},
		{Name: "chat:write", Feature: "everything that tocsin says"},
		{Name: "chat:write.public", Feature: "saying something in a public channel without joining it first"},
		{Name: "channels:manage", Feature: "opening, naming and archiving public rooms, and inviting people to them"},
		{Name: "groups:write", Feature: "rooms of private incidents"},
		{Name: "channels:join", Feature: "joining a public channel that becomes an incident's room"},
		{Name: "channels:read", Feature: "knowing the names and members of public channels"},
		{Name: "groups:read", Feature: "knowing the names and members of private channels"},
		{Name: "channels:history", Feature: "keeping what is said in public rooms, and finding a message again whose sending was interrupted"},
		{Name: "groups:history", Feature: "the same in private rooms"},
		{Name: "im:history", Feature: "commands in a conversation with tocsin alone"},
		{Name: "im:write", Feature: "messages to one person alone: follow, reminders, duties"},
		{Name: "app_mentions:read", Feature: "commands that mention tocsin, also in threads"},
		{Name: "reactions:read", Feature: "putting a message on the timeline with a reaction"},
		{Name: "reactions:write", Feature: "the mark on messages that are on the timeline"},
		{Name: "pins:read", Feature: "putting a message on the timeline by pinning it"},
		{Name: "pins:write", Feature: "the pinned card of an incident's room"},
		{Name: "bookmarks:read", Feature: "links at the top of an incident's room"},
		{Name: "bookmarks:write", Feature: "links at the top of an incident's room"},
		{Name: "users:read", Feature: "people's names and time zones, and telling guests and bots from members"},
		{Name: "usergroups:read", Feature: "inviting user groups that the policy names"},
		{Name: "team:read", Feature: "the workspace's name"},
		{Name: "users:read.email", Feature: "knowing a person of the pager by their e-mail", Optional: true},
		{Name: "files:read", Feature: "keeping pictures that are put on the timeline", Optional: true},
	}
}
