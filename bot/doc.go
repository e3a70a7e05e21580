// Package bot puts the house together and runs it: settings, policy, the desk
// that decides and appends, what people may look up, what platforms report,
// and the wiring of stores, platforms, pagers and workers.
//
// It must not know how anything is drawn, stored or sent: that is the work of
// the packages below. It alone knows all of them, and nobody imports it but
// the program.
//
// The one idea: a request becomes a decision on the newest state, the decision
// becomes one commit, and only then is there a reply. Everything else (rooms,
// cards, pages) follows from the events that were committed.
//
// Guarantees: a reply that states an outcome is given after the commit; the
// same request gives the same reply; a private incident is narrowed away in
// one place ([Look]) before any verb sees it; what the environment or the
// policy file has wrong is said all at once, each with how to mend it.
package bot
