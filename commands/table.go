package commands

import "strings"

// Table is the list of verbs as a table for the README.
func Table() string {
	var b strings.Builder
	b.WriteString("| say | to | for example |\n|---|---|---|\n")
	all := All()
	for _, g := range groups() {
		for _, c := range all {
			if c.Group != g || c.Hidden {
				continue
			}
			use := c.Name
			for _, a := range c.Args {
				if a.Required {
					use += " <" + a.Name + ">"
				} else {
					use += " [" + a.Name + "]"
				}
			}
			b.WriteString("| `" + cell(use) + "` | " + cell(c.Summary) + " | `/incident " + cell(c.Example) + "` |\n")
		}
	}
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
