package gate

import "tocsin/integrations"

// Check says whether a gate stands well; how is where a caller puts the
// secret, in words.
func (k Keys) Check(name, setting, how string) []integrations.Finding {
	if k.Weak() {
		return []integrations.Finding{{
			Level: "warn", What: setting + " is shorter than 16 letters", Why: "whoever guesses it can raise alarms",
			Mend: "Set it to a long random word, such as openssl rand -hex 32 makes; two secrets separated by a comma both work while you change over.",
		}}
	}
	return []integrations.Finding{{Level: "ok", What: name + ": /hooks/" + name + " takes calls that carry the secret " + how}}
}
