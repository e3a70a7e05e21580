// Package slacktest is a fake Slack that behaves: a workspace with people,
// rooms and messages, its Web API, its sockets and its signed calls.
//
// It must not know slack-go nor the adapter that talks to it: both meet it over
// HTTP and WebSocket alone. It knows no incidents.
//
// The one idea: there is one workspace behind three doors. The app changes it
// through the Web API, people change it through the methods of [Fake], and
// every change is told to the app as Slack tells it; what people see is read
// from what stands there, never from what was sent.
//
// Guarantees: it refuses what Slack refuses, with the words that Slack
// documents for that method (a test holds its table to the reference); it
// repeats what was not acknowledged; it is deterministic, safe for many
// goroutines, and leaves none behind after [Fake.Close]. Time is what
// [Options] hands in, so it lives in a bubble of testing/synctest as well as
// on a real network.
package slacktest
