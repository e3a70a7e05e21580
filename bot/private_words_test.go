package bot_test

// tried is what outsiders say of an incident that they may not know of.
func tried() []string {
	return []string{
		"INC-%d", "show INC-%d", "timeline INC-%d", "catchup INC-%d", "roles INC-%d", "pending INC-%d", "tasks INC-%d", "actions INC-%d", "show INC-%d here",
		"severity INC-%d sev1 worse", "status INC-%d monitoring", "rename INC-%d x", "service INC-%d add x", "impact INC-%d x", "cause INC-%d change", "started INC-%d 10:00",
		"private INC-%d off why not", "take INC-%d", "assign INC-%d scribe @bo", "release INC-%d scribe", "handover INC-%d @bo", "handover INC-%d accept", "join INC-%d", "invite INC-%d @cleo", "remove INC-%d @ann",
		"page INC-%d checkout", "ack INC-%d", "escalate INC-%d", "call INC-%d", "update INC-%d x", "update INC-%d", "update INC-%d fix x", "follow INC-%d", "unfollow INC-%d", "remind INC-%d 5m x", "snooze INC-%d 30m",
		"note INC-%d x", "capture INC-%d x", "decide INC-%d x", "link INC-%d https://x.example.com", "edit INC-%d 1 x", "strike INC-%d 1", "undo INC-%d", "task INC-%d x", "action INC-%d x", "done INC-%d 1", "checklist INC-%d",
		"resolve INC-%d x", "reopen INC-%d x", "cancel INC-%d false alarm", "close INC-%d", "review INC-%d", "merge INC-%d into INC-1", "merge INC-1 into INC-%d", "merge into INC-%d", "pending INC-%d retry x",
		"search INC-%d", "INC-%d is on fire", "severity sev1 INC-%d", "INC-%d sevrity sev1",
	}
}
