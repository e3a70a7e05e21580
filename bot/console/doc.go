// Package console is a chat in the browser: a real platform of the house, for
// people who have no chat workspace at hand or want to try things out.
//
// It must not know incidents, commands or any vendor. It alone among the
// platforms may import store, for [store.Talk], which keeps its rooms and
// messages, so that every replica serves the same console.
//
// The one idea: the server draws, the browser only puts in place. Every
// message, room and form is drawn by one function (html*.go), whether it stands
// in a page or comes over the stream of server-sent events; the browser inserts
// it by its id, or morphs what is there. The functions are made of gomponents,
// which escapes text and attributes; the addresses of links that lead out pass
// chat.SafeURL. html/template did the same, but whoever can reach it keeps
// every method of every library in the program, 8 MB of them.
//
// Liveness needs one small library, idiomorph (assets/idiomorph.js, 0BSD): it
// morphs what stands there without losing focus, selection or an open menu.
// htmx and datastar were weighed and left out: what is hard here is not
// swapping fragments but keeping a gesture until it is answered (one key for
// all its retries, kept over a reload), and that is code of our own either
// way; both would bring a language of attributes beside it, and datastar
// evaluates expressions, which a content security policy without
// 'unsafe-eval' forbids.
//
// Guarantees: a gesture carries a key made in the browser and is sent with it
// until it is answered, so a double click, a lost reply or a reload does it
// once. Words of people are never markup. A request from another site, or by
// a name that is not ours, does nothing. What only one person may see is drawn
// for that person alone. Nothing is loaded from anywhere but this binary.
package console
