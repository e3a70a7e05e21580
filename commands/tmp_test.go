package commands_test
import ("testing";"fmt")
func TestTmp(t *testing.T) {
	h := newHouse(t)
	for _, s := range []string{"checkout is failing", "page is blank", "severity sev2 search is down", "resolv it", "list", "", "page payments is down", "search is broken", "help page", "help", "oncall", "INC-9", "zone Berlin","doctor","declare past:yes started:yesterday 23:10 resolved:9:00 cache was cold"} {
		r := h.say("ann", s)
		fmt.Printf("=== %s [%s] form=%v\n%s\n", s, r.Kind, r.Form != nil, shown(r))
	}
	n := h.declared("ann", "sev2 api is slow")
	for _, s := range []string{"", "status monitoring fix is out", "page is blank", "page payments db stuck","ack","undo","update next:30m fix is rolling out","update fix is rolling out", "take", "timeline","catchup","task restart @bo","tasks","action write alert @bo due:friday","roles","private on customer data", "follow","remind 20m look","note restarted it at 11:30","undo","call https://meet.example.com/x","merge into INC-1","resolve","page web","severity sev1", "handover @bo tired", "page sam", "assign scribe @sam"} {
		r := h.in(n, "ann", s)
		fmt.Printf("=== %s [%s] form=%v\n%s\n", s, r.Kind, r.Form != nil, shown(r))
	}
}
