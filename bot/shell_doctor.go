package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// doctor says what is set up wrong, what that breaks, and how to mend it. It
// changes nothing.
func doctor(ctx context.Context, out IO) int {
	fs := flags(out, "doctor [--json]")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	if _, code, ok := parse(fs, out.Args); !ok {
		return code
	}
	found := examine(ctx, out)
	worst := exitOK
	for _, f := range found {
		if f.Level == "fail" {
			worst = exitFailed
		}
		if *asJSON {
			line, err := json.Marshal(map[string]string{"level": f.Level, "what": f.What, "why": f.Why, "mend": f.Mend})
			if err != nil {
				return complain(out, err)
			}
			fmt.Fprintln(out.Out, string(line))
			continue
		}
		fmt.Fprintf(out.Out, "%-4s  %s\n", f.Level, f.What)
		if f.Why != "" {
			fmt.Fprintf(out.Out, "      why:  %s\n", f.Why)
		}
		if f.Mend != "" {
			fmt.Fprintf(out.Out, "      mend: %s\n", f.Mend)
		}
	}
	return worst
}

// examine looks at settings, policy, address, clock and store.
func examine(ctx context.Context, out IO) []integrations.Finding {
	c, err := ReadConfig(out.Env)
	found := settingsFindings(err)
	if err != nil {
		// Wrong settings leave the defaults in place; what stands on the
		// settings that are right is still worth a look.
		if p := (Config{Store: c.Store}).storeFault(); p != "" || c.Store == "" {
			return found
		}
	}
	found = append(found, policyFindings(c)...)
	found = append(found, addressFindings(ctx, c)...)
	found = append(found, storeFindings(ctx, c, out)...)
	found = append(found, slackFindings(ctx, c, out)...)
	return append(found, serviceFindings(ctx, c, out)...)
}

func settingsFindings(err error) []integrations.Finding {
	if err == nil {
		return []integrations.Finding{{Level: "ok", What: "settings: every TOCSIN_ name is known and every value can be read"}}
	}
	p, ok := errors.AsType[Problems](err)
	if !ok {
		return []integrations.Finding{{Level: "fail", What: "settings cannot be read", Why: fault.Sentence(err)}}
	}
	var found []integrations.Finding
	for _, one := range p {
		found = append(found, integrations.Finding{Level: "fail", What: one.Name + ": " + one.What, Why: "tocsin does not start with it", Mend: one.Mend})
	}
	return found
}

// addressFindings says whether a bot runs at the address, or could.
func addressFindings(ctx context.Context, c Config) []integrations.Finding {
	var l net.ListenConfig
	ln, err := l.Listen(ctx, "tcp", c.Listen)
	if err == nil {
		_ = ln.Close() // only tried
		return []integrations.Finding{{Level: "ok", What: "address " + c.Listen + " is free"}}
	}
	cl := client{base: "http://" + c.Listen, http: shortClient()}
	if status, _, err := cl.call(ctx, "GET", "/healthz", nil); err == nil && status == 200 {
		return []integrations.Finding{{Level: "ok", What: "a tocsin runs at " + c.Listen}}
	}
	return []integrations.Finding{{Level: "fail", What: "address " + c.Listen + " cannot be had", Why: "another program holds it, or this machine has no such address", Mend: "Set TOCSIN_LISTEN to another host:port, such as 127.0.0.1:8090."}}
}

// storeFindings opens the store for reading and lets it tell of itself.
func storeFindings(ctx context.Context, c Config, out IO) []integrations.Finding {
	var found []integrations.Finding
	if path, is := sqlitePath(c); is {
		found = append(found, folderFinding(filepath.Dir(path)))
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return append(found, integrations.Finding{Level: "ok", What: "store: " + path + " will be made at the first start"})
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, d, err := openStore(ctx, c, true, out.Now)
	if err != nil {
		return append(found, integrations.Finding{Level: "fail", What: "store cannot be opened: " + fault.Sentence(err), Why: "nothing can be declared without it", Mend: "Start the database, or set TOCSIN_STORE to one that runs."})
	}
	defer func() { _ = d.Close() }()
	if far, err := d.Now(ctx); err == nil {
		found = append(found, clockFinding(far.Sub(out.Now())))
	}
	if k, ok := d.(store.Checker); ok {
		for _, f := range k.Check(ctx) {
			found = append(found, integrations.Finding(f))
		}
	}
	return found
}

// folderFinding tries to write where the database stands, or would.
func folderFinding(dir string) integrations.Finding {
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir) // the first start makes the folders below
	}
	f, err := os.CreateTemp(dir, ".tocsin-doctor-")
	if err != nil {
		return integrations.Finding{Level: "fail", What: "folder " + dir + " cannot be written to", Why: "SQLite keeps its files there; nothing can be declared", Mend: "Mount it writable and give it to the user that runs tocsin, or set TOCSIN_STORE to sqlite:PATH elsewhere."}
	}
	name := f.Name()
	_ = f.Close()
	_ = os.Remove(name)
	return integrations.Finding{Level: "ok", What: "folder " + dir + " can be written to"}
}

// clockFinding compares this machine's clock with the store's.
func clockFinding(off time.Duration) integrations.Finding {
	if off.Abs() < 2*time.Second {
		return integrations.Finding{Level: "ok", What: "clock agrees with the store's"}
	}
	return integrations.Finding{Level: "warn", What: fmt.Sprintf("clock is %s away from the store's", off.Abs().Round(time.Millisecond)), Why: "tocsin corrects for it, but logs and other programs will not", Mend: "Let a time service such as chrony set the clock."}
}
