package incident_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tocsin/incident"
)

// written is a value that writes itself.
type written interface {
	AppendJSON(b []byte) ([]byte, error)
}

// agrees compares what a value writes with what encoding/json makes of it.
func agrees(t rapid.TB, v written) {
	t.Helper()
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := v.AppendJSON([]byte("x"))
	if err != nil || string(got) != "x"+string(want) {
		t.Fatalf("(%v) writes\n%s\nand not\n%s", err, got, want)
	}
}

// fill puts something into every field; each call with another dice.
func fill(v reflect.Value, d dice) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(d.moment(time.Date(2026, 3, 2, 12, 0, 0, d(3)*1000, []*time.Location{time.UTC, time.FixedZone("", 7200)}[d(2)]))))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if d(4) > 0 {
				fill(v.Field(i), d)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), d(3), 3))
		for i := range v.Len() {
			fill(v.Index(i), d)
		}
	case reflect.String:
		v.SetString([]string{"", "C0123", "a <b> & \"c\"", "über\u2028\\", "\xff\n"}[d(5)])
	case reflect.Bool:
		v.SetBool(d.yes())
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(uint64(d(200)))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(d(200)))
	default:
		panic("a field of a kind that is not filled: " + v.Kind().String() + " " + strconv.Quote(v.Type().String()))
	}
}

func TestStatesWriteThemselvesAsOrdinaryJSON(t *testing.T) {
	t.Parallel()
	agrees(t, &incident.Incident{})
	agrees(t, &incident.Summary{})
	rapid.Check(t, func(t *rapid.T) {
		d := dice(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "dice") })
		var inc incident.Incident
		fill(reflect.ValueOf(&inc).Elem(), d)
		agrees(t, &inc)
		var sum incident.Summary
		fill(reflect.ValueOf(&sum).Elem(), d)
		agrees(t, &sum)
	})
}
