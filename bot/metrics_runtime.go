package bot

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	rt "runtime/metrics"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// figure is one measure of the program itself, under the name that
// Prometheus' own library gives it, so that common dashboards fit.
type figure struct {
	name, kind, help string
	of               []string // what the runtime calls it, added up
}

// runtimeFigures are what the runtime says of itself.
func runtimeFigures() []figure {
	const (
		gauge, counter           = "gauge", "counter"
		objects, unused          = "/memory/classes/heap/objects:bytes", "/memory/classes/heap/unused:bytes"
		released, free           = "/memory/classes/heap/released:bytes", "/memory/classes/heap/free:bytes"
		tiny, stacks             = "/gc/heap/tiny/allocs:objects", "/memory/classes/heap/stacks:bytes"
		mcacheInUse, mcacheFree  = "/memory/classes/metadata/mcache/inuse:bytes", "/memory/classes/metadata/mcache/free:bytes"
		mspanInUse, mspanFree    = "/memory/classes/metadata/mspan/inuse:bytes", "/memory/classes/metadata/mspan/free:bytes"
		buckets, metadata, other = "/memory/classes/profiling/buckets:bytes", "/memory/classes/metadata/other:bytes", "/memory/classes/other:bytes"
	)
	of := func(names ...string) []string { return names }
	return []figure{
		{"go_gc_gogc_percent", gauge, "Heap size target percentage configured by the user, otherwise 100.", of("/gc/gogc:percent")},
		{"go_gc_gomemlimit_bytes", gauge, "Go runtime memory limit configured by the user, otherwise math.MaxInt64.", of("/gc/gomemlimit:bytes")},
		{"go_goroutines", gauge, "Number of goroutines that currently exist.", of("/sched/goroutines:goroutines")},
		{"go_memstats_alloc_bytes", gauge, "Number of bytes allocated in heap and currently in use.", of(objects)},
		{"go_memstats_alloc_bytes_total", counter, "Total number of bytes allocated in heap until now, even if released already.", of("/gc/heap/allocs:bytes")},
		{"go_memstats_buck_hash_sys_bytes", gauge, "Number of bytes used by the profiling bucket hash table.", of(buckets)},
		{"go_memstats_frees_total", counter, "Total number of heap objects frees.", of("/gc/heap/frees:objects", tiny)},
		{"go_memstats_gc_sys_bytes", gauge, "Number of bytes used for garbage collection system metadata.", of(metadata)},
		{"go_memstats_heap_alloc_bytes", gauge, "Number of heap bytes allocated and currently in use, same as go_memstats_alloc_bytes.", of(objects)},
		{"go_memstats_heap_idle_bytes", gauge, "Number of heap bytes waiting to be used.", of(released, free)},
		{"go_memstats_heap_inuse_bytes", gauge, "Number of heap bytes that are in use.", of(objects, unused)},
		{"go_memstats_heap_objects", gauge, "Number of currently allocated objects.", of("/gc/heap/objects:objects")},
		{"go_memstats_heap_released_bytes", gauge, "Number of heap bytes released to OS.", of(released)},
		{"go_memstats_heap_sys_bytes", gauge, "Number of heap bytes obtained from system.", of(objects, unused, released, free)},
		{"go_memstats_mallocs_total", counter, "Total number of heap objects allocated, both live and gc-ed.", of("/gc/heap/allocs:objects", tiny)},
		{"go_memstats_mcache_inuse_bytes", gauge, "Number of bytes in use by mcache structures.", of(mcacheInUse)},
		{"go_memstats_mcache_sys_bytes", gauge, "Number of bytes used for mcache structures obtained from system.", of(mcacheInUse, mcacheFree)},
		{"go_memstats_mspan_inuse_bytes", gauge, "Number of bytes in use by mspan structures.", of(mspanInUse)},
		{"go_memstats_mspan_sys_bytes", gauge, "Number of bytes used for mspan structures obtained from system.", of(mspanInUse, mspanFree)},
		{"go_memstats_next_gc_bytes", gauge, "Number of heap bytes when next garbage collection will take place.", of("/gc/heap/goal:bytes")},
		{"go_memstats_other_sys_bytes", gauge, "Number of bytes used for other system allocations.", of(other)},
		{"go_memstats_stack_inuse_bytes", gauge, "Number of bytes obtained from system for stack allocator in non-CGO environments.", of(stacks)},
		{"go_memstats_stack_sys_bytes", gauge, "Number of bytes obtained from system for stack allocator.", of(stacks, "/memory/classes/os-stacks:bytes")},
		{"go_memstats_sys_bytes", gauge, "Number of bytes obtained from system.", of("/memory/classes/total:bytes")},
		{"go_sched_gomaxprocs_threads", gauge, "The current runtime.GOMAXPROCS setting, or the number of operating system threads that can execute user-level Go code simultaneously.", of("/sched/gomaxprocs:threads")},
	}
}

// writeFigure writes one measure without labels.
func writeFigure(w io.Writer, name, kind, help string, value float64) {
	writeFamily(w, name, kind, help)
	fmt.Fprintf(w, "%s %s\n", name, strconv.FormatFloat(value, 'g', -1, 64))
}

func writeFamily(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func writeRuntime(w io.Writer) {
	for _, f := range runtimeFigures() {
		samples := make([]rt.Sample, len(f.of))
		for i, name := range f.of {
			samples[i].Name = name
		}
		rt.Read(samples)
		sum := 0.0
		for _, s := range samples {
			if s.Value.Kind() == rt.KindUint64 {
				sum += float64(s.Value.Uint64())
			}
		}
		writeFigure(w, f.name, f.kind, f.help+" Sourced from "+strings.Join(f.of, " + ")+".", sum)
	}
	threads, _ := runtime.ThreadCreateProfile(nil)
	writeFigure(w, "go_threads", "gauge", "Number of OS threads created.", float64(threads))
	writeFamily(w, "go_info", "gauge", "Information about the Go environment.")
	fmt.Fprintf(w, "go_info{version=%q} 1\n", runtime.Version())
	gc := debug.GCStats{PauseQuantiles: make([]time.Duration, 5)}
	debug.ReadGCStats(&gc)
	last := 0.0
	if !gc.LastGC.IsZero() {
		last = float64(gc.LastGC.UnixNano()) / 1e9
	}
	writeFigure(w, "go_memstats_last_gc_time_seconds", "gauge", "Number of seconds since 1970 of last garbage collection.", last)
	const pauses = "go_gc_duration_seconds"
	writeFamily(w, pauses, "summary", "A summary of the wall-time pause (stop-the-world) duration in garbage collection cycles.")
	for i, q := range gc.PauseQuantiles {
		fmt.Fprintf(w, "%s{quantile=\"%g\"} %g\n", pauses, float64(i)/4, q.Seconds())
	}
	fmt.Fprintf(w, "%s_sum %g\n%s_count %d\n", pauses, gc.PauseTotal.Seconds(), pauses, gc.NumGC)
}

// writeProcess writes what the kernel says of the process: what cannot be
// read, or is not there on this system, is left out.
func writeProcess(w io.Writer) {
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		writeFigure(w, "process_open_fds", "gauge", "Number of open file descriptors.", float64(len(files)))
	}
	var most syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &most) == nil {
		writeFigure(w, "process_max_fds", "gauge", "Maximum number of open file descriptors.", float64(most.Cur))
	}
	if syscall.Getrlimit(syscall.RLIMIT_AS, &most) == nil {
		writeFigure(w, "process_virtual_memory_max_bytes", "gauge", "Maximum amount of virtual memory available in bytes.", float64(most.Cur))
	}
	writeStat(w)
	if in, out, ok := octets(); ok {
		writeFigure(w, "process_network_receive_bytes_total", "counter", "Number of bytes received by the process over the network.", in)
		writeFigure(w, "process_network_transmit_bytes_total", "counter", "Number of bytes sent by the process over the network.", out)
	}
}

// writeStat reads /proc/self/stat, whose fields are counted behind the name
// of the program; times are in ticks, a hundred to the second.
func writeStat(w io.Writer) {
	const ticks = 100
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 22 {
		return
	}
	field := func(i int) float64 { v, _ := strconv.ParseFloat(f[i], 64); return v }
	writeFigure(w, "process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", (field(11)+field(12))/ticks)
	writeFigure(w, "process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.", field(20))
	writeFigure(w, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", field(21)*float64(os.Getpagesize()))
	if machine, err := os.ReadFile("/proc/stat"); err == nil {
		if _, after, found := strings.Cut(string(machine), "\nbtime "); found {
			boot, _ := strconv.ParseFloat(strings.Fields(after)[0], 64)
			writeFigure(w, "process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.", boot+field(19)/ticks)
		}
	}
}

// octets are the bytes that came in and went out, from the two lines that
// begin with "IpExt:": the names, and their values.
func octets() (in, out float64, ok bool) {
	b, err := os.ReadFile("/proc/self/net/netstat")
	if err != nil {
		return 0, 0, false
	}
	var names []string
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] != "IpExt:" {
			continue
		}
		if names == nil {
			names = f
			continue
		}
		for i := range min(len(names), len(f)) {
			v, _ := strconv.ParseFloat(f[i], 64)
			switch names[i] {
			case "InOctets":
				in = v
			case "OutOctets":
				out = v
			}
		}
		return in, out, true
	}
	return 0, 0, false
}
