package mine

import "strings"

// What somebody does by saying something. These classes are for decisions,
// hypotheses, actions and factors; those of words.go are for what happened.
const (
	assents  class = answerClasses + iota // "ok, do it"
	objects                               // "not yet, wait"
	proposes                              // "let's", "should we", "how about"
	chooses                               // "go with", "rather than", "decided"
	intends                               // "going to", "about to"
	orders                                // a change of state as an order: "restart it"
	changing                              // a change under way: "restarting"
	changed                               // a change made: "restarted"
	looks                                 // looking, not changing
	tries                                 // an attempt whose outcome is open
	guesses                               // "maybe", "could be", "I suspect"
	points                                // "related to", "something with": where a guess points
	reasons                               // "because", "the reason is"
	finds                                 // "found it", "turns out"
	denies                                // "not it", "no change"
	affirms                               // "confirmed", "that explains it"
	things                                // parts of systems that can be at fault
	marks                                 // "TODO", "action items"
	commits                               // "I'll", "mine"
	requests                              // "can you", "someone should"
	lacks                                 // "we need", "there should be"
	lateron                               // "tomorrow", "long term"
	prevents                              // work that outlives the incident: "alert", "runbook"
	shortly                               // "brb", "one sec": no promise
	gaps                                  // "nobody", "by hand", "no alert": a condition
	opines                                // what went well, badly, luckily
	offers                                // one thing "or" another
	whose                                 // "who takes", "anyone"
	doneNow                               // "done", "already did"
	private                               // lunch, trains, meetings
)

// said lists patterns of one class that weigh the same.
func said(c class, weight float32, patterns string) []cue {
	var out []cue
	for p := range strings.SplitSeq(patterns, ";") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, cue{class: c, weight: weight, pattern: p})
		}
	}
	return out
}

// changeVerbs are verbs for what responders do to systems, in their bare form.
func changeVerbs() []string {
	return strings.Fields(`restart reboot rollback revert deploy redeploy ship release disable enable failover promote demote
		drain cordon uncordon resize grow expand extend increase raise lower reduce decrease bump pin unpin block unblock ban throttle shed close open reopen
		pause unpause resume stop start kill delete remove drop purge flush clear wipe rotate revoke restore recreate rebuild
		recover replay requeue retry rerun apply merge patch hotfix migrate swap replace rename renew reissue whitelist allowlist
		blocklist detach attach mount unmount remount provision upgrade downgrade freeze unfreeze lock unlock isolate quarantine redirect
		reroute repoint evict truncate vacuum reindex declare escalate publish unpublish yank invalidate skip bypass force execute cancel abort suspend
		hold switch toggle scale reload resync reset terminate recycle bounce cycle redeploy backport cherry-pick rollout
		backfill import reimport resubmit unstick blackhole mute unmute silence undo uninstall reinstall free prune archive double halve triple flip rebalance resend reassign repair reschedule rewind reseed refresh regenerate evacuate decommission shrink reprovision recycle reapply rewire prioritize deprioritize disconnect reconnect relax tighten rename fence demote reshard repave reimage whitelist yank rebase cherrypick cordon renumber repack`)
}

// looseVerbs change a system only by what follows them: "turn it off".
func looseVerbs() []string {
	return strings.Fields(`turn switch shut take bring scale roll fail back spin put cut dial move set kick pull push point add run change update use try make point let keep leave
		route send copy hold give split configure create edit convert install tweak adjust limit cap`)
}

func gerund(v string) string {
	switch {
	case strings.HasSuffix(v, "ee"), strings.HasSuffix(v, "ye"):
	case strings.HasSuffix(v, "e"):
		return v[:len(v)-1] + "ing"
	case doubles(v):
		return v + v[len(v)-1:] + "ing"
	}
	return v + "ing"
}

// irregular are the pasts that follow no rule.
func irregular() map[string]string {
	return map[string]string{
		"put": "put", "set": "set", "cut": "cut", "shut": "shut", "split": "split", "let": "let", "reset": "reset",
		"run": "ran", "rerun": "reran", "take": "took", "bring": "brought", "spin": "spun", "freeze": "froze", "unstick": "unstuck", "undo": "undid",
		"rebuild": "rebuilt", "send": "sent", "resend": "resent", "hold": "held", "give": "gave", "make": "made", "keep": "kept", "leave": "left", "rewind": "rewound",
	}
}

func past(v string) string {
	if p, ok := irregular()[v]; ok {
		return p
	}
	switch {
	case strings.HasSuffix(v, "e"):
		return v + "d"
	case strings.HasSuffix(v, "y") && !strings.HasSuffix(v, "oy") && !strings.HasSuffix(v, "ay"):
		return v[:len(v)-1] + "ied"
	case doubles(v):
		return v + v[len(v)-1:] + "ed"
	}
	return v + "ed"
}

// doubles says whether a verb doubles its last letter: "stop", "unpin".
func doubles(v string) bool {
	switch v {
	case "unpin", "rerun", "reset", "undid":
		return true
	}
	n := len(v)
	if n < 3 || strings.ContainsRune("aeiouwxy", rune(v[n-1])) || !strings.ContainsRune("aeiou", rune(v[n-2])) || strings.ContainsRune("aeiou", rune(v[n-3])) {
		return false
	}
	vowels := 0
	for i := range n {
		if strings.ContainsRune("aeiou", rune(v[i])) {
			vowels++
		}
	}
	return vowels == 1
}

func inflected(verbs []string, form func(string) string) string {
	out := make([]string, len(verbs))
	for i, v := range verbs {
		out[i] = form(v)
	}
	return strings.Join(out, " ")
}

// answerGroups are the named groups of words that the patterns use.
func answerGroups() map[string]string {
	bare := func(v string) string { return v }
	return map[string]string{
		"do":     inflected(changeVerbs(), bare),
		"doing":  inflected(changeVerbs(), gerund),
		"did":    inflected(changeVerbs(), past) + " restored",
		"put":    inflected(looseVerbs(), bare),
		"putg":   inflected(looseVerbs(), gerund),
		"putd":   inflected(looseVerbs(), past),
		"off":    "off on down up back over out forward away in",
		"look":   "look check investigate dig see find read inspect debug trace examine verify watch monitor wait understand figure compare grep test",
		"lookg":  "looking checking investigating digging seeing reading inspecting debugging tracing examining verifying watching monitoring waiting comparing grepping searching reviewing catching",
		"bad":    "fail* broken break* down stuck slow dead crash* hang* hung wrong timeout* timing error* full gone missing lost expired corrupt* overload* exhaust* leak* unreachable unavailable drop* reject* refus* flood* lag*",
		"sys":    "dns cert* certificate* tls ssl disk* volume* memory ram cpu leak* network* cache* caching config* token* quota* limit* ratelimit* db database* postgres* mysql redis mongo* kafka rabbitmq queue* quer* lock* deadlock* connection* pool* firewall* bug* deploy* release* upgrade* migration* permission* timeout* proxy proxies lb balancer* kernel* node* pod* container* region* zone* provider* aws gcp azure cloudflare cloudfront fastly heroku github gitlab akamai s3 ec2 rds iam vpn bgp route* router* switch* cable* power storage fs filesystem inode* log* traffic bot* crawler* scraper* ddos attack* spam* abuse* hack* credential* secret* key* password* session* login* oauth sso saml job* cron* worker* scheduler* thread* gc heap index* replica* replication primary shard* partition* backup* restore* clone* repo* git script* plugin* dependenc* package* version* image* build* ci runner* agent* webhook* api endpoint* client* server* service* host* hardware bandwidth latency clock* ntp upstream change* patch* rollout* rollback* feature* flag* setting* parameter* env variable* schema* table* column* record* zone* domain* registrar resolver* ingress egress nat vpc subnet* security policy policies hook* parser* regex* encoding utf8 unicode null overflow race loop* retr* storm* thundering spike* load cluster* etcd consul vault k8s kubernetes docker helm terraform ansible puppet chef nginx apache haproxy envoy istio cdn edge origin bucket* blob* object* mount* nfs efs ebs raid nvme ssd",
		"people": "i we you they someone somebody anyone anybody everyone team",
	}
}
