package bot

import (
	"context"
	"time"

	"tocsin/integrations"
)

// AlertDesk takes in what monitors and deploys say. Both may be handed the
// same things again, and in any order: a repeat changes nothing. An error of a
// kind that may be tried again (fault.Unavailable, Unknown, Conflict) brings
// the whole call again later; any other is logged and counted, and what was
// handed over is given up.
//
// One source is one caller at a time, and several deliveries that waited come
// in one call, oldest first; calls of different sources come at the same time.
type AlertDesk interface {
	// Hear takes alerts of a source ("alertmanager"); at is when the newest of
	// them was delivered here. It returns when all are on record.
	Hear(ctx context.Context, source string, at time.Time, alerts []integrations.Alert) error
	// Changed takes deploys and planned work.
	Changed(ctx context.Context, source string, changes []integrations.Change) error
}
