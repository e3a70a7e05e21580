// Package webhook calls an address of the operator's own choice when somebody
// is needed, for when the pager proper cannot be reached: policy names it as a
// fallback. In the same envelope it tells of events of incidents, those that
// the settings name ([Listener]): kind "event", each under a key of its own, in
// any order, with the event's place in the timeline as "version". And it hands
// over published reviews ([Documents]): kind "document", one call a version.
//
// It must not know chat, commands or stores, nor who listens.
//
// The one idea: one POST, whose body is one JSON object {"id", "kind", "at",
// and the kind's own object}, signed so that the listener can tell who called:
//
//	Tocsin-Key:       the same at each try of one page or event
//	Tocsin-Timestamp: when it was sent, in Unix seconds
//	Tocsin-Signature: v1=<hex of HMAC-SHA256 over timestamp + "." + body>
//
// The listener compares the signature in constant time over the raw body,
// refuses a timestamp that is more than five minutes off, and forgets a call
// whose key it has seen.
//
// Guarantees: nothing leaves unsigned; one key is one id, at every try; any
// 2xx is the listener's word that it took the call, and nothing else is. It
// cannot be asked anything: Look and Act refuse.
package webhook
