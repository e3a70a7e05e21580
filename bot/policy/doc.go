// Package policy reads the policy file: what a house decided about its
// severities, roles, services, teams, checklists, fields and rights.
//
// It must not know how a policy is used: it turns YAML into
// [incident.Policy], and a policy into sentences. It reads one file and
// touches nothing else.
//
// The one idea: the file is strict. A word that it does not know is a fault
// with its line, and a file with a fault is not used at all: whoever watches
// it keeps the policy that stood before.
//
// Guarantees: without a file, and with an empty one, the policy is
// [incident.DefaultPolicy]; a section that is given changes that section only;
// every fault of the values is reported at once; the same file has the same hash.
package policy
