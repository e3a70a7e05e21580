// Package pagerdutytest is a fake PagerDuty that behaves: an account with
// services, policies, schedules and people, its REST API, its Events API and
// its signed webhooks.
//
// It must not know go-pagerduty nor the adapter that talks to it: both meet it
// over HTTP alone. It knows no incidents but its own.
//
// The one idea: there is one account behind three doors. The adapter changes it
// over HTTP, people change it through the methods of [Fake], and every change
// is told to who subscribed. How many were woken is counted there, where the
// phones ring, never from what was sent.
//
// Guarantees: it refuses what PagerDuty's documents refuse and keeps a list of
// what it refused for that reason ([Fake.Violations]); one key is one incident
// as long as that is open; an acknowledgement of what is resolved opens it
// again, as documented; it is deterministic, safe for many goroutines, and
// leaves none behind after [Fake.Close]. Time is what [Options] hands in, so it
// lives in a bubble of testing/synctest as well as on a real network.
package pagerdutytest
