package bot

import (
	"tocsin/incident"
	"tocsin/incident/review"
)

// Laid is a draft with people's words laid over it, as the renderers get it.
func Laid(d review.Draft, v incident.Review) review.Draft {
	return drawn(d, layOver(d, v), func(id incident.PersonID) string { return string(id) })
}
