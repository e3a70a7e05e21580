package mine

import "slices"

// englishTrouble is what speaks of trouble.
func englishTrouble() []cue {
	return slices.Concat(
		said(detect, 2.2, `@be ..3 @bad`),
		said(detect, 1.6, `@someone else; can't|cannot|cant|couldn't|can|unable ..2 reach|load|log|login|resolve|connect|access|merge|deploy|start|open|see|push|pull|build|get;
			*n't|not|no|won't ..2 load|loads|respond|responding|answer|answers|resolve|resolves|start|starts|connect|reachable|available|working|work`),
		said(detect, 1.5, `only|just|not ..1 me|you`),
		said(detect, 1.2, `firing|alert|alerting|alerted|paged|page|critical|violation|triggered|incident; problem*|issue*|trouble ..2 with|on|in; report*|complain* ..5
			problem*|issue*|error*|fail*|that|of|about; queue|backlog|depth|latency|lag|memory|errors|load|usage|count ..2
			grows|grow|rises|rise|climbs|increases|@grow; declar* ..2 this|incident|outage|sev1|sev2|sev3|it`),
		said(detect, 1, `stuck|broken|failing|failed|fails|crash*|outage|down|unreachable|inaccessible|unavailable; anyone|anybody|someone ..4
			seeing|see|having|getting|problems|issues; getting|seeing|gives|giving|throws|throwing|returns|returning ..3
			error*|500|502|503|504|5xx|timeout*|404|403; shows|showing|gives|giving|get|getting|seeing|see ..3 warning|warnings|blank|nothing|error*; no|nothing
			..2 since; @grow $`),
		said(detect, 0.8, `expired|backlog|backed`),
		said(broken, 1, `expired;
			error*|fail*|broken|down|stuck|gone|vanish*|missing|empty|unable|unreachable|inaccessible|unavailable|unresolvable|hang*|hung|timeout*|timed|timing|dropped|deleted|zero|full|lag*|outage|slow|firing|crash*|lost|strange|weird|500|502|503|504|5xx|dead|corrupt*|degrad*|leak*|oom*|panic*|exhausted|destroyed;
			@not ..1 load*|respond*|answer*|resolv*|start*|work|works|working|reach*|connect*|render*; @not ..5 effect|help*|anything; no|without
			change|luck|difference`),
		said(broken, 0.5, `can't|cannot|couldn't`),
		said(broken, -1, `no|without|zero|none ..1 @badly|leak|errors|error|timeouts|alerts`),
		said(impact, 1.8, `@who ..5
			can't|cannot|unable|affected|fail*|hit|down|lost|losing|complain*|calling|unreachable|reported|reporting|see|seeing|getting|unable|stuck|impacted`),
		said(impact, 1.2, `5xx|500|502|503|504|timeouts|lost|unavailable|unreachable|degraded|downtime; error|success|failure rate|rates|ratio`),
		said(impact, 1, `impact*|affect*|customers|blast`),
		said(impact, 0.8, `all|every|most|half|several|many|some of|our|the|users|customers|services|sites|nodes|requests|builds|jobs|teams`),
		said(impact, 0.7, `<num> %|percent|k|gb|mb|requests|pods|users|sites|nodes|services|namespaces|jobs|builds|errors|minutes|hours|customers|orders`),
		said(starts, 1, `since|started|starting|began|begin|begins|beginning|start|first|earliest|onset; expired|expires|stopped|failing|fails|failed ..3 <time>|<num>;
			published|removed|deployed|broke|broken|zero|last|merged ..3 at|on|around|seen`),
		said(starts, 0.8, `from|around|about|at|between|after|until ..1 <num>|<time>`),
		said(starts, 0.6, `ago`),
		said(reopen, 1.8, `stuck|failing|down|broken|failed|happened|happening|crashed|gone|dead|back again; here we go; not so fast; back to square; still ..2
			@bad|fail*|there|happening|seeing|not|@not`),
		said(reopen, 1.5, `again|still|another|once|also ..4 @badly; it's|it|they're back $; keep|keeps|kept|continues ..2 @badly|@grow; reopen*`),
		said(reopen, 1.2, `came|come|comes|are|is back ..3 @badly; rises|rise|grows|climbs|@grow again`),
		said(reopen, 1, `still the old|same`),
	)
}

// englishFindings is what speaks of finding out.
func englishFindings() []cue {
	return slices.Concat(
		said(evidence, 1.1, `no change|effect|difference|luck|errors|sign; nothing ..2 changed|there|in|helps|wrong|else; *n't|not ..2 help*|it; still ..2 @bad|fail*|hang*`),
		said(evidence, 0.8, `<block>; error*|exception*|traceback|panic*|fatal|log|logs|graph*|dashboard*|metric*|trace*|stack|status|cpu|memory|disk|queue|latency`),
		said(evidence, 0.7, `<code>`),
		said(evidence, 0.6, `@find`),
		said(evidence, 0.4, `healthy|ok|fine|green|valid|normal|unchanged`),
		said(evidence, 0.35, `<url>`),
		said(finding, 1, `i|we|it|that|this|logs|log|graph|status|they ..2 @find; turns out; according to; looks like|as|ok|fine|healthy|good|normal; ^
			there|it|they|all|every|none|only ..1 is|are|was|were|has|have ..2 no|not|only|still|<num>|missing|gone`),
		said(cause, 1.6, `because|caused|culprit|cause|causes|causing; due to; root cause; problem|reason|issue|cause|trouble|bug ..1 is|was|seems|lies; my|our
			fault|bad|mistake`),
		said(cause, 1.4, `turns out; that's|that|this|which ..1 why|explains; explain|explains; mistake*|accident*`),
		said(cause, 1.3, `found it|out|the; that's|that it|was|were $`),
		said(cause, 1.2, `since|after|with|by|from the|today's|yesterday's|last|this|our ..1 @change`),
		said(cause, 0.8, `expired|missing|deleted|dropped|removed|wiped|misconfigur*|changed|wrong|full|leak*|exhausted|overloaded|rejects|never|overwr*|conflict*|mismatch*|renamed|lost|destroyed|incompatible|outdated|stale|deadlock*|bug|regression;
			because of`),
		said(hypothesis, 1.1, `maybe|perhaps|possibly|probably|likely|suspect|suspicious|theory|hunch|guess|wonder*|hopefully|presumably; could|might|may|must ..2 be|have|also|it; i
			think|bet|imagine|believe|assume; smells|looks|sounds|feels like`),
		said(hypothesis, 0.8, `related to; possible that`),
		said(hypothesis, 0.5, `? $`),
		said(decision, 1.1, `let's|lets|decide|decided|deciding|decision|agree|agreed|propos*|plan|option|options|approve|approved|sgtm|declar*; we ..1
			should|will|need|could|can|must; we'll|we'd; i'd|i|we|would|rather ..1 rather|say|prefer|suggest|vote|propose; go|going with|for|ahead; instead|rather
			of|than; do it`),
		said(decision, 0.9, `for now; going|want|have to`),
		said(decision, 0.8, `i'll|i will|we|gonna`),
		said(decision, 0.6, `should|shall|do|can|could we|i`),
	)
}

// englishWork is what speaks of work and of those who do it.
func englishWork() []cue {
	return slices.Concat(
		said(action, 2, `! log`),
		said(action, 1.1, `@did; rolled|rolling|roll|turned|turning|switched|switch back|forward|off|on|over`),
		said(action, 0.7, `@doing; looking|investigating|checking|joining|debugging|digging; on it; ack|acked|acknowledged; take|taking|have|having a look; look into|at`),
		said(action, 0.6, `pr|pull <num>|<id>|request; restart|rollback|revert|redeploy|failover|rerun|retry|reboot; i'm|i|we|we're|i've|we've ..2 @did|@doing`),
		said(looking, 1, `look|looking|investigat*|checking|joining|ack|acked|acknowledg*|digging|debugging|copy|aye; on it; on my way; i'm|im|am here|around|on|in; same here;
			let me check|see|look|try|take; check|checking; ssh*`),
		said(looking, 0.6, `^ same; ^ here|hi|yep|yes|yup|confirmed`),
		said(handover, 1.5, `handing|hand|handed ..2 over|off; handover|handoff; i'm|im|am off|out|away|leaving; taking|took|takes|take over; over to; signing|logging off;
			going|go|off to bed|sleep|lunch|dinner; picking|pick|picks ..1 up; call|calling it a; too tired; leave|leaving ..1 to|for|a;
			i'm|i|i'll|running|run|takes|be lead|leading|ic|commander|comms|driving|drives|coordinating`),
		said(handover, 1.2, `shift|tomorrow|overnight|morning; have|got time; i'll|will|be back in|at|on|soon`),
		said(handover, 1, `are you there|around|here|available; on call|holiday|vacation; can you join|help|take`),
		said(handover, 0.9, `joining|joined|join`),
		said(comms, 1.2, `tweet*|posted|posting|announc*|stakeholder*|summary|summar*|update|updated|writeup|postmortem|statement|banner|notif*; status page; statuspage; blog
			post; told|tell|telling|inform*|let|letting ..3 users|everyone|people|customers|them|know|support; mail|email|mailing ..2 out|sent|list;
			write|writing|wrote up`),
		said(follow, 1.5, `todo|todos|followup*|postmortem|retro|retrospective|lessons|runbook*|playbook*|learnings; action|follow item|items|up|ups; ^ action|todo|followup|task
			:; write|writing|wrote ..1 up; post mortem; next time|week|sprint|quarter`),
		said(follow, 1.2, `actions $|:; someone|somebody should|needs|must|has; went well|badly|wrong; for the review|record|retro|postmortem;
			open|file|opened|filed|create|created|make|write|add ..2 issue|ticket|bug|card|task|story`),
		said(follow, 1, `tomorrow|later|afterwards|ticket|eventually|someday|monday; should|need|needs|must ..3
			alert*|monitor*|document*|automat*|test|tests|prevent|check|limit*`),
		said(follow, 0.8, `in the future`),
	)
}

// englishEnds is what speaks of the end of trouble.
func englishEnds() []cue {
	return slices.Concat(
		said(resolution, 1.7, `@cured; back ..1 up|online|again|normal|alive|green|running|in|here|to; is|are|we're|it's|be|appears|seems|came|comes|all|was|to ..2 back;
			up|live|running|working|works|reachable|resolving|responding|green|available|open again; works|working|worked|work ..1 now|for|again|fine;
			call|calling|consider|considering|declare|declaring|mark|marking ..3 done|over|resolved|closed|fixed|recovered; all|everything|everyone ..3
			green|clear|well|back|normal|passing; tree|queue ..2 open|empty|moving|drained|clear; closing|closed ..1 this|it|incident|issue|ticket; closing for good|now; closing $;
			passed|passing|succeeded|successful|unstuck; it runs`),
		said(resolution, 1.5, `moving|flowing|serving|merging|building|deploying|processing|loading|launching|answering|passing|responding|flow|load|answer|pass|respond|flows|loads|answers|passes|responds|serves|syncs
			again`),
		said(resolution, 1.2, `ok|fine|good|works|green ..1 from|for|on my|me|here|our; ^ closing $; errors|error|5xx|500s|502s|503s|timeouts|alerts|alert|warnings ..2
			gone|cleared|stopped|dropped|zero; ok|up|recovered|recovery|resolved|closed :; is|are|now ..2 @well; no more|longer
			errors|failures|timeouts|failing|stuck|seeing; up to date`),
		said(resolution, 1.1, `looks|looking|seems ..1 @well`),
		said(resolution, 1, `falls|falling|drains|recovers|drops; down to <num>; is|now|are live; all|everything|everyone ..3 good|fine|healthy|ok; that|it|this ..2
			worked|helped|fixed|did; coming|going|starting through|back; back to|in; flat|dropping|draining|dropped|decreasing|recovering|stabil*|normal`),
		said(resolution, 0.8, `works $; stable; done|complete*|finished`),
		said(resolution, 0.7, `confirm*`),
		said(resolution, -1, `get|getting|come|coming|be back to|in|at|on`),
		said(resolution, -1.7, `roll*|rolled|rolling|fall|falling ..1 back`),
		said(declaredOver, 1, `stable; resolved|closing|closed|over|all-clear; all clear|good|green; call|calling|consider|declare|declaring|mark ..3 done|over|resolved|closed|fixed; root
			cause; tree|queue ..2 open|empty`),
		said(allClear, 1, `^ ok|up|recovered|recovery|resolved|closed|cleared|normal|healthy`),
		said(hoped, 1, `should|hope*|hopefully ..4 @rec`),
		said(notYet, 1, `partially|partly|half|halfway; @not ..3 @rec; should|hope*|hopefully|if|once|until|before|almost|unless|when|will ..4 @rec; not yet; not the|it|related|us|our; isn't
			the|it|related|us|our; still ..2 @bad|not|fail*|see*|503|502|500; is|are ..3 @rec ..2 ?`),
		said(notYet, 0.7, `? $`),
	)
}

// englishManner is how a thing is said, and by what.
func englishManner() []cue {
	return slices.Concat(
		said(chat, 1.5, `thanks|thank|thx|ty|np|cheers|welcome|congrats|kudos|merci|danke`),
		said(chat, 1.2, `^ lol|haha*|hm*|oh|ah*|wow|nice|cool|great|hi|hello|hey|yay|ouch|oops|ugh|:*; good morning|night|evening|luck|job|work|catch|point; ^
			morning|night|bye|brb|afk`),
		said(chat, 1, `sorry|apolog*`),
		said(chat, 0.8, `^ yes|yep|yeah|no|nope|ok|okay|sure|right|true|indeed $`),
		said(joke, 1.5, `lol|lmao|rofl|haha*|hehe*|:joy*|:laugh*|:rofl*|:sweat_smile*|:wink*|:upside_down*|:stuck_out*|joke|joking|kidding|funny|:cat*|:smile*|:slight_smile*|:grin*`),
		said(joke, 0.7, `:tada*|:man-facepalming*|:facepalm*|:shrug*`),
		said(aside, 1.5, `lunch|breakfast|dinner|coffee|cake|pizza|beer|weekend|birthday|holiday|vacation|weather|football|party|kid|kids|jacket|headache|printer|standup|keyboard|movie|gym`),
		said(aside, 1.2, `my laptop|phone|mac|ide|machine|jacket|desk|kid|kids|wife|husband|cat|dog|house|keys|chair|headphones|headache|bike|car; review|approve|look ..3
			pr|pull|mr`),
		said(aside, 1, `access request`),
		said(aside, 0.7, `unrelated|offtopic|btw|fyi`),
		said(firstPerson, 1, `@me`),
		said(negation, 1, `@not`),
		said(asking, 1, `?`),
		said(named, 1, `incident|outage|rollback|postmortem|sev1|sev2|sev3; root cause; rolled|rolling back; declar*; sev <num>`),
		said(severe, 1, `page|critical|high|sev|sev1|sev2|sev0|p1|p0|paging|declared|outage|emergency|major; severity page|critical|high|sev1|sev2|sev0|p1; ^
			warn|warning|crit|alarm|problem|firing|triggered|opened|alerting`),
		said(severe, 0.8, `down|firing|alerting|alert|violation|unreachable|failed|failing|problem|fail; resolved|recovered|recovery|up|ok|closed`),
		said(mild, 1.5, `staging|sandbox|preview|demo|testing|qa|lint|lab|nightly; env dev|staging|test|sandbox|qa|preview; dev|test`),
		said(mild, 1.2, `severity warning|info|none; reminder|standup|bump|dependencies|renovate|dependabot|scheduled`),
		said(mild, 0.8, `passed|merged|opened|released`),
	)
}
