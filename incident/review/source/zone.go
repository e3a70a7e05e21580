package source

import "time"

// Zone is the zone of that name: an IANA name, or an offset as "+02:00". It is
// nil for a name that is neither.
func Zone(name string) *time.Location {
	if name == "" || name == "Local" { // whose machine it runs on says nothing of a person
		return nil
	}
	if t, err := time.Parse("-07:00", name); err == nil {
		_, offset := t.Zone()
		return time.FixedZone(name, offset)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return z
}
