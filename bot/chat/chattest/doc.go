// Package chattest is the suite that every platform passes: [Run] acts as
// people of the platform and looks at what they are shown.
//
// It must not know any platform, nor incidents: it speaks with [chat] alone.
//
// The one idea: a [Harness] starts a fresh platform with three people in two
// rooms, and a [Stage] is their hands and eyes. What is seen is read back from
// the far side, never from what was handed to the platform.
//
// Guarantees: a platform that passes keeps the promises of chat.Platform; what
// it cannot do it says in chat.Roles and chat.Limits, and the suite holds it to
// exactly that.
package chattest
