// Package bottest runs the whole program in process and plays stories with
// it: scripts of what people say, press and see, over the stores, in the
// console, in a bubble of time.
//
// It must not reach into the house: it talks to it over HTTP, as browsers and
// scripts do, and looks at what the console shows.
//
// The one idea: a story is a list of acts and sights. After each act the
// bubble comes to rest, so what a sight does not find will not come by itself.
//
// Guarantees: no story sleeps in real time; a kill cuts the store off at once,
// so nothing is written after it, as with kill -9.
package bottest
