package fault_test

import (
	"testing"

	"tocsin/incident/fault"
)

func TestEveryKindHasAStatusOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[int]fault.Kind{}
	for _, k := range fault.Kinds() {
		if other, taken := seen[k.Status()]; taken && k != fault.Unknown && other != fault.Unknown {
			t.Errorf("%s and %s share status %d", k, other, k.Status())
		}
		seen[k.Status()] = k
	}
	for k, want := range map[fault.Kind]int{fault.Internal: 500, fault.Invalid: 400, fault.NotFound: 404, fault.Conflict: 409, fault.Forbidden: 403, fault.Unavailable: 503, fault.Unknown: 503, fault.Rejected: 422} {
		if k.Status() != want {
			t.Errorf("%s has status %d, want %d", k, k.Status(), want)
		}
	}
}
