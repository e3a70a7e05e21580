// Package bench measures tocsin in Slack against a program that does nothing
// but acknowledge. It is tests alone; nothing of it is in the binary.
//
// It must not know how tocsin works inside: it starts the whole program as a
// process of its own, posts signed commands to it as Slack does, and reads the
// store afterwards.
//
// The one idea: one run, one machine, one sender. What is measured has the first
// core to itself; the sender has the second, together with Redis and with the
// fake Slack that tocsin calls. The program in bolt/ is sent the same bytes by
// the same sender, just before or after.
//
// Guarantees: a reply counts only if it says that this very note is on the
// timeline; afterwards the timelines hold exactly the notes that were promised.
//
//	go test -run '^$' -bench Slack ./bot/slack/bench
//
// It takes some four minutes and needs taskset, redis-server, Node.js (20 or
// newer) and npm; npm installs Bolt into bolt/ at the first run. Flags, after
// the package's name: -for 2s makes each measurement shorter, -only picks some
// of them, -profile cpu.out writes a CPU profile of tocsin under load.
package bench
