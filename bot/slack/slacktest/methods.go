package slacktest

import (
	"slices"
	"strings"
)

// method is what the fake knows of one method of the Web API.
type method struct {
	name   string
	tier   int
	scopes []string        // any one of them; those that name a kind of room count for such rooms
	needs  []string        // arguments that must be there
	says   map[string]bool // of them, those whose absence the method names in a word of its own
	errors []string        // what it answers beside what every method does
	app    bool            // it wants the app's token
	team   bool            // it knows team_id
	do     func(*call) (object, *no)
}

// Method is a method of the Web API as the fake serves it.
type Method struct {
	Name     string
	Tier     int // 2, 3, 4; 5: special
	Scopes   []string
	Required []string
	Errors   []string
	TeamID   bool
}

// Methods lists what the fake serves.
func Methods() []Method {
	var out []Method
	for _, m := range methods() {
		out = append(out, Method{m.name, m.tier, m.scopes, m.needs, m.errors, m.team})
	}
	return out
}

// GateErrors are errors that the fake answers on any method.
func GateErrors() []string { return gateErrors() }

func gateErrors() []string {
	return []string{
		"not_authed", "invalid_auth", "token_revoked", "not_allowed_token_type", "missing_scope",
		"invalid_arguments", "unknown_method",
	}
}

// AllScopes are the bot scopes that the fake knows.
func AllScopes() []string {
	return []string{
		"app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage",
		"channels:read", "chat:write", "chat:write.public", "commands", "emoji:read", "files:read", "groups:history", "groups:read",
		"groups:write", "im:history", "im:read", "im:write", "pins:read", "pins:write", "reactions:read", "reactions:write",
		"team:read", "usergroups:read", "users:read", "users:read.email",
	}
}

// byName is the table, to be looked up.
func byName() map[string]*method {
	out := map[string]*method{}
	for _, m := range methods() {
		out[m.name] = &m
	}
	return out
}

func methods() []method {
	return slices.Concat(basicMethods(), chatMethods(), roomMethods(), tendMethods(), markMethods(), viewMethods())
}

func words(s string) []string { return strings.Fields(s) }

func scopesOfRooms(end string) []string {
	return []string{"channels:" + end, "groups:" + end, "im:" + end, "mpim:" + end}
}

func basicMethods() []method {
	users := []string{"users:read"}
	return []method{
		{name: "auth.test", tier: special, do: authTest},
		{name: "apps.connections.open", tier: tier3, app: true, do: openConnection},
		{name: "users.info", tier: tier4, scopes: users, needs: words("user"), errors: words("user_not_found"), do: usersInfo},
		{name: "users.list", tier: tier2, scopes: users, errors: words("invalid_cursor missing_argument"), team: true, do: usersList},
		{name: "users.lookupByEmail", tier: tier3, scopes: words("users:read.email"), needs: words("email"), errors: words("users_not_found"), do: usersByEmail},
		{name: "bots.info", tier: tier3, scopes: users, errors: words("bot_not_found missing_argument"), team: true, do: botsInfo},
		{name: "team.info", tier: tier3, scopes: words("team:read"), errors: words("team_not_found"), do: teamInfo},
		{name: "emoji.list", tier: tier2, scopes: words("emoji:read"), do: emojiList},
		{name: "files.info", tier: tier4, scopes: words("files:read"), needs: words("file"), errors: words("file_not_found file_deleted"), do: filesInfo},
		{name: "usergroups.list", tier: tier2, scopes: words("usergroups:read"), errors: words("missing_argument plan_upgrade_required"), team: true, do: groupsList},
		{name: "usergroups.users.list", tier: tier2, scopes: words("usergroups:read"), needs: words("usergroup"), errors: words("no_such_subteam plan_upgrade_required"), team: true, do: groupUsers},
	}
}

func chatMethods() []method {
	write := words("chat:write")
	return []method{
		{name: "chat.postMessage", tier: special, scopes: write, needs: words("channel"), errors: words(
			"channel_not_found is_archived not_in_channel no_text invalid_blocks invalid_blocks_format msg_blocks_too_long " +
				"too_many_attachments invalid_metadata_format metadata_too_large cannot_reply_to_message"), do: postMessage},
		{name: "chat.postEphemeral", tier: tier4, scopes: write, needs: words("channel user"), errors: words(
			"channel_not_found is_archived not_in_channel user_not_in_channel no_text invalid_blocks invalid_blocks_format msg_too_long " +
				"too_many_attachments cannot_reply_to_message"), do: postEphemeral},
		{name: "chat.update", tier: tier3, scopes: write, needs: words("channel ts"), errors: words(
			"channel_not_found message_not_found cant_update_message no_text invalid_blocks invalid_blocks_format msg_too_long " +
				"too_many_attachments invalid_metadata_format metadata_too_large"), do: updateMessage},
		{name: "chat.delete", tier: tier3, scopes: write, needs: words("channel ts"), errors: words(
			"channel_not_found message_not_found cant_delete_message"), do: deleteMessage},
		{name: "chat.getPermalink", tier: special, needs: words("channel message_ts"), errors: words(
			"channel_not_found message_not_found"), do: getPermalink},
	}
}

func roomMethods() []method {
	read, history := scopesOfRooms("read"), scopesOfRooms("history")
	return []method{
		{name: "conversations.info", tier: tier3, scopes: read, needs: words("channel"), errors: words("channel_not_found"), do: roomInfo},
		{name: "conversations.list", tier: tier2, scopes: read, errors: words("invalid_cursor invalid_types missing_argument"), team: true, do: roomList},
		{name: "users.conversations", tier: tier3, scopes: read, errors: words("invalid_cursor invalid_types missing_argument"), team: true, do: userRooms},
		{name: "conversations.members", tier: tier4, scopes: read, needs: words("channel"), errors: words("channel_not_found invalid_cursor"), do: roomMembers},
		{name: "conversations.history", tier: tier3, scopes: history, needs: words("channel"), errors: words(
			"channel_not_found not_in_channel invalid_cursor invalid_ts_latest invalid_ts_oldest"), do: roomHistory},
		{name: "conversations.replies", tier: tier3, scopes: history, needs: words("channel ts"), errors: words(
			"channel_not_found thread_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest"), do: roomReplies},
	}
}

func tendMethods() []method {
	manage := words("channels:manage channels:write groups:write im:write mpim:write")
	topic := words("channels:write.topic groups:write.topic mpim:write.topic im:write.topic channels:manage groups:write im:write mpim:write")
	inviting := words("channels:write.invites groups:write.invites channels:manage groups:write im:write mpim:write")
	name := words("name")
	return []method{
		{name: "conversations.create", tier: tier2, scopes: manage, needs: name, says: set(name), errors: words(
			"name_taken invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials missing_argument"), team: true, do: roomCreate},
		{name: "conversations.rename", tier: tier2, scopes: manage, needs: words("channel name"), says: set(name), errors: words(
			"channel_not_found name_taken is_archived not_in_channel method_not_supported_for_channel_type " +
				"invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials"), do: roomRename},
		{name: "conversations.archive", tier: tier2, scopes: manage, needs: words("channel"), errors: words(
			"channel_not_found already_archived not_in_channel cant_archive_general method_not_supported_for_channel_type"), do: roomArchive},
		{name: "conversations.unarchive", tier: tier2, scopes: manage, needs: words("channel"), errors: words(
			"channel_not_found not_archived method_not_supported_for_channel_type"), do: roomUnarchive},
		{name: "conversations.setTopic", tier: tier2, scopes: topic, needs: words("channel topic"), says: set(words("topic")), errors: words(
			"channel_not_found is_archived not_in_channel too_long method_not_supported_for_channel_type"), do: roomTopic},
		{name: "conversations.setPurpose", tier: tier2, scopes: topic, needs: words("channel purpose"), says: set(words("purpose")), errors: words(
			"channel_not_found is_archived not_in_channel too_long method_not_supported_for_channel_type"), do: roomPurpose},
		{name: "conversations.invite", tier: tier3, scopes: inviting, needs: words("channel users"), says: set(words("users")), errors: words(
			"channel_not_found is_archived not_in_channel already_in_channel cant_invite cant_invite_self no_user user_not_found " +
				"user_is_restricted ura_max_channels no_external_invite_permission method_not_supported_for_channel_type"), do: roomInvite},
		{name: "conversations.kick", tier: tier3, scopes: words("channels:manage groups:write"), needs: words("channel"), errors: words(
			"channel_not_found not_in_channel user_not_found cant_kick_self cant_kick_from_general method_not_supported_for_channel_type"), do: roomKick},
		{name: "conversations.join", tier: tier3, scopes: words("channels:join"), needs: words("channel"), errors: words(
			"channel_not_found is_archived method_not_supported_for_channel_type"), do: roomJoin},
		{name: "conversations.leave", tier: tier3, scopes: manage, needs: words("channel"), errors: words(
			"channel_not_found is_archived cant_leave_general method_not_supported_for_channel_type"), do: roomLeave},
		{name: "conversations.open", tier: tier3, scopes: words("channels:manage groups:write im:write mpim:write"), errors: words(
			"channel_not_found users_list_not_supplied user_not_found user_disabled invalid_user_combination too_many_users"), do: roomOpen},
	}
}

func markMethods() []method {
	pinning, marking := words("pins:write"), words("bookmarks:write")
	return []method{
		{name: "pins.add", tier: tier2, scopes: pinning, needs: words("channel"), errors: words(
			"channel_not_found message_not_found no_item_specified already_pinned too_many_pins not_in_channel bad_timestamp not_pinnable"), do: pinAdd},
		{name: "pins.remove", tier: tier2, scopes: pinning, needs: words("channel"), errors: words(
			"channel_not_found message_not_found no_item_specified no_pin bad_timestamp"), do: pinRemove},
		{name: "pins.list", tier: tier2, scopes: words("pins:read"), needs: words("channel"), errors: words("channel_not_found"), do: pinList},
		{name: "bookmarks.add", tier: tier2, scopes: marking, needs: words("title type"), errors: words(
			"channel_not_found invalid_bookmark_type invalid_link too_many_bookmarks permission_denied"), do: bookmarkAdd},
		{name: "bookmarks.edit", tier: tier2, scopes: marking, errors: words(
			"channel_not_found invalid_link not_found permission_denied"), do: bookmarkEdit},
		{name: "bookmarks.list", tier: tier3, scopes: words("bookmarks:read"), errors: words("channel_not_found"), do: bookmarkList},
		{name: "bookmarks.remove", tier: tier2, scopes: marking, errors: words(
			"channel_not_found not_found permission_denied"), do: bookmarkRemove},
		{name: "reactions.add", tier: tier3, scopes: words("reactions:write"), needs: words("channel name timestamp"), errors: words(
			"channel_not_found message_not_found already_reacted invalid_name is_archived bad_timestamp no_access"), do: reactionAdd},
		{name: "reactions.remove", tier: tier2, scopes: words("reactions:write"), needs: words("name"), errors: words(
			"channel_not_found message_not_found no_reaction invalid_name no_item_specified bad_timestamp no_access"), do: reactionRemove},
		{name: "reactions.get", tier: tier3, scopes: words("reactions:read"), errors: words(
			"channel_not_found message_not_found no_item_specified bad_timestamp"), do: reactionGet},
	}
}

func viewMethods() []method {
	return []method{
		{name: "views.open", tier: tier4, needs: words("view"), errors: words(
			"duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large"), do: viewOpen},
		{name: "views.push", tier: tier4, needs: words("view"), errors: words(
			"duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id not_found push_limit_reached view_too_large"), do: viewPush},
		{name: "views.update", tier: tier4, needs: words("view"), errors: words(
			"duplicate_external_id hash_conflict not_found view_too_large"), do: viewUpdate},
		{name: "views.publish", tier: tier4, needs: words("user_id view"), errors: words(
			"hash_conflict view_too_large"), do: viewPublish},
	}
}
