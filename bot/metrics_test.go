package bot_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// family is one figure of /metrics with its series.
type family struct {
	kind, help string
	series     map[string]float64 // `name{label="value"}` -> value
}

// figures reads the text format of Prometheus and fails on what breaks its rules.
func figures(t *testing.T, text string) map[string]*family {
	t.Helper()
	help := regexp.MustCompile(`^# HELP ([a-z_]+) (\S.*)$`)
	kind := regexp.MustCompile(`^# TYPE ([a-z_]+) (counter|gauge|histogram|summary)$`)
	series := regexp.MustCompile(`^([a-z_]+)((?:\{[a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*\})?) (\S+)$`)
	all := map[string]*family{}
	last := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := help.FindStringSubmatch(line); m != nil {
			if all[m[1]] != nil {
				t.Errorf("%s stands in two places", m[1])
			}
			last = m[1]
			all[last] = &family{help: m[2], series: map[string]float64{}}
			continue
		}
		if m := kind.FindStringSubmatch(line); m != nil && m[1] == last {
			all[last].kind = m[2]
			continue
		}
		m := series.FindStringSubmatch(line)
		if m == nil || last == "" || !strings.HasPrefix(m[1], last) {
			t.Errorf("the line cannot be read: %q", line)
			continue
		}
		v, err := strconv.ParseFloat(m[3], 64)
		if _, twice := all[last].series[m[1]+m[2]]; twice || err != nil {
			t.Errorf("%s is there twice, or is no number: %q", m[1]+m[2], m[3])
		}
		all[last].series[m[1]+m[2]] = v
	}
	return all
}

func TestTheFiguresAreInTheTextFormat(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := started(t, "HOME="+home, "TOCSIN_LISTEN=127.0.0.1:0")
	defer p.end()
	token, err := os.ReadFile(filepath.Join(home, ".local", "share", "tocsin", "api-token"))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"api/v1/commands",
		strings.NewReader(`{"user":"ann","room":"general","text":"/incident declare sev2 the secret merger fails","key":"figures-1"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("declaring gave %d (%v)", resp.StatusCode, err)
	}

	_, body := get(t, p.url+"metrics")
	all := figures(t, body)
	kinds := map[string]string{
		"tocsin_requests_total": "counter", "tocsin_reply_seconds": "histogram", "tocsin_commits_total": "counter",
		"tocsin_feed_planned_total": "counter", "tocsin_effects_owed_total": "counter", "tocsin_feed_lag_seconds": "histogram",
		"tocsin_effect_overdue_seconds": "gauge", "tocsin_effects_parked": "gauge", "tocsin_platforms_down": "gauge",
		"go_goroutines": "gauge", "go_info": "gauge", "go_memstats_alloc_bytes_total": "counter", "go_gc_duration_seconds": "summary",
	}
	got := map[string]string{}
	for name := range kinds {
		if all[name] != nil {
			got[name] = all[name].kind
		}
	}
	if diff := cmp.Diff(kinds, got); diff != "" {
		t.Errorf("the figures are (-want +got):\n%s", diff)
	}
	if n := all["tocsin_requests_total"].series[`tocsin_requests_total{kind="ok",via="api"}`]; n != 1 {
		t.Errorf("one request was answered, counted are %v", all["tocsin_requests_total"].series)
	}
	reply := all["tocsin_reply_seconds"].series
	if reply[`tocsin_reply_seconds_bucket{via="api",le="+Inf"}`] != 1 || reply[`tocsin_reply_seconds_count{via="api"}`] != 1 || len(reply) != 16+3 {
		t.Errorf("the reply's time is counted as %v", reply)
	}
	for _, name := range []string{"go_goroutines", "go_memstats_alloc_bytes", "go_memstats_sys_bytes", "go_sched_gomaxprocs_threads", "go_threads", "go_memstats_mallocs_total"} {
		if all[name].series[name] <= 0 {
			t.Errorf("%s is %v", name, all[name].series)
		}
	}
	for _, word := range []string{"merger", "ann", "INC-1", "general"} {
		if regexp.MustCompile(`"[^"]*\b` + word + `\b[^"]*"`).MatchString(body) {
			t.Errorf("a label tells of %q", word)
		}
	}
}

func TestTheFiguresOfTheProcess(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system tells nothing of its processes in /proc")
	}
	p := started(t, "HOME="+t.TempDir(), "TOCSIN_LISTEN=127.0.0.1:0")
	defer p.end()
	_, body := get(t, p.url+"metrics")
	all := figures(t, body)
	for _, name := range []string{
		"process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_resident_memory_bytes",
		"process_virtual_memory_bytes", "process_virtual_memory_max_bytes", "process_start_time_seconds",
	} {
		if all[name] == nil || all[name].series[name] <= 0 {
			t.Errorf("%s is %+v", name, all[name])
		}
	}
	if all["process_resident_memory_bytes"].series["process_resident_memory_bytes"] >= all["process_virtual_memory_bytes"].series["process_virtual_memory_bytes"] {
		t.Error("more memory is resident than there is")
	}
}
