package bot

import (
	"context"
	"errors"
	"fmt"

	"tocsin/bot/policy"
	"tocsin/integrations"
)

// configure prints a policy to start from, or checks settings and policy.
func configure(_ context.Context, out IO) int {
	words := out.Args
	switch {
	case len(words) == 1 && words[0] == "policy":
		fmt.Fprint(out.Out, policy.Starter())
		return exitOK
	case len(words) == 1 && words[0] == "schema":
		fmt.Fprintf(out.Out, "%s", policy.Schema())
		return exitOK
	case len(words) >= 1 && len(words) <= 2 && words[0] == "check":
		return checkConfig(out, words[1:])
	}
	fmt.Fprintln(out.Err, "Say `tocsin config policy` for a policy file to start from, `tocsin config schema` for its JSON Schema, or `tocsin config check [FILE]` to check the settings and say what the policy means.")
	return exitSettings
}

// checkConfig says what is wrong, all at once, or what an incident would do.
func checkConfig(out IO, file []string) int {
	c, err := ReadConfig(out.Env)
	if err != nil {
		fmt.Fprintln(out.Err, err)
	}
	path := c.Policy
	if len(file) > 0 {
		path = file[0]
	}
	kept, wrong := policy.Open(path)
	if wrong != nil {
		fmt.Fprintf(out.Err, "%s:\n%s\n", path, wrong)
	}
	if err != nil || wrong != nil {
		return exitSettings
	}
	for _, line := range policy.Explain(kept.Policy()) {
		fmt.Fprintln(out.Out, line)
	}
	return exitOK
}

// policyFindings says whether the policy file can be used, for doctor.
func policyFindings(c Config) []integrations.Finding {
	if c.Policy == "" {
		return []integrations.Finding{{Level: "ok", What: "policy: no file is set; the defaults stand"}}
	}
	kept, err := policy.Open(c.Policy)
	if err == nil {
		return []integrations.Finding{{Level: "ok", What: "policy: " + c.Policy + " is in force as " + kept.Policy().Hash}}
	}
	faults, ok := errors.AsType[policy.Faults](err)
	if !ok {
		faults = policy.Faults{{What: "the file cannot be read"}}
	}
	var out []integrations.Finding
	for _, f := range faults {
		out = append(out, integrations.Finding{
			Level: "fail", What: "policy: " + f.String(), Why: "a wrong policy file is not used at all; at a start tocsin refuses it",
			Mend: "mend " + c.Policy + "; `tocsin config check` says when it is right",
		})
	}
	return out
}
