package mine

// english is the table for English.
func english() language {
	cues := englishTrouble()
	cues = append(cues, englishWork()...)
	cues = append(cues, englishEnds()...)
	cues = append(cues, englishManner()...)
	return language{name: "English", groups: englishGroups(), cues: cues, plain: englishPlain, filler: englishFiller, frame: englishFrame}
}

const englishFiller = `ok okay so and but hm hmm yeah yep yes well alright oh ah right also then now please fine great cool`

const englishFrame = `the a an and or but if so to of in on at by for with from as is are was were be been it it's its this that these those there i i'm i'll i've you he she we we're they
my your our their what which who when where why how not no don't doesn't didn't can't isn't do does did have has had will would can could should may might must just all some any more out up down over`

const englishPlain = `a an the and or but if so to of in on at by for with from as is are was were be been being it its it's this that that's these those
there there's here i i'm i'll i've i'd you you're he she we we're we've we'll they they're me my him her us them your our their what what's which who whom whose when where why how
not no yes yeah yep do does doing did done has have had having will would can could should may might must just also then than too very now all some any more most other only own same such
up out down over off again get gets getting got one im its dont don't doesn't didn't can't isn't like think thought know see look looks want need make makes use try really still even back good well
thing things way into about after before because until while during between both each few nor once through via per vs etc maybe ok okay oh ah hm hmm lol :) cc hi hello hey thanks please much lot let let's going go come
tell said say says anyone someone everyone something anything nothing sure right yet ever never always first last next new old`

func englishGroups() map[string]string {
	return map[string]string{
		"be":      "is are was were be been isn't aren't wasn't looks look looked seems seem seemed appears appear appeared keeps kept went goes gets got it's that's",
		"bad":     "down broken failing fails failed stuck unreachable inaccessible unavailable offline dead slow unresponsive gone hanging hung crashing crashed full empty flaky corrupt* unresolvable degraded overloaded wedged",
		"badly":   "fail* stuck down broken hang* hung error* leak* crash* timeout* unreachable 500 502 503 504 dead gone missing slow",
		"not":     "not never no *n't cannot dont doesnt didnt isnt wasnt cant wont nothing nobody none without neither nor nope nej hardly",
		"work":    "work works working load loads loading respond* answer* resolve* start* connect* reach build* deploy* merge* render* log login see open access reply",
		"well":    "up back fine green healthy ok okay working works worked normal operational stable recovered fixed resolved online reachable available good restored unstuck",
		"who":     "user users customer customers client clients team teams people everyone everybody anybody production prod nobody folks readers visitors subscribers orders requests sites services",
		"someone": "anyone anybody someone somebody others everybody",
		"when":    "since from around about at between until after before",
		"outage":  "outage incident downtime disruption degradation",
		"did": `restarted restarting rebooted rebooting rolled reverted reverting deployed deploying redeployed redeploying closed closing reopened reopening disabled disabling enabled enabling deleted deleting removed removing rm'ed
killed killing cordoned cordoning drained draining scaled scaling blocked blocking unblocked merged merging applied applying purged purging rotated rotating restored restoring recreated recreating queued requeued requeueing bumped bumping
switched switching stopped stopping paused pausing unpaused unpausing resumed resuming invalidated resetting reset migrated migrating mounted mounting cleared clearing cleaned cleaning flushed flushing pinned pinning unpinned unpinning
increased increasing raised raising lowered lowering doubled upgraded upgrading downgraded downgrading patched patching released releasing pushed pushing failover isolated isolating quarantined evicted evicting detached attached resized resizing
added created revoked revoking rerun reran resubmitted resubmitting provisioned annotated copied swapped swapping turned truncated vacuumed dropped moved moving changed rerouted diverted throttled throttling banned banning unset set`,
		"doing":  "running trying applying starting going kicking bringing putting taking adding calling paging pinging waking mailing emailing texting doing removing creating fixing",
		"grow":   "growing climbing rising increasing dropping falling piling spiking spiked jumped building",
		"cured":  "resolved recovered recovers recovery fixed restored unstuck reachable operational mitigated solved cleared healed",
		"change": "deploy deployment upgrade migration release change bump rollout update merge push launch config configuration",
		"find":   "found find shows show showing see seeing saw says noticed notice discovered confirms confirmed reproduce reproduced validated checked verified measured looks looked compared traced",
		"me":     "i i'm i'll i've i'd im me my we we're we've we'll we'd",
		"rec":    "work works working worked fixed back resolved recovered up green passed better healthy stable done gone over",
	}
}

func englishTrouble() []cue {
	return []cue{
		{detect, 2.2, "@be ..3 @bad"},
		{detect, 1.6, "@someone else"},
		{detect, 1.6, "can't|cannot|cant|couldn't|can|unable ..2 reach|load|log|login|resolve|connect|access|merge|deploy|start|open|see|push|pull|build|get"},
		{detect, 1.6, "*n't|not|no|won't ..2 load|loads|respond|responding|answer|answers|resolve|resolves|start|starts|connect|reachable|available|working|work"},
		{detect, 1.5, "only|just|not ..1 me|you"},
		{detect, 1.0, "stuck|broken|failing|failed|fails|crash*|outage|down|unreachable|inaccessible|unavailable"},
		{detect, 1.2, "firing|alert|alerting|alerted|paged|page|critical|violation|triggered|incident"},
		{detect, 1.2, "problem*|issue*|trouble ..2 with|on|in"},
		{detect, 1.2, "report*|complain* ..5 problem*|issue*|error*|fail*|that|of|about"},
		{detect, 1.0, "anyone|anybody|someone ..4 seeing|see|having|getting|problems|issues"},
		{detect, 1.0, "getting|seeing|gives|giving|throws|throwing|returns|returning ..3 error*|500|502|503|504|5xx|timeout*|404|403"},
		{broken, 1, "error*|fail*|broken|down|stuck|gone|vanish*|missing|empty|unable|unreachable|inaccessible|unavailable|unresolvable|hang*|hung|timeout*|timed|timing|dropped|deleted|zero|full|lag*|outage|slow|firing|crash*|lost|strange|weird|500|502|503|504|5xx|dead|corrupt*|degrad*|leak*|oom*|panic*|exhausted|destroyed"},
		{broken, 1, "@not ..1 load*|respond*|answer*|resolv*|start*|work|works|working|reach*|connect*|render*"},
		{broken, 1, "can't|cannot|couldn't|can"},
		{impact, 1.8, "@who ..5 can't|cannot|unable|affected|fail*|hit|down|lost|losing|complain*|calling|unreachable|report*|see|seeing|getting|unable|stuck|impacted"},
		{impact, 1.2, "5xx|500|502|503|504|timeouts|lost|unavailable|unreachable|degraded|downtime"},
		{impact, 1.2, "error|success|failure rate|rates|ratio"},
		{impact, 0.7, "<num> %|percent|k|gb|mb|requests|pods|users|sites|nodes|services|namespaces|jobs|builds|errors|minutes|hours|customers|orders"},
		{impact, 1.0, "impact*|affect*|customers|blast"},
		{impact, 0.8, "all|every|most|half|several|many|some of|our|the|users|customers|services|sites|nodes|requests|builds|jobs|teams"},
		{evidence, 0.7, codeWord}, {evidence, 0.8, blockWord}, {evidence, 0.35, linkWord},
		{evidence, 0.8, "error*|exception*|traceback|panic*|fatal|log|logs|graph*|dashboard*|metric*|trace*|stack|status|cpu|memory|disk|queue|latency"},
		{evidence, 0.6, "@find"},
		{evidence, 1.1, "no change|effect|difference|luck|errors|sign"},
		{evidence, 1.1, "nothing ..2 changed|there|in|helps|wrong|else"}, {evidence, 1.1, "*n't|not ..2 help*|it"},
		{evidence, 1.1, "still ..2 @bad|fail*|hang*"},
		{evidence, 0.4, "healthy|ok|fine|green|valid|normal|unchanged"},
		{finding, 1, "i|we|it|that|this|logs|log|graph|status|they ..2 @find"}, {finding, 1, "turns out"}, {finding, 1, "according to"}, {finding, 1, "looks like|as|ok|fine|healthy|good|normal"},
		{finding, 1, "^ there|it|they|all|every|none|only ..1 is|are|was|were|has|have ..2 no|not|only|still|<num>|missing|gone"},
		{cause, 1.6, "because|caused|culprit|cause|causes|causing"}, {cause, 1.6, "due to"}, {cause, 1.6, "root cause"}, {cause, 1.4, "turns out"},
		{cause, 1.6, "problem|reason|issue|cause|trouble|bug ..1 is|was|seems|lies"}, {cause, 1.4, "that's|that|this|which ..1 why|explains"}, {cause, 1.4, "explain|explains"},
		{cause, 1.6, "my|our fault|bad|mistake"}, {cause, 1.4, "mistake*|accident*"}, {cause, 1.3, "found it|out|the"},
		{cause, 1.3, "that's|that it|was|were $"},
		{cause, 0.8, "expired|missing|deleted|dropped|removed|wiped|misconfigur*|changed|wrong|full|leak*|exhausted|overloaded|rejects|never|overwr*|conflict*|mismatch*|renamed|lost|destroyed|incompatible|outdated|stale|deadlock*|bug|regression"},
		{cause, 1.2, "since|after|with|by|from the|today's|yesterday's|last|this|our ..1 @change"}, {cause, 0.8, "because of"},
		{hypothesis, 1.1, "maybe|perhaps|possibly|probably|likely|suspect|suspicious|theory|hunch|guess|wonder*|hopefully|presumably"}, {hypothesis, 1.1, "could|might|may|must ..2 be|have|also|it"},
		{hypothesis, 1.1, "i think|bet|imagine|believe|assume"}, {hypothesis, 1.1, "smells|looks|sounds|feels like"}, {hypothesis, 0.8, "related to"}, {hypothesis, 0.8, "possible that"}, {hypothesis, 0.5, "? $"},
	}
}

func englishWork() []cue {
	return []cue{
		{decision, 1.1, "let's|lets|decide|decided|deciding|decision|agree|agreed|propos*|plan|option|options|approve|approved|sgtm|declar*"},
		{decision, 1.1, "we ..1 should|will|need|could|can|must"}, {decision, 1.1, "we'll|we'd"}, {decision, 1.1, "i'd|i|we|would|rather ..1 rather|say|prefer|suggest|vote|propose"}, {decision, 1.1, "go|going with|for|ahead"}, {decision, 1.1, "instead|rather of|than"},
		{decision, 1.1, "do it"}, {decision, 0.6, "should|shall|do|can|could we|i"}, {decision, 0.9, "for now"}, {decision, 0.9, "going|want|have to"}, {decision, 0.8, "i'll|i will|we|gonna"},
		{action, 1.1, "@did"}, {action, 0.7, "@doing"}, {action, 1.1, "rolled|rolling|roll|turned|turning|switched|switch back|forward|off|on|over"},
		{action, 0.7, "looking|investigating|checking|joining|debugging|digging"}, {action, 0.7, "on it"}, {action, 0.7, "ack|acked|acknowledged"}, {action, 0.7, "take|taking|have|having a look"}, {action, 0.7, "look into|at"},
		{action, 0.6, "pr|pull <num>|<id>|request"}, {action, 0.6, "restart|rollback|revert|redeploy|failover|rerun|retry|reboot"}, {action, 2, "! log"},
		{action, 0.6, "i'm|i|we|we're|i've|we've ..2 @did|@doing"},
		{looking, 1, "look|looking|investigat*|checking|joining|ack|acked|acknowledg*|digging|debugging|copy|aye"}, {looking, 1, "on it"}, {looking, 1, "on my way"}, {looking, 1, "i'm|im|am here|around|on|in"}, {looking, 1, "same here"}, {looking, 1, "let me check|see|look|try|take"}, {looking, 1, "check|checking"}, {looking, 0.6, "^ here|hi|yep|yes|yup|confirmed"}, {looking, 1, "ssh*"},
		{handover, 1.5, "handing|hand|handed ..2 over|off"}, {handover, 1.5, "handover|handoff"}, {handover, 1.5, "i'm|im|am off|out|away|leaving"}, {handover, 1.5, "taking|took|takes|take over"}, {handover, 1.5, "over to"}, {handover, 1.5, "signing|logging off"},
		{handover, 1.5, "going|go|off to bed|sleep|lunch|dinner"}, {handover, 1.2, "shift|tomorrow|overnight|morning"}, {handover, 1.5, "picking|pick|picks ..1 up"}, {handover, 1.5, "call|calling it a"}, {handover, 1.5, "too tired"}, {handover, 1.2, "have|got time"}, {handover, 1.5, "leave|leaving ..1 to|for|a"},
		{handover, 1.2, "i'll|will|be back in|at|on|soon"}, {handover, 1.5, "i'm|i|i'll|running|run|takes|be lead|leading|ic|commander|comms|driving|drives|coordinating"}, {handover, 1.0, "are you there|around|here|available"}, {handover, 1.0, "on call|holiday|vacation"}, {handover, 1.0, "can you join|help|take"}, {handover, 0.9, "joining|joined|join"},
		{comms, 1.2, "tweet*|posted|posting|announc*|stakeholder*|summary|summar*|update|updated|writeup|postmortem|statement|banner|notif*"}, {comms, 1.2, "status page"}, {comms, 1.2, "statuspage"}, {comms, 1.2, "blog post"}, {comms, 1.2, "told|tell|telling|inform*|let|letting ..3 users|everyone|people|customers|them|know|support"}, {comms, 1.2, "mail|email|mailing ..2 out|sent|list"}, {comms, 1.2, "write|writing|wrote up"},
	}
}

func englishEnds() []cue {
	return []cue{
		{resolution, 1.7, "@cured"}, {resolution, 1.7, "back ..1 up|online|again|normal|alive|green|running|in|here|to"}, {resolution, 1.7, "is|are|we're|it's|be|appears|seems|came|comes|all|was|to ..2 back"}, {resolution, 1.7, "up|live|running|working|works|reachable|resolving|responding|green|available|open again"},
		{resolution, 1.7, "works|working|worked ..1 now|for|again|fine"}, {resolution, 1.7, "all|everything|everyone ..3 green|good|clear|well|fine|healthy|back|ok|normal|passing"}, {resolution, 1.7, "tree|queue ..2 open|empty|moving|drained|clear"}, {resolution, 1.7, "closing|close|closed this|the|it|incident"}, {resolution, 1.7, "passed|passing|succeeded|successful|unstuck"},
		{resolution, 1.7, "it runs"}, {resolution, -1.7, "roll*|rolled|rolling|fall|falling ..1 back"}, {resolution, -1, "get|getting|come|coming|be back to|in|at|on"}, {resolution, 1.7, "looks|looking|seems ..1 @well"}, {resolution, 1.2, "ok|up|recovered|recovery|resolved|closed :"}, {resolution, 0.7, "confirm*"}, {resolution, 1.0, "that|it|this ..2 worked|helped|fixed|did"}, {resolution, 1.2, "is|are|now ..2 @well"}, {resolution, 1.0, "coming|going|starting through|back"}, {resolution, 1.2, "no more|longer errors|failures|timeouts|failing|stuck|seeing"}, {resolution, 1.0, "back to|in"}, {resolution, 1.2, "up to date"}, {resolution, 0.8, "over|done|complete*|finished"},
		{resolution, 1.0, "flat|dropping|draining|dropped|decreasing|recovering|stabil*|normal"},
		{declaredOver, 1, "resolved|closing|closed|over|all-clear"}, {declaredOver, 1, "all clear|good|green"}, {declaredOver, 1, "root cause"}, {declaredOver, 1, "tree|queue ..2 open|empty"},
		{notYet, 1, "@not ..3 @rec"}, {notYet, 1, "should|hope*|hopefully|if|once|until|before|almost|unless|when|will ..4 @rec"}, {notYet, 1, "not yet"}, {notYet, 0.7, "? $"}, {notYet, 1, "still ..2 @bad|not|fail*|see*|503|502|500"}, {notYet, 1, "is|are ..3 @rec ..2 ?"},
		{reopen, 1.5, "again|still|another|once|also ..4 @badly"}, {reopen, 1.8, "stuck|failing|down|broken|failed|happened|happening|crashed|gone|dead|back again"}, {reopen, 1.8, "here we go"}, {reopen, 1.8, "not so fast"}, {reopen, 1.8, "back to square"}, {reopen, 1.8, "still ..2 @bad|fail*|there|happening|seeing|not|@not"}, {reopen, 1.5, "it's|it|they're back $"}, {reopen, 1.5, "keep|keeps|kept|continues ..2 @badly|@grow"}, {reopen, 1.2, "came|come|comes|are|is back ..3 @badly"}, {reopen, 1.5, "reopen*"},
		{follow, 1.5, "todo|todos|followup*|postmortem|retro|retrospective|lessons|runbook*|playbook*|learnings"}, {follow, 1.5, "action|follow item|items|up|ups"}, {follow, 1.2, "actions $|:"}, {follow, 1.5, "write|writing|wrote ..1 up"}, {follow, 1.5, "post mortem"}, {follow, 1.5, "next time|week|sprint|quarter"}, {follow, 1.2, "for the review|record|retro|postmortem"}, {follow, 1, "tomorrow|later|afterwards|ticket|eventually|someday|monday"}, {follow, 1.2, "open|file|opened|filed|create|created|make|write|add ..2 issue|ticket|bug|card|task|story"}, {follow, 1.0, "should|need|needs|must ..3 alert*|monitor*|document*|automat*|test|tests|prevent|check|limit*"}, {follow, 0.8, "in the future"},
		{starts, 1, "since|started|starting|began|begin|begins|beginning|start|first|earliest|onset"}, {starts, 0.8, "from|around|about|at|between|after|until ..1 <num>|<time>"}, {starts, 1, "published|removed|deployed|broke|broken|zero|last|merged ..3 at|on|around|seen"}, {starts, 0.6, "ago"},
	}
}

func englishManner() []cue {
	return []cue{
		{chat, 1.5, "thanks|thank|thx|ty|np|cheers|welcome|congrats|kudos|merci|danke"}, {chat, 1.2, "^ lol|haha*|hm*|oh|ah*|wow|nice|cool|great|hi|hello|hey|yay|ouch|oops|ugh|:*"}, {chat, 1.2, "good morning|night|evening|luck|job|work|catch|point"}, {chat, 1.2, "^ morning|night|bye|brb|afk"}, {chat, 0.8, "^ yes|yep|yeah|no|nope|ok|okay|sure|right|true|indeed $"}, {chat, 1, "sorry|apolog*"},
		{joke, 1.5, "lol|lmao|rofl|haha*|hehe*|:joy*|:laugh*|:rofl*|:sweat_smile*|:wink*|:upside_down*|:stuck_out*|joke|joking|kidding|funny|:cat*|:smile*|:slight_smile*|:grin*"}, {joke, 0.7, ":tada*|:man-facepalming*|:facepalm*|:shrug*"},
		{aside, 1.5, "lunch|breakfast|dinner|coffee|cake|pizza|beer|weekend|birthday|holiday|vacation|weather|football|party|kid|kids|jacket|headache|printer|standup|keyboard|movie|gym"}, {aside, 1.2, "my laptop|phone|mac|ide|machine|jacket|desk|kid|kids|wife|husband|cat|dog|house|keys|chair|headphones|headache|bike|car"}, {aside, 1.0, "access request"}, {aside, 1.2, "review|approve|look ..3 pr|pull|mr"}, {aside, 0.7, "unrelated|offtopic|btw|fyi"},
		{firstPerson, 1, "@me"}, {negation, 1, "@not"}, {asking, 1, asked}, {named, 1, "incident|outage|rollback|postmortem|sev1|sev2|sev3"}, {named, 1, "root cause"}, {named, 1, "rolled|rolling back"}, {named, 1, "declar*"}, {named, 1, "sev <num>"},
		{severe, 1, "page|critical|high|sev|sev1|sev2|sev0|p1|p0|paging|declared|outage|emergency|major"}, {severe, 1, "severity page|critical|high|sev1|sev2|sev0|p1"}, {severe, 0.8, "down|firing|alerting|alert|violation|unreachable|failed|failing|problem|fail"}, {severe, 0.8, "resolved|recovered|recovery|up|ok|closed"},
		{mild, 1.5, "staging|sandbox|preview|demo|testing|qa|lint|lab|nightly"}, {mild, 1.2, "severity warning|info|none"}, {mild, 1.2, "reminder|standup|bump|dependencies|renovate|dependabot|scheduled"}, {mild, 0.8, "passed|merged|opened|released"}, {mild, 1.5, "env dev|staging|test|sandbox|qa|preview"}, {mild, 1.5, "dev|test"},
	}
}
