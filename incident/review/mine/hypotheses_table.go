package mine

import "slices"

// guessCues are for hypotheses.
func guessCues() []cue {
	return slices.Concat(
		said(guesses, 1.2, `could|might|may|must ..1 be ; could|can it|this|that|they ; maybe|perhaps ; i suspect|bet|imagine|wonder|reckon|guess|assume|presume|believe ; suspect*|suspicion|suspicious ; my|next|best|first|only|working|another|other|new|current guess|bet|theory|hunch|hypothesis|suspicion|thought ; guess|theory|hypothesis|hunch|idea is|: ;
			possibl*|probabl*|presumabl*|likely|potentially|apparently|supposedly|conceivabl* ; smells|smell|tastes like ; looks|look|seems|sounds|feels|appears ..1 like|related ; almost certainly ; i'd|would guess|bet|imagine|blame|suspect|assume ; could've|might've|must've ; could|might|may|must have ; i'm thinking|guessing|wondering|suspecting|betting|assuming ;
			wondering|wonder if|whether ; not sure ..3 but ; any chance|idea ; is it possible ; is|are it|this|that|these|we ..3 because|related|caused|due|hitting|running|out ; coincidence ; i'd look at ; what if ; unless ; if i had to guess ; in theory ; i have a feeling ; reminds me ; like last time ; same as ; same ..1 cause|issue|problem|thing ; wouldn't surprise`),
		said(guesses, .6, `i think ; i'd say ; i believe ; seems ; seem ; think it's|that|this|the|we|it ; would ..1 explain ; imo ; as far as i ; afaik ; afaict ; iirc ; doesn't that|this|it ; isn't that|this|it ; didn't|wasn't|weren't|isn't|hasn't|haven't the|that|we|someone|somebody|there|they`),
		said(points, 1, `related|relates to ; something|anything|problem|issue|issues|trouble with|to|in|between|around ; to do with ; because|cause*|caused ; due to ; after|since ..3 deploy*|upgrade*|update*|change*|migration*|release*|restart*|bump*|merge*|rollout*|rotation*|maintenance|failover|switch*|patch*|reboot* ; coming from ; comes from ; culprit ; blame ; behind this|it|that ; source|origin|root of ; triggered|trigger* ; responsible ;
			@bad ; bug ; leak ; affected by ; thanks to ; on our|their end|side ; broke ; regress* ; eating|eats|hog*|hammer*|overwhelm*|saturat*|starv*|block*|poison*|wedged|flapp* ; out|ran|running|run out ; too many|much|big|large|small|old|slow|few ; never|not ..1 cleaned|purged|released|closed|renewed|updated|deleted|reset|applied|picked|reloaded ; stale ; misconfig* ; mismatch ; incompatib* ; different from ; race condition ; dead ; bad ; wrong ; ignor*`),
		said(things, 1, `@sys`),
	)
}

// causeCues are for why it is so, and for having found out.
func causeCues() []cue {
	return slices.Concat(
		said(reasons, 1.2, `because ; caused|causes|causing by|the|this|it|all|everything ; root cause ; the|main|only|real|actual|underlying problem|reason|cause|culprit|issue|trigger|bug is|was|were|seems|appears|: ; due to ; that's|thats|that|this|which|it ..1 is|was|explains why ; that's|thats why ; explains|explain why|the|this|it ; culprit ; as a result ; result of ; resulted in ; led|leads to ; so ..1 that|it|this|we|they|the ..3 @bad ; my fault|bad|mistake ; by mistake|accident ; accidental* ; mistakenly ; triggered by ; which|that means|made|meant|caused|broke|breaks ; broke ; stems|stemmed from ; thanks to ; attributed|traced to ; introduced by|in ; regression ; turns|turned out ; was|were|got edited|changed|modified|altered|removed|deleted|overwritten|renamed|replaced|dropped ..3 by|in|during|with|yesterday|today|this|last|at`),
		said(finds, 1.5, `found it|out|the|a|something|where|why|what ; ^ found ; think|believe i|we found|know|have ; turns|turned out ; got it ; aha|bingo|gotcha|eureka ; here|there it|we is|go ; that's|thats it|the|our ; there ..1 is|was|are|were no|not|nothing|missing ; it|this|that was|is|were the ; so|ah|oh it|that|this|it's|the ..3 is|was|are|never|still ; i|we see|know ..2 problem|issue|why|what|cause|now ; smoking gun ; error|log|logs|trace|dashboard|graph|history|audit ..1 is|says|shows|show ; says|shows that|it|the ; looking at ..4 shows|show ; definitely ; identified ; pinpointed|tracked|narrowed ..1 down ; actually ; errr|oops|whoops|crap|damn|ugh|ouch ; my ..2 ran|did|broke|deleted|removed|killed|triggered`),
	)
}

// verdictCues are for what settles a hypothesis.
func verdictCues() []cue {
	return slices.Concat(
		said(denies, 1.5, `not it|that|this|those|them|him|us|our|related|dns|network ; no change|effect|difference|luck|dice|joy|improvement|sign|impact ; didn't|doesn't|didnt|doesnt|did|does|don't|won't|hasn't|haven't|isn't|not ..2 help|work|change|fix|matter|explain|clear|match|resolve|improve ; not helping|working ; unrelated ; not related ;
			is|are|looks|look|seems|seem|all|both|they're|it's|everything|was|were ..2 fine|ok|okay|healthy|good|normal|green|valid|clean|unaffected|innocent|reachable|correct|happy|quiet|idle|flat|unchanged ; @sys fine|ok|healthy|good|normal|green|valid|clean|empty|idle ; healthy ; valid ; nothing ..3 changed|wrong|unusual|suspicious|there|obvious|to|since|in|do|out|deployed|weird|odd|interesting ; no ..2 errors|error|changes|deploys|alerts|restarts|anomal* ; isn't|wasn't|aren't|weren't ..3 it|that|the|cause|problem|issue|culprit|case|related|this|stored|used|using ;
			rul*|crossed|cross ..2 out|off ; false|red alarm|herring ; still ..2 @bad|same|there|happening|broken|502|503|500|seeing|no|climbing|growing|rising|high ; same error|result|issue|problem|thing|behaviour|behavior|symptom* ; back to square ; dead end ; can't|cannot|couldn't be ; that's|thats|it's|its|was not ; we|i don't|dont|never|haven't ..3 use|rely|run|touch|have|change ; don't|dont think ..2 it|that|so|this ; no longer ; wrong|bad guess|theory|lead|tree ; forget it|that ; scratch that ; never mind ; nevermind ; not the|a|an|our ; misread|mistaken|misunderstood ; i was wrong ; despite ; even though|with|without|after ; only ..2 at|used|percent|% ; plenty|enough|lots of ; well below|under|within ; far from ; neither ; so no|not|nope ; so ..2 isn't|wasn't|aren't`),
		said(denies, 1, `^ no|nope|nah|nej|not ; :disappointed:|:thinking:|:unamused:|:cry:|:confused:`),
		said(affirms, 1.5, `confirm*|verified|validated|proven|proved ; that's|thats it|the|what|why|our|exactly|right|correct|indeed ; bingo ; exactly ; indeed ; found it|the|them|out ; explains ; turns out ; that|this|it was|is|were ..1 it|the|indeed|what|why|our ; root cause ; reproduc*|repro'd ; plausible ; makes sense ; smoking gun ; matches|match|matching ; correlat* ; lines|line|lined up ; sure enough ; as suspected|expected|feared|guessed ; definitely ; fixed|fixes|solved|resolved|cleared it|the|that|everything|this ; that|it|which|this|restart|revert|rollback ..2 fixed|helped|worked|works|cured|solved ; helped ; you're|you ..1 right ; yes ; good|nice catch|find|spot|call ; same time|moment|second|minute ; exact same|time ; coincides ; consistent with ; can see ; i see it|that|them|those|the ; since then ; gone now|since ; back to normal ; works ..1 now|again ; no ..2 with|after|since ; so ..1 that|it was ; flat|stable|recover* ..1 now ; shows|show|says that|it|the|up`),
		said(affirms, .8, `^ yes|yeah|yep|yup|aye|correct|right|ah|oh|oof|ouch ; + 1 ; agreed ; looks|seems|sounds like|that|so|right|plausible|possible|likely ; smells like it ; i think so ; probably`),
	)
}
