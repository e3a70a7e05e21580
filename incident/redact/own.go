package redact

import "strings"

// ScrubOwn replaces the secrets of the house alone; it is quick, for texts
// whose other credentials are taken out by somebody else.
func (s Scrubber) ScrubOwn(text string) string {
	for _, secret := range s.own {
		if strings.Contains(text, secret) {
			text = strings.ReplaceAll(text, secret, mask(OwnRule))
		}
	}
	return text
}
