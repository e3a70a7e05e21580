// Package pagerduty wakes people through PagerDuty, says who is on call there,
// and reads the webhooks that it sends.
//
// It must not know chat, commands or stores. It alone speaks with the vendor's
// library, and only through the manners of package rest: the library has no
// timeouts, loses the wait that is asked for, and wraps errors away, so what a
// call means is taken from the call itself.
//
// The one idea: our key is the vendor's key ([FarKey]), at the Events API and
// in the REST API alike, so that a repeat is the same page, a page can be
// looked up, and a webhook about it names it.
//
// Which way a page goes:
//   - a person, or a level above the first: a REST incident, assigned to them;
//   - a target with a routing key of its own: the Events API with that key;
//   - with a routing key for everything: the Events API, unless PagerDuty says
//     that the target is another service than the key's: then a REST incident
//     there, because the key would wake somebody else;
//   - with a token alone: a REST incident on the service, on a service of the
//     escalation policy, or on the one in the settings.
//
// With a routing key alone nothing can be looked up: [PagerDuty.Look] refuses,
// and whoever sends again has to say that it may be a duplicate.
//
// Guarantees: every request holds to the vendor's published contract; one key
// is one open page; what is resolved is never acknowledged, and so never
// re-opened; no id goes into a path before it was checked; while PagerDuty
// fails, who is on call is told from memory, for a day at most and without those
// whose turn is over.
package pagerduty
