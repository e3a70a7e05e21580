package mine

import "slices"

// answerCues are the English phrases by which people propose, agree, guess,
// settle and take on. They are ordinary operations English; what a phrase
// weighs next to where it stands is the models' matter.
func answerCues() []cue {
	return slices.Concat(choiceCues(), changeCues(), guessCues(), verdictCues(), taskCues(), conditionCues())
}

// choiceCues are for proposing, agreeing and choosing.
func choiceCues() []cue {
	return slices.Concat(
		said(assents, 1, `^ yes|yep|yeah|yup|ya|aye|ok|okay|k|kk|agreed|agree|sure|sgtm|lgtm|ack|roger|copy|absolutely|definitely|indeed|correct|exactly|approved|please|👍|✅ ;
			^ :+1:|:thumbsup:|:thumbs_up:|:white_check_mark:|:ok_hand:|:heavy_check_mark:|:shipit:|:ok: ; ^ + 1 ; go ahead ; ^ do it|that|so ; do it ; go for it ; ^ go ; sounds good|great|fine|reasonable|like a plan|right ; works for me ;
			ship it ; fine by|with me ; good idea|call|plan|point ; makes sense ; i agree ; i'm in ; no objection* ; i'm for it|that ; fair enough ; all good ; agreed ; let's do it|that|this ;
			same here ; seconded ; second that ; i'm ok|okay|fine|good|happy with ; i like it|that ; that's right ; you have my ; by all means ; approved ; thumbs up ; will do ; ^ right ; ^ true ; yes please ; please do`),
		said(objects, 1, `^ no|nope|nah|nay|wait|hold|stop|don't|dont|not|careful|hmm|hm|👎 ; ^ :-1:|:thumbsdown:|:thumbs_down: ; not yet ; rather not ; i'd not ; let's not ; hold on|off ; hang on ; bad idea ; i disagree ; won't help|work ;
			would not ; wouldn't ; too risky|dangerous|slow|early|late ; not sure ..2 idea ; better not ; i'd wait ; instead of ; no need ; overkill ; makes it worse ; against it|that`),
		said(proposes, 1.2, `let's|lets ; let us ; should|shall we|i ; what|how about ; why don't|not we|you ; i propose|suggest|vote|recommend|move ; i'd|i|we|would suggest|propose|recommend|vote|prefer|rather|say ; i'd rather|say|like|go|do|try|prefer|vote|just ;
			i'd ..2 @do|@put ; proposal ; proposing ; ^ proposal|plan|option|options|suggestion|idea|fix|workaround|decision ; what if we|i|you ; could|can we|i ; we could|can|should|might|need|must|have ; maybe|perhaps we|i ; option|options|plan a|b|c|1|2|: ;
			we'd better ; better to|if ; might be worth|better|best|easier|safer ; worth @doing|trying ; it's|is safer|safest|easier|easiest|best|quicker|quickest|simpler|simplest|faster ; safe to @do|@put ; my vote|preference|suggestion|proposal|recommendation|plan ;
			i say ; alternatively ; alternative is ; do we ..2 want ; we want to ; do you want me|us to ; want me to ; ok|okay|fine|happy|good if i|we ; ok|okay|good|ready to @do|@put|go|proceed ; any objection* ; objections ; thoughts on ; i think we|you should|could|can ; shouldn't we ; needs to be @did|@putd ; ought to`),
		said(chooses, 1.2, `go|going|went with ; decid*|decision* ; we'll go|do|keep|stay|leave|use|stick ; opt*|opting for ; choose|chose|choosing|chosen ; rather than ; instead of ; instead ; not worth ; no point ; for now|tonight|today ; in the meantime ; meanwhile ;
			^ forward|backward|rollback|revert|neither|both|none|first|second ; ^ a|b|c|1|2|3 $ ; i say ; let's go|do|keep|leave|stick|stay|skip|use ; stick|sticking with|to ; call* it ; consensus ; agreed ; then we ; so we'll|we ; settled|settling|settle on ; plan is|: ; the plan ; plan : ; until ..3 fixed|back|resolved|done|morning|tomorrow|safe|works ;
			that's the plan ; prefer ; as a precaution ; to be safe|sure ; on the safe side ; we're|we are not @doing|@putg ; won't|not @do|@put ; just @do|@put ; only @doing|@do|@put|@putg ; as a workaround|stopgap|mitigation ; temporar* ; best option ; no other|better|choice option|way|choice`),
		said(offers, 1, `or ..2 @do|@put|@doing|@putg ; or should|shall|do|can|could|just ; either ; options ; or we|a|b|the|just ; versus ; vs ; or wait ; or not ; or is it`),
		said(whose, 1, `who ; whose ; anyone|anybody|someone|somebody ; volunteer* ; who's`),
		said(objects, .5, `but ; however ; though ; concern* ; worried ; risk*`),
	)
}

// changeCues are for changes of systems: ordered, under way, made.
func changeCues() []cue {
	return slices.Concat(
		said(intends, 1, `going|gonna|about to ; gonna ; i'll|i'm|we'll|we're|ill|i|we ..1 @do|@put|@doing|@putg ; i|we will|shall ; will ..1 @do|@put ; planning|plan|intend|intending|preparing|ready to ; let me @do|@put|try|go|just ; i'm|we're|i am|we are going|gonna ; ^ will ; i'm|im|we're @doing|@putg ;
			next step|: ; then i|we ; starting ..2 @doing|@putg|@do|rollback|rollout|deploy* ; now @doing|@putg|trying ; ^ @doing|@putg ; kicking off ; heads up ; fyi`),
		said(orders, 1, `^ @do ; ^ please ..1 @do|@put ; please ..1 @do|@put ; ^ @put ..3 @off|to|for|from|into ; to @do ; we|you|i should|could|can|need|must|have ..2 @do ; @do it|that|them|this|the|everything|all|again ; @put ..2 @off ; let's|lets ..1 @do|@put ; can|could|would you ..1 @do|@put ; just @do|@put ; i'd ..1 @do|@put ; should|shall we|i ..1 @do|@put ;
			want me to ..1 @do|@put ; and @do ; or ..1 @do ; a|the revert|rollback|restart|failover|redeploy|reboot|hotfix|patch|deploy ; full|hard|clean|rolling restart|reboot|reset|redeploy ; @do`),
		said(changing, 1, `@doing ; @putg ..3 @off|to|into|from ; i'm|im|we're|now|am @putg ; ^ @putg ; rolling|failing|switching|turning|backing|taking|shutting|scaling|bringing ..3 @off ; applying|pushing ; in progress ; underway ; running @lookg|the|a|it|<code>`),
		said(changed, 1, `@did ; ^ @putd ; i|we|i've|we've|just|now|has|have|been|is|are|was|were|got @did|@putd ; @putd ..3 @off ; rolled|failed|switched|turned|backed|scaled|brought ..3 @off ; <name> @did|@putd ; rollback|revert|restart|deploy|failover|rollout ..1 complete*|done|finished|through|successful|succeeded ; is|are in|live|out|through|up|deployed|merged|applied ; sent|put|set up|out`),
		said(doneNow, 1, `^ done|finished|complete* ; all done ; is|are|it's done ; already ..1 @did|@putd|done ; done ; finished ; completed ; succeeded ; took effect`),
		said(looks, 1, `@lookg ; ^ @look ; let|lets|let's ..1 @look ; take|taking|having|have a look|peek|closer|quick ; look* into|at|for ; trying to @look|find|understand|figure|reproduce|work|get|log|access|connect|ssh|reach ; let me|us see|@look|find|get|pull|ask|know ;
			i'll|i|will|can|could|to|you @look ; try* to find|understand|figure|reproduce|work ; poke|poking around ; on it ; ssh'ing|sshing|logging|log into|in ; where|which|what ; see if|what|whether|why|how ; reading up|through|back|scrollback ; ask|asking|calling|texting|pinging|emailing|messaging|paging|ping|call|mail*`),
		said(tries, 1, `try|trying|tried ; attempt* ; let's see|try ; see if ..2 help*|works|fixes|clears|recovers ; that|this|which should|might|may|could|will ..3 @do|@put|fix|help|clear|resolve|unstick|work|bring|make|recover|solve|stop ; hopefully ; hoping ; in case ; worth a try|shot ; give|giving it|that a try|shot|go ; will ..2 fix|help|clear|solve ; should|might|may|could help|fix|clear|work|unstick|resolve|solve|recover ; to see ; test* ..2 theory|hypothesis|this|that|it`),
		said(shortly, 1, `brb ; back in|by|at ; one|a|two|1|2|5|<num> sec*|moment|minute*|min|mins ; in a bit|sec|few|moment|minute ; be|am there|right ; on my way|phone ; joining|join ; hold on ; give me ; looking ; on it ; i'll|will be|join|look|check|ping|let|see|keep|report|update|stay|wait|hop|call|dial|get back ; let you know ; stand* by ; heading ; bear with ; 10|5|15|20|30 min*`),
	)
}

// guessCues are for hypotheses.
func guessCues() []cue {
	return slices.Concat(
		said(guesses, 1.2, `could|might|may ..1 be ; could|can it|this|that|they ; maybe|perhaps ; i suspect|bet|imagine|wonder|reckon|guess|assume|presume|believe ; suspect*|suspicion|suspicious ; my|next|best|first|only|working|another|other|new|current guess|bet|theory|hunch|hypothesis|suspicion|thought ; guess|theory|hypothesis|hunch|idea is|: ;
			possibl*|probabl*|presumabl*|likely|potentially|apparently|supposedly|conceivabl* ; smells|smell like ; looks|look|seems|sounds|feels|appears|appear ..1 like|as|to|related ; almost certainly ; i'd|would guess|bet|imagine|say|blame|suspect|assume ; could've|might've|must've ; could|might|may|must|would|should have ; must be ; i'm thinking|guessing|wondering|suspecting|betting|assuming ;
			wondering|wonder if|whether ; not sure ..3 but ; any chance|idea ; is it possible ; is|are it|this|that|these|we ..3 because|related|caused|due|again|possible|hitting|running|out ; coincidence ; i'd look at ; what if ; unless ; if i had to guess ; in theory ; sort|kind of like ; i have a feeling ; reminds me ; like last time ; again like ; same as ; same ..1 cause|issue|problem|thing`),
		said(guesses, .6, `i think ; i'd say ; i believe ; seems ; seem ; think it's|that|this|the|we|it ; would ..1 explain ; should be ; in my opinion ; imo ; as far as i ; afaik ; afaict ; iirc ; doesn't that|this|it ; isn't that|this|it`),
		said(points, 1, `related|relates to ; something|anything|thing|problem|issue|issues|trouble with|to|in|between|around ; to do with ; because|cause*|caused ; due to ; after|since ..3 deploy*|upgrade*|update*|change*|migration*|release*|restart*|bump*|merge*|rollout*|rotation*|maintenance|failover|switch*|patch*|reboot* ; coming from ; comes from ; culprit ; blame ; behind this|it|that ; source|origin|root of ; triggered|trigger* ; responsible ;
			@bad ; bug ; leak ; affected by ; thanks to ; on our|their end|side ; broke ; regress* ; ate|eating|eats|hog*|hammer*|overwhelm*|saturat*|starv*|block*|poison*|wedged|flapp* ; out|ran|running out of ; ran|running|run out ; too many|much|big|large|small|old|slow|few ; never|not ..1 cleaned|purged|released|closed|renewed|updated|deleted|reset|applied|picked|reloaded ; stale ; misconfig* ; mismatch ; incompatib* ; different from ; race condition ; dead ; bad ; wrong ; lost ; ignor*`),
		said(things, 1, `@sys`),
		said(reasons, 1.2, `because ; cause|caused|causes|causing|causeing by|the|this|it|all|everything ; root cause ; the|main|only|real|actual|underlying problem|reason|cause|culprit|issue|trigger|bug is|was|were|seems|appears|: ; due to ; that's|thats|this|which|it|that is|was|explains why ; that's why ; explains ; explain* why|the|this|it ; culprit ; as a result ; result of ; resulted in ; led to ; leads to ; so ..1 that|it|this|we|they|nginx|the ..3 @bad ; my fault|bad|mistake ; by mistake|accident ; accidental* ; mistakenly ; triggered by ; which means|made|meant|caused|broke|breaks ; means that ; since ; broke ; stems|stemmed from ; blame ; thanks to ; attributed|traced to ; introduced by|in ; regression`),
		said(finds, 1.5, `found it|out|the|a|something|where|why|what ; ^ found ; think|believe i|we found|know|have ; turns|turned out ; got|gotcha it $ ; aha ; bingo ; there|here it|we is|go ; that's|thats it|the|our ; there|it ..1 is|was|are no|not|nothing|missing ; it|this|that was|is|were the ; so|ah|oh it|that|this|it's|the ..3 is|was|are|never|still ; i|we see|know ..2 problem|issue|why|what|it|cause|now ; smoking gun ; the error|log|logs|trace|dashboard|graph ..1 is|says|shows|show ; says|shows that|it|the ; looking at ..4 shows|show ; confirmed ; definitely ; identified ; pinpointed|tracked|narrowed ..1 down ; cloudtrail|audit|logs|history|git ..2 shows|says|show ; i misread ; actually ; errr|oops|oh|whoops|crap|damn|ugh|ouch ; my ..2 ran|did|broke|deleted|removed|killed|triggered`),
	)
}

// verdictCues are for what settles a hypothesis.
func verdictCues() []cue {
	return slices.Concat(
		said(denies, 1.5, `not it|that|this|the|those|them|him|us|our|related|dns|network|a ; no change|effect|difference|luck|dice|joy|improvement|sign|impact ; didn't|doesn't|didnt|doesnt|did|does|don't|won't|hasn't|haven't|isn't ..1 help|work|do|change|fix|matter|explain|clear|seem|look|make|match|resolve|improve ; not help*|work* ; no effect ; nope ; unrelated ; not related ;
			is|are|looks|look|seems|seem|all|both|they're|it's|everything|was|were ..2 fine|ok|okay|healthy|good|normal|green|valid|clean|up|unaffected|innocent|reachable|correct|happy|quiet|idle|flat|unchanged ; @sys is|are|looks|look ..1 fine|ok|healthy|good|normal|green|valid|clean|empty|idle ; healthy ; valid ; nothing ..3 changed|wrong|unusual|suspicious|there|obvious|to|since|in|do|out|deployed|weird|odd|interesting ; no ..2 errors|error|changes|deploys|alerts|restarts|anomal* ; isn't|wasn't|aren't|weren't ..3 it|that|the|cause|problem|issue|culprit|case|related|this|stored|used|using ;
			rul*|crossed|cross ..2 out|off ; false|red alarm|herring ; still ..2 @bad|same|there|happening|broken|502|503|500|seeing|no|climbing|growing|rising|high ; same error|result|issue|problem|thing|here|behaviour|behavior|symptom* ; back to square ; dead end ; can't|cannot|couldn't be ; that's|thats|it's|its|was not ; we|i don't|dont|never|haven't ..3 use|rely|run|touch|have|change ; don't|dont think ..2 it|that|so|this ; no longer ; wrong|bad guess|theory|lead|tree ; forget it|that ; nothing to do ; scratch that ; never mind|nevermind ; not the|a|an|our ; misread|mistaken|misunderstood ; i was wrong ; hm not|no ; despite ; even though|with|without|after ; only ..2 at|used|percent|% ; plenty|enough|lots of ; well below|under|within ; far from ; neither`),
		said(denies, 1, `^ no|nope|nah|nej ; ^ not ; hmm ; :disappointed:|:thinking:|:unamused:|:cry:|:confused: ; but`),
		said(affirms, 1.5, `confirm*|verified|validated|proven|proved ; that's|thats it|the|what|why|our|exactly|right|correct|indeed ; bingo ; exactly ; indeed ; found it|the|them|out ; explains ; turns out ; that|this|it was|is|were ..1 it|the|indeed|what|why|our ; root cause ; reproduc*|repro'd ; plausible ; makes sense ; smoking gun ; matches|match|matching ; correlat* ; lines|line|lined up ; sure enough ; as suspected|expected|feared|guessed ; definitely ; fixed|fixes|solved|resolved|cleared|did|unstuck it|the|that|everything|this ; that|it|which|this|restart|revert|rollback ..2 fixed|helped|worked|works|cured|solved ; helped ; you're|you are right ; yes ; good|nice catch|find|spot|call ; same time|moment|second|minute ; exact same|time ; coincides ; consistent with ; can see ; i see it|that|them|those|the ; since then ; gone now|since ; back to normal ; works ..1 now|again ; no ..2 with|after|since ; so ..1 that|it was ; flat|stable|recover* ..1 now ; shows|show|says that|it|the|up`),
		said(affirms, .8, `^ yes|yeah|yep|yup|aye|correct|right|ah|oh|oof|ouch ; + 1 ; agreed ; looks|seems|sounds like|that|so|right|plausible|possible|likely ; smells like it ; could ..1 be ; i think so ; probably`),
	)
}
