package slacktest

import "context"

// People act through these methods. Each waits for the app's answer to the
// delivery that it makes. An error says that Slack would not let them; that the
// app did not answer is in the [Answer].

// Slash types the app's command, with the words after it.
func (f *Fake) Slash(ctx context.Context, user, room, words string) (Answer, error) {
	return Answer{}, nil
}

// Say writes a message and gives its ts. One that names the bot is also sent as
// a mention.
func (f *Fake) Say(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	return "", Answer{}, nil
}

// Mention writes a message that begins with the bot's name; the answer is that
// to the mention.
func (f *Fake) Mention(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	return "", Answer{}, nil
}

// EditMessage gives a message of the user's own other words.
func (f *Fake) EditMessage(ctx context.Context, user, room, ts, words string) (Answer, error) {
	return Answer{}, nil
}

// DeleteMessage takes a message of the user's own away.
func (f *Fake) DeleteMessage(ctx context.Context, user, room, ts string) (Answer, error) {
	return Answer{}, nil
}

// Unfurl makes Slack add a preview to a message: message_changed, with the same words.
func (f *Fake) Unfurl(ctx context.Context, room, ts string) (Answer, error) {
	return Answer{}, nil
}

// Press presses a button of a message by its label; a question is answered with yes.
func (f *Fake) Press(ctx context.Context, user, room, ts, label string) (Answer, error) {
	return Answer{}, nil
}

// PressView presses a button in the modal that is open for the user, or else in
// their home.
func (f *Fake) PressView(ctx context.Context, user, label string) (Answer, error) {
	return Answer{}, nil
}

// Submit fills the modal that is open for the user and sends it: values by
// block id, action id or label; others keep what stood there. What the app
// answers with response_action is done.
func (f *Fake) Submit(ctx context.Context, user string, values map[string]string) (Answer, error) {
	return Answer{}, nil
}

// CloseView closes the modal that is open for the user.
func (f *Fake) CloseView(ctx context.Context, user string) (Answer, error) {
	return Answer{}, nil
}

// Shortcut runs a global shortcut.
func (f *Fake) Shortcut(ctx context.Context, user, callback string) (Answer, error) {
	return Answer{}, nil
}

// ShortcutOn runs a shortcut on a message.
func (f *Fake) ShortcutOn(ctx context.Context, user, room, ts, callback string) (Answer, error) {
	return Answer{}, nil
}

// React puts a reaction on a message.
func (f *Fake) React(ctx context.Context, user, room, ts, emoji string) (Answer, error) {
	return Answer{}, nil
}

// Unreact takes one away.
func (f *Fake) Unreact(ctx context.Context, user, room, ts, emoji string) (Answer, error) {
	return Answer{}, nil
}

// Pin pins a message.
func (f *Fake) Pin(ctx context.Context, user, room, ts string) (Answer, error) {
	return Answer{}, nil
}

// Unpin takes the pin away.
func (f *Fake) Unpin(ctx context.Context, user, room, ts string) (Answer, error) {
	return Answer{}, nil
}

// Join brings a user into a room by their own will.
func (f *Fake) Join(ctx context.Context, user, room string) (Answer, error) {
	return Answer{}, nil
}

// Invite brings somebody (perhaps the bot) into a room.
func (f *Fake) Invite(ctx context.Context, by, room, user string) (Answer, error) {
	return Answer{}, nil
}

// Leave takes a user out of a room.
func (f *Fake) Leave(ctx context.Context, user, room string) (Answer, error) {
	return Answer{}, nil
}

// Archive closes a room.
func (f *Fake) Archive(ctx context.Context, user, room string) (Answer, error) {
	return Answer{}, nil
}

// Unarchive opens it again.
func (f *Fake) Unarchive(ctx context.Context, user, room string) (Answer, error) {
	return Answer{}, nil
}

// Rename gives a room another name.
func (f *Fake) Rename(ctx context.Context, user, room, name string) (Answer, error) {
	return Answer{}, nil
}

// SetTopic gives a room another topic.
func (f *Fake) SetTopic(ctx context.Context, user, room, topic string) (Answer, error) {
	return Answer{}, nil
}

// OpenHome opens the app's home.
func (f *Fake) OpenHome(ctx context.Context, user string) (Answer, error) {
	return Answer{}, nil
}

// OpenDirect gives the conversation of a user with the bot, opened when there is none.
func (f *Fake) OpenDirect(user string) (room string) { return "" }

// Again delivers the newest delivery of a person's gesture once more, as Slack
// does when it heard no answer: the same event id, and a retry's number.
func (f *Fake) Again(ctx context.Context) (Answer, error) { return Answer{}, nil }

// DeliverUnknown delivers an event of a type that nobody knows.
func (f *Fake) DeliverUnknown(ctx context.Context) Answer { return Answer{} }

// DeliverBroken delivers a message event whose fields have the wrong types.
func (f *Fake) DeliverBroken(ctx context.Context) Answer { return Answer{} }

// DeliverRaw delivers bytes as they are: kind is "events_api", "slash_commands"
// or "interactive".
func (f *Fake) DeliverRaw(ctx context.Context, kind string, payload []byte) Answer { return Answer{} }
