package incident_test

import "tocsin/incident/fault"

// The kinds of refusal, by short names.
const (
	invalid   = fault.Invalid
	conflict  = fault.Conflict
	notFound  = fault.NotFound
	forbidden = fault.Forbidden
)
