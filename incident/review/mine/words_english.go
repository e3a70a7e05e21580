package mine

import "slices"

// english is the table for English.
func english() language {
	cues := slices.Concat(englishTrouble(), englishFindings(), englishWork(), englishEnds(), englishManner())
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
		"bad":     "down broken failing fails failed stuck unreachable inaccessible unavailable offline dead slow unresponsive gone hanging hung crashing crashed full empty flaky corrupt* unresolvable degraded overloaded wedged late delayed behind blank",
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
pruned pruning freed freeing rebuilt rebuilding reindexed promoted promoting expanded expanding renewed renewing forced forcing added created revoked revoking rerun reran resubmitted resubmitting provisioned annotated copied swapped swapping turned truncated vacuumed dropped moved moving changed rerouted diverted throttled throttling banned banning unset set`,
		"doing":  "running trying applying starting going kicking bringing putting taking adding calling paging pinging waking mailing emailing texting doing removing creating fixing",
		"grow":   "growing climbing rising increasing dropping falling piling spiking spiked jumped building",
		"cured":  "resolved recovered recovers recovery fixed restored unstuck reachable operational mitigated solved cleared healed",
		"change": "deploy deployment upgrade migration release change bump rollout update merge push launch config configuration",
		"find":   "found find shows show showing see seeing saw says noticed notice discovered confirms confirmed reproduce reproduced validated checked verified measured looks looked compared traced",
		"me":     "i i'm i'll i've i'd im me my we we're we've we'll we'd",
		"rec":    "work works working worked fixed back resolved recovered up green passed better healthy stable done gone over",
	}
}
