package bot

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"tocsin/bot/policy"
	"tocsin/bot/slack"
	"tocsin/incident/fault"
)

// run serves people until ctx ends.
func run(ctx context.Context, out IO) int {
	fs := flag.NewFlagSet("tocsin", flag.ContinueOnError)
	fs.SetOutput(out.Err)
	show := fs.Bool("demo", false, "play a scripted incident, in a store of its own that is thrown away")
	if err := fs.Parse(out.Args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitOK
		}
		return exitSettings
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	if *show {
		folder, err := os.MkdirTemp("", "tocsin-demo-")
		if err != nil {
			return complain(out, err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		c.Store = "sqlite:" + filepath.Join(folder, "demo.db")
	}
	if err := serve(ctx, c, out, *show); err != nil {
		return complain(out, err)
	}
	return exitOK
}

// serve opens everything, serves, and closes it again.
func serve(ctx context.Context, c Config, out IO, show bool) error {
	doors, apart, err := openDoors(ctx, c)
	if err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(c.Listen); err == nil && port == "0" {
		c.Listen = doors.Public.Addr().String() // links name the port that was taken
	}
	kept, err := policy.Open(c.Policy)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, fmt.Sprintf("The policy file %s is wrong:\n%v", c.Policy, err))
	}
	token, err := apiToken(c, true)
	if err != nil {
		return err
	}
	st, driver, err := openStore(ctx, c, false, out.Now)
	if err != nil {
		return err
	}
	defer func() { _ = driver.Close() }()
	_, sole := sqlitePath(c)
	parts := Parts{
		Config: c, Store: st, Policy: kept, Now: out.Now, Log: newLog(out.Err, c), Jitter: rand.Float64, //nolint:forbidigo // spreads retries; nothing depends on it
		Owner: randomWord(), Sole: sole, Apart: apart, Practice: true,
	}
	if apart {
		parts.Token = randomWord()
	}
	parts.metrics = newMetrics()
	if parts.Platforms, err = platforms(c, parts); err != nil {
		return err
	}
	parts.Practice = show || len(parts.Platforms) == 0
	collectLess(out)
	h, err := Build(ctx, parts)
	if err != nil {
		return err
	}
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	defer signal.Stop(again)
	return h.Run(ctx, doors, token, again, func() {
		fmt.Fprintf(out.Out, "tocsin is ready: %s\n", address(doors, parts.Token))
		if show {
			h.later(func(ctx context.Context) { demo(ctx, h, address(doors, parts.Token)) })
		}
	})
}

// collectLess has garbage collected half as often as the runtime would, for a
// few megabytes: the heap is small, and at many requests a second a tenth of
// the processor's time went there. Who sets GOGC decides themselves.
func collectLess(out IO) {
	const heapGrowth = 200 // percent; the runtime's own is 100
	if !slices.ContainsFunc(out.Env, func(e string) bool { return strings.HasPrefix(e, "GOGC=") }) {
		debug.SetGCPercent(heapGrowth)
	}
}

// platforms are the chat platforms that the settings name.
func platforms(c Config, p Parts) ([]Platform, error) {
	if !c.Slack.Set() {
		return nil, nil
	}
	s, err := slack.New(slack.Options{
		Config: c.Slack, Now: p.Now, Jitter: p.Jitter, Log: p.Log,
		Count: func(what string) { p.metrics.count(slackTotal, "what", what) },
	})
	if err != nil {
		return nil, err
	}
	return []Platform{{Platform: s, Announce: c.Slack.Announce, Setting: "TOCSIN_SLACK_ANNOUNCE", Shared: c.Slack.AnnounceShared}}, nil
}

// openDoors takes the addresses. The console stands on the public one when
// that is loopback and no chat platform is served, else apart.
func openDoors(ctx context.Context, c Config) (doors Doors, apart bool, err error) {
	if doors.Public, err = takeAddress(ctx, "TOCSIN_LISTEN", c.Listen); err != nil {
		return Doors{}, false, err
	}
	if loopback(doors.Public.Addr()) && !c.Slack.Set() {
		return doors, false, nil
	}
	if doors.Own, err = takeAddress(ctx, "TOCSIN_CONSOLE_LISTEN", c.Console.Listen); err != nil {
		return Doors{}, false, errors.Join(err, doors.Public.Close())
	}
	return doors, true, nil
}

func takeAddress(ctx context.Context, name, at string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", at)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		host, _, _ := net.SplitHostPort(at)
		return nil, fault.Wrap(fault.Unavailable, err, fmt.Sprintf(
			"Another program listens on %s already (perhaps another tocsin). Stop it, or choose another address: %s=%s.", at, name, net.JoinHostPort(host, "0")))
	case errors.Is(err, syscall.EACCES):
		return nil, fault.Wrap(fault.Unavailable, err, fmt.Sprintf("The system does not let tocsin listen on %s. Choose a port above 1023: %s=127.0.0.1:8080.", at, name))
	}
	return nil, fault.Wrap(fault.Invalid, err, fmt.Sprintf("tocsin cannot listen on %s. Set %s to an address of this machine, such as 127.0.0.1:8080.", at, name))
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// address is what people open.
func address(doors Doors, token string) string {
	if doors.Own == nil {
		return "http://" + doors.Public.Addr().String() + "/"
	}
	return "http://" + doors.Own.Addr().String() + "/?token=" + token
}
