package redis

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
	"tocsin/store"
)

// refusal says in plain words why Redis refused a command before it did
// anything; "" when it is none of the known refusals.
func refusal(err error) string {
	reply, ok := errors.AsType[goredis.Error](err)
	if !ok {
		return ""
	}
	text := reply.Error()
	// Servers before 7.0 wrap what a command of a script answered.
	if _, inner, wrapped := strings.Cut(text, "@user_script:"); wrapped && strings.HasPrefix(text, "ERR Error running script") {
		if _, cause, ok := strings.Cut(inner, ": -"); ok {
			text = cause
		}
	}
	word, _, _ := strings.Cut(text, " ")
	switch word {
	case "OOM":
		return "Redis has reached its memory limit"
	case "READONLY":
		return "Redis answers as a replica that cannot be written"
	case "LOADING":
		return "Redis is still reading its data"
	case "MISCONF":
		return "Redis cannot write to its disk and takes nothing in"
	case "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "CROSSSLOT":
		return "Redis is moving or down in part"
	case "NOREPLICAS":
		return "Redis has too few replicas and takes nothing in"
	case "NOAUTH", "WRONGPASS", "NOPERM":
		return "Redis does not accept the account or its rights"
	case "BUSY":
		return "Redis is held up by a long script"
	case "NOSCRIPT":
		return "Redis keeps forgetting the script"
	}
	if strings.Contains(text, "max number of clients") {
		return "Redis takes no more connections"
	}
	return ""
}

// writeFault is for a batch. sent says whether any of it may have left us.
func writeFault(err error, b store.Batch, sent bool) error {
	if stale, ok := staleVersion(err); ok {
		return store.Stale(streamOf(b, stale), stale)
	}
	if why := refusal(err); why != "" {
		return fault.Wrap(fault.Unavailable, err, why+"; nothing was recorded.")
	}
	_, reply := errors.AsType[goredis.Error](err)
	switch {
	case reply:
		return fault.Wrap(fault.Internal, err, "Redis refused to record this.")
	case errors.Is(err, goredis.ErrClosed):
		return store.Closed()
	case !sent:
		return fault.Wrap(fault.Unavailable, err, "Redis cannot be reached; nothing was recorded.")
	}
	return fault.Wrap(fault.Unknown, err, "Redis has not answered; it may have been recorded.")
}

// staleVersion reads the script's own refusal.
func staleVersion(err error) (int64, bool) {
	id, found := strings.CutPrefix(err.Error(), "STALE ")
	if !found {
		return 0, false
	}
	digits, _, _ := strings.Cut(id, "-")
	version, parseErr := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
	return version, parseErr == nil
}

func streamOf(b store.Batch, version int64) string {
	for _, o := range b.FirstAppends() {
		if o.Score == version {
			return o.Key
		}
	}
	return "a stream"
}

// readFault is for a read, which is always safe to ask again.
func readFault(err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if why := refusal(err); why != "" {
		return fault.Wrap(fault.Unavailable, err, why+".")
	}
	_, reply := errors.AsType[goredis.Error](err)
	switch {
	case reply:
		return fault.Wrap(fault.Internal, err, "Redis refused to look this up.")
	case errors.Is(err, goredis.ErrClosed):
		return store.Closed()
	}
	return fault.Wrap(fault.Unavailable, err, "Redis has not answered.")
}

// openFault is for what failed while connecting.
func openFault(err error) error {
	why := refusal(err)
	_, reply := errors.AsType[goredis.Error](err)
	switch {
	case why != "":
	case reply:
		why = "Redis does not let tocsin run its script"
	default:
		why = "Redis cannot be reached"
	}
	return fault.Wrap(fault.Unavailable, err, why+": look at TOCSIN_STORE, and run tocsin doctor.")
}

// wasCut says that a connection broke, as all of a pool do when a server
// starts anew: a read is then asked once more.
func wasCut(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op != "dial" && !op.Timeout()
}
