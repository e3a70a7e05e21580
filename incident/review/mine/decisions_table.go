package mine

import "slices"

// answerCues are the English phrases by which people propose, agree, guess,
// settle and take on. They are ordinary operations English; what a phrase
// weighs next to where it stands is the models' matter.
func answerCues() []cue {
	return slices.Concat(choiceCues(), changeCues(), manageCues(), guessCues(), causeCues(), verdictCues(), taskCues(), dutyCues(), conditionCues())
}

// choiceCues are for proposing, agreeing and choosing.
func choiceCues() []cue {
	return slices.Concat(
		said(assents, 1, `^ yes|yep|yeah|yup|ya|aye|ok|okay|k|kk|agreed|agree|sure|sgtm|lgtm|ack|roger|copy|absolutely|definitely|indeed|correct|exactly|approved|please|👍|✅ ;
			^ :+1:|:thumbsup:|:thumbs_up:|:white_check_mark:|:ok_hand:|:heavy_check_mark:|:shipit:|:ok: ; ^ + 1 ; go ahead ; ^ do it|that|so ; do it ; go for it ; ^ go $ ; sounds|seems good|great|fine|reasonable|right ; sounds like a plan ; works for me ;
			ship it ; fine by|with me ; good idea|call|plan|point ; makes sense ; i agree ; i'm in $ ; no objection* ; i'm for it|that ; fair enough ; all good ; agreed ; let's do it|that|this ;
			seconded ; second that ; i'm ok|okay|fine|good|happy with ; i like it|that ; that's right ; + 1 from ; by all means ; approved ; thumbs up ; will do ; on it ; doing it|that|so ; ^ right|true ; yes please ; please do ; why not`),
		said(objects, 1, `^ no|nope|nah|nay|wait|hold|stop|don't|dont|not|careful|hmm|hm|👎 ; ^ :-1:|:thumbsdown:|:thumbs_down: ; not yet ; rather not ; i'd not ; let's not ; hold on|off ; hang on ; bad idea ; i disagree ; won't help|work ;
			would not ; wouldn't ; too risky|dangerous|slow|early|late ; not sure ..2 idea ; better not ; i'd wait ; no need ; overkill ; makes it worse ; against it|that`),
		said(objects, .5, `but ; however ; though ; concern* ; worried ; risk*`),
		said(proposes, 1.2, `let's|lets ; let us ; should|shall we|i ; what|how about ; why don't|not we|you ; i propose|suggest|vote|recommend|move|say ; i'd|i|we would suggest|propose|recommend|vote|prefer|rather|say|keep|use|leave|put|make|have|split|wait|go|do ;
			i'd rather|say|like|go|do|try|prefer|vote|just|keep|leave|wait ; i'd ..2 @do|@put ; proposal ; proposing ; ^ proposal|plan|option|options|suggestion|idea|fix|workaround|decision ; what if we|i|you ; could|can we|i ; we could|can|should|might|need|must|have ; maybe|perhaps we|i ;
			option|options|plan a|b|c|1|2|: ; we'd better ; better to|if ; might be worth|better|best|easier|safer ; worth @doing|trying ; it's|is|are safer|safest|easier|easiest|best|quicker|quickest|simpler|simplest|faster|safe ; safe to ; my vote|preference|suggestion|proposal|recommendation|plan ;
			alternatively ; alternative is ; do we ..2 want ; we want to ; do you want me|us to ; want me to ; ok|okay|fine|happy|good if i|we ; ok|okay|good|ready to @do|@put|go|proceed ; any objection* ; objections ; thoughts on ; thoughts ? ; i think we|you should|could|can ; shouldn't we ; needs to be @did|@putd ; ought to`),
		said(chooses, 1.2, `go|going|went with ; decid*|decision* ; we'll go|do|keep|stay|leave|use|stick ; opt|opting for ; choose|chose|choosing|chosen ; rather than ; instead of ; instead ; not worth ; no point ; for now|tonight|today ; in the meantime ; meanwhile ;
			^ forward|backward|neither|both|none $ ; ^ a|b|c|1|2|3 $ ; i say ; let's go|do|keep|leave|stick|stay|skip|use ; stick|sticking with|to ; call* it ; consensus ; agreed ; then we ; so we'll|we ; settled|settling|settle on ; plan is|: ; the plan ; until ..3 fixed|back|resolved|done|morning|tomorrow|safe|works ;
			prefer ; as a precaution ; to be safe|sure ; on the safe side ; we're|are not @doing|@putg ; won't|not @do|@put ; just @do|@put ; only @doing|@do|@put|@putg ; as a workaround|stopgap|mitigation ; temporar* ; best option ; no other|better|choice option|way|choice ; the lesser evil ; accept* the|that|some ; leave|leaving|keep|keeping it|that|them|this|everything|the ..3 off|on|down|disabled|paused|closed|as`),
		said(offers, 1, `two|three|several ways|options|choices|possibilities|paths ; or ..2 @do|@put|@doing|@putg ; or should|shall|do|can|could|just ; either ; options ; or we|a|b|the|just ; versus ; vs ; or wait ; or not ; or is it ; ? or`),
		said(whose, 1, `who|whose|who's ; anyone|anybody|someone|somebody ; volunteer*`),
	)
}

// changeCues are for changes of systems: ordered, under way, made.
func changeCues() []cue {
	return slices.Concat(
		said(intends, 1, `going|about to ; gonna ; i'll|i'm|we'll|we're|ill|i|we ..1 @do|@put|@doing|@putg ; i|we will|shall ; will ..1 @do|@put ; planning|plan|intend|intending|preparing|ready to ; let me @do|@put|try|go|just ; ^ will ; ^ @doing|@putg ;
			next step|: ; then i|we ; starting ..2 @doing|@putg|@do|rollback|rollout|deploy* ; now @doing|@putg|trying ; kicking off ; heads up`),
		said(orders, 1, `^ @do ; please ..1 @do|@put ; ^ @put ..3 @off|to|for|from|into ; to @do ; we|you|i should|could|can|need|must|have ..2 @do ; @do it|that|them|this|the|everything|all|again ; @put ..2 @off ; let's|lets ..1 @do|@put ; can|could|would you ..1 @do|@put ; just @do|@put ; i'd ..1 @do|@put ; should|shall we|i ..1 @do|@put ;
			want me to ..1 @do|@put ; and|or ..1 @do ; full|hard|clean|rolling restart|reboot|reset|redeploy ; @do`),
		said(changing, 1, `@doing ; @putg ..3 @off|to|into|from ; i'm|im|we're|now|am @putg ; ^ @putg ; applying|pushing ; in progress ; underway ; running the|a|it|<code>`),
		said(changed, 1, `@did ; ^ @putd ; i|we|i've|we've|just|now|has|have|been|is|are|was|were|got @putd ; @putd ..3 @off ; rollback|revert|restart|deploy|failover|rollout ..1 complete*|done|finished|through|successful|succeeded ; fix|revert|patch|change|it|rollback|hotfix ..1 is|are in|live|out|through|deployed|merged|applied ; put|set up|out`),
		said(doneNow, 1, `^ done|finished|complete* ; all done ; is|are|it's done ; already ..1 @did|@putd|done ; done ; finished ; completed ; succeeded ; took effect`),
	)
}

// manageCues are for looking, trying, and what is only for the moment.
func manageCues() []cue {
	return slices.Concat(
		said(looks, 1, `@lookg ; ^ @look ; let|lets|let's ..1 @look ; take|taking|having|have a look|peek|closer|quick ; look* into|at|for ; trying to @look|find|understand|figure|reproduce|work|get|log|access|connect|ssh|reach ; let me|us see|@look|find|get|pull|ask|know ;
			i'll|i|will|can|could|to|you @look ; try* to find|understand|figure|reproduce|work ; poke|poking around ; on it ; ssh'ing|sshing|logging|log into|in ; see if|what|whether|why|how ; reading up|through|back|scrollback ; asking|calling|texting|pinging|emailing|messaging|paging|ping|call|mail*`),
		said(tries, 1, `try|trying|tried ; attempt* ; let's see|try ; see if ..2 help*|works|fixes|clears|recovers ; that|this|which should|might|may|could|will ..3 @do|@put|fix|help|clear|resolve|unstick|work|bring|make|recover|solve|stop ; hopefully ; hoping ; in case ; worth a try|shot ; give|giving it|that a try|shot|go ; will ..2 fix|help|clear|solve ; should|might|may|could help|fix|clear|work|unstick|resolve|solve|recover ; to see ; test* ..2 theory|hypothesis|this|that|it`),
		said(shortly, 1, `brb ; back in|by|at ; one|a|two|1|2|5|<num> sec*|moment|minute*|min|mins ; in a bit|sec|few|moment|minute ; be|am there|right ; on my way|phone ; joining|join ; hold on ; give me ; looking ; on it ; i'll|will be|join|look|check|ping|let|see|keep|update|stay|wait|hop|call|dial|get ; let you know ; stand* by ; heading ; bear with ; 10|15|20|30 min*`),
	)
}
