package incident

import "strconv"

func (e AlertsHeard) tell(Recorded) []Part {
	firing := 0
	for _, a := range e.Alerts {
		if a.State == AlertFiring {
			firing++
		}
	}
	return line(e.Source, " told of ", counted(len(e.Alerts), "alert"), ", ", strconv.Itoa(firing), " of them firing")
}

func (e AlertsDecided) tell(Recorded) []Part {
	said := line("By rule ", e.Rule, ": ", string(e.Do))
	if e.Rule == "" {
		said = line("No rule matches: ", string(e.Do))
	}
	if e.Why != "" {
		said = line(said, " (", e.Why, ")")
	}
	return said
}

func (e AlertsPlaced) tell(Recorded) []Part {
	if e.Private {
		return line("The alerts belong to an incident")
	}
	return line("The alerts belong to ", e.Number.String())
}

func (e AlertsMuted) tell(r Recorded) []Part {
	switch e.How {
	case MuteHour:
		return line(r.Actor, " muted the alerts until ", e.Until)
	case MuteRecovered:
		return line(r.Actor, " muted the alerts until they recover")
	case MuteRule:
		return line(r.Actor, " muted all alerts of rule ", e.Rule)
	}
	return line(r.Actor, " muted the alerts")
}

func (e AlertsUnmuted) tell(r Recorded) []Part {
	return line(r.Actor, " lifted the mute of the alerts")
}

func (e AlertsAttached) tell(Recorded) []Part {
	return line("Alerts of ", e.Source, " were attached, ", e.How, ": ", e.Title, ", ", standOf(e.Firing, e.Recovered))
}

func (e AlertsChanged) tell(Recorded) []Part {
	how := "Alerts changed: "
	switch {
	case e.Was == e.Now:
	case e.Now == string(AlertRecovered):
		how = "Alerts recovered: "
	default:
		how = "Alerts fire again: "
	}
	return line(how, e.Title, ", ", standOf(e.Firing, e.Recovered))
}

// standOf counts a group's alerts: "12 firing, 3 recovered".
func standOf(firing, recovered int) string {
	if recovered == 0 {
		return strconv.Itoa(firing) + " firing"
	}
	return strconv.Itoa(firing) + " firing, " + strconv.Itoa(recovered) + " recovered"
}

func counted(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
