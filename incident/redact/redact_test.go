package redact_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"tocsin/incident/redact"

	"pgregory.net/rapid"
)

func TestASecretPrintsAsDots(t *testing.T) {
	t.Parallel()
	const value = "hunter2-hunter2"
	s := redact.Secret(value)
	var logged strings.Builder
	log := slog.New(slog.NewJSONHandler(&logged, nil))
	log.Info("set", "secret", s, "in", struct{ S redact.Secret }{s})
	asJSON, err := json.Marshal(map[string]any{"s": s, "list": []redact.Secret{s}})
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{
		"%v": fmt.Sprintf("%v", s), "%+v": fmt.Sprintf("%+v", struct{ S redact.Secret }{s}), "%#v": fmt.Sprintf("%#v", s),
		"%q": fmt.Sprintf("%q", s), "error": fmt.Errorf("with %v", s).Error(), "json": string(asJSON), "slog": logged.String(),
	}
	for how, text := range shown {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "•••") {
			t.Errorf("%s shows %q, want dots", how, text)
		}
	}
	if s.Reveal() != value {
		t.Error("Reveal does not give the secret")
	}
	if redact.Secret("").String() != "" {
		t.Error("no secret shows as one")
	}
}

// j joins pieces, so that this file itself holds nothing that looks like a
// credential to other scanners.
func j(pieces ...string) string { return strings.Join(pieces, "") }

const (
	letters36 = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"
	hex32     = "0123456789abcdef0123456789abcdef"
)

// planted are credentials as people paste them: rule, text before, secret, text after.
func planted() [][4]string {
	return [][4]string{
		{"slack", "the bot token is ", j("xoxb", "-123456789012-1234567890123-", letters36[:24]), " ok"},
		{"slack", "", j("xoxe.", "xoxp", "-1-", letters36), ""},
		{"slack", "use ", j("xapp", "-1-A0123456789-1234567890123-", hex32), "\n"},
		{"webhook", "post to ", j("https://hooks.", "slack.com/services/T00000000/B00000000/", letters36[:24]), ""},
		{"webhook", "", j("https://discord.com/api/", "webhooks/123456789012345678/", letters36, letters36[:32]), ""},
		{"discord", "bot=", j("MTIzNDU2Nzg5MDEyMzQ1Njc4", ".GaBcDe.", letters36), ""},
		{"aws", "key ", j("AKIA", "IOSFODNN7EXAMPLE"), ","},
		{"aws", j("AKIA", "IOSFODNN7EXAMPLE "), j("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"), "\n"},
		{"aws", "AWS_SECRET_ACCESS_KEY=", j("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"), " env"},
		{"google", "maps: ", j("AIza", letters36[:35]), ""},
		{"google", "", j("ya29.", letters36), ""},
		{"github", "clone with ", j("ghp_", letters36), " please"},
		{"github", "", j("github_pat_", "11ABCDEFG0", letters36), ""},
		{"gitlab", "", j("glpat-", letters36[:20]), ""},
		{"registry", "//registry/:_auth ", j("npm_", letters36), ""},
		{"registry", "", j("pypi-", "AgEIcHlwaS5vcmc", letters36, letters36), ""},
		{"stripe", "", j("sk_", "live_", letters36[:24]), ""},
		{"stripe", "", j("whsec_", letters36[:32]), ""},
		{"pagerduty", "pd ", j("u+", letters36[:18]), " end"},
		{"model", "", j("sk-", "ant-api03-", letters36), ""},
		{"jwt", "got ", j("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.", letters36), " back"},
		{"pem", "key:\n", j("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEow", letters36, "\n", letters36, "\n-----END RSA ", "PRIVATE KEY-----"), "\nbye"},
		{"pem", "cut off:\n", j("-----BEGIN OPENSSH ", "PRIVATE KEY-----\nb3BlbnNzaC1r", letters36), ""},
		{"url", "postgres://orders:", j("s3cr", "3t@w0rd"), "@db.example.com:5432/orders"},
		{"url", "redis://:", j("hunter", "2hunter2"), "@cache:6379"},
		{"url", "https://", j(hex32), "@o1.ingest.example.com/2"},
		{"header", "curl -H 'Authorization: ", j("Bearer ", letters36), "' https://x"},
		{"bearer", "sent bearer ", letters36, " and"},
		{"sendgrid", "", j("SG.", letters36[:22], ".", letters36), ""},
		{"twilio", "", j("SK", hex32), ""},
		{"telegram", "", j("123456789:", "AA", letters36), ""},
		{"grafana", "", j("glsa_", letters36[:32], "_0123abcd"), ""},
		{"vault", "", j("hvs.", letters36), ""},
		{"cloud", "", j("dop_v1_", hex32, hex32), ""},
		{"azure", "DefaultEndpointsProtocol=https;AccountKey=", j(letters36, letters36, "=="), ";"},
		{"password", "mysql --password=", "hunter2hunter2", " -h db"},
		{"password", "curl -u ops:", "S3cr3t!pw", " https://x"},
		{"password", "PGPASSWORD=", "correcthorse", " psql"},
		{"password", `{"db_password": "`, "with spaces in it", `"}`},
		{"password", "password := `", "back-quoted", "`"},
		{"password", "passwd: ", "swordfish", ""},
		{"token", "routing_key: ", hex32, ""},
		{"token", "API-KEY='", letters36, "'"},
		{"token", "client_secret = ", letters36, ""},
		{"password", "the password is ", "Tr0ub4dor&3", " for now"},
		{"password", "from the old wiki, the cdn login is shop-ops / ", "Larch-Welkin-77!", " if we need it"},
		{"password", "login: admin / ", "hunter2", ", tell nobody"},
		{"password", "pw for the demo box, in case you need it: ", "b1g$ecret", " (changes on Monday)"},
		{"password", "creds: \"", "Corr3ct!Horse", "\" as ever"},
		{"password", "", "S4lad#Bowl", " is the new password"},
		{"password", "wiki login changed, pw ", "P@ssw0rd12", ""},
	}
}

func TestScrubTakesWholeCredentials(t *testing.T) {
	t.Parallel()
	for _, p := range planted() {
		rule, before, secret, after := p[0], p[1], p[2], p[3]
		text := before + secret + after
		found := redact.Scrubber{}.Find(text)
		clean := redact.Scrub(text)
		if strings.Contains(clean, secret) || leaks(clean, secret) {
			t.Errorf("%s: %q still shows the secret: %q", rule, text, clean)
			continue
		}
		names := make([]string, 0, len(found))
		for _, f := range found {
			names = append(names, f.Rule)
		}
		if !strings.Contains(strings.Join(names, " "), rule) {
			t.Errorf("%q was found as %v, want %s", text, names, rule)
		}
		if after != "" && !strings.HasSuffix(clean, after) {
			t.Errorf("%q lost what stood after it: %q", text, clean)
		}
		if again := redact.Scrub(clean); again != clean {
			t.Errorf("scrubbing twice changes %q to %q", clean, again)
		}
	}
}

// leaks says that a run of a secret long enough to be of use is still there.
func leaks(clean, secret string) bool {
	const run = 8
	for at := 0; at+run <= len(secret); at++ {
		piece := secret[at : at+run]
		if strings.ContainsAny(piece, "-. /:\n") || piece == strings.ToLower(piece) {
			continue
		}
		if strings.Contains(clean, piece) {
			return true
		}
	}
	return false
}

func TestScrubLeavesOrdinaryWordsAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"",
		"checkout is failing, disk full on db-3",
		"commit 9c1e4f0a7b3d2e5f6a8b9c0d1e2f3a4b5c6d7e8f broke it",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"request 123e4567-e89b-12d3-a456-426614174000 timed out",
		"image registry.example.com/shop/checkout@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"https://example.com:8443/path?email=ann@example.com",
		"see https://github.com/example/shop/pull/142#discussion_r1234567890",
		"the password is wrong again",
		"password: expired",
		"token expired 20 min ago",
		"token_count: 12000, max_tokens=4096",
		"secretName: checkout-tls",
		"token = getToken(ctx, user42)",
		"password = os.Getenv(\"DB_PASSWORD\")",
		"password=${DB_PASSWORD} token=$TOKEN key=<your key>",
		"PASSWORD_FILE=/run/secrets/db",
		"primary key: 4711, foreign key = order_id",
		"basic functionality works, bearer of bad news",
		"kubectl get secret checkout-db -n shop",
		"if err != nil { return fmt.Errorf(\"load token: %w\", err) }",
		"func (s *Secret) String() string { return dots }",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0f2example ann@laptop",
		"arn:aws:iam::123456789012:role/checkout",
		"the sk-learn job and the risk-averse-configuration-manager are fine",
		"Authorization failed for user 42",
		"-u root -h db",
		"error: disk full at 14:05, next 30m",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
		"password: [redacted:password]",
		"pwd: *****",
		"INC-142 was merged into INC-140",
		"token = os.environ[\"GITHUB_TOKEN\"]",
		"token = cfg.Auth.Token2",
		"login fails for user 42 on node-7, see shop#142 and PR-1234",
		"the login page of docs-prod-2 answers 502 since 14:05, p99=3731ms, 31% of users",
		"all tests pass on v2.14.1-rc.3 and on Ubuntu-20.04-LTS",
		"password reset mails are late, ask ann2@example.org or @ben42",
		"login as deploy@db-3 fails, creds rotated in ops@db-3.example.org",
		"password rotation is in https://wiki.example.org/Runbook-77!?x=1",
		"pass --limit=20 to it, then ./run-Tests-2.sh",
		"call me at +1 415 555 0148 when it breaks",
		"the dedup key is Zq83kLm2Xw0Tr5Yu7Io9Pa4S",
	} {
		if clean := redact.Scrub(text); clean != text {
			t.Errorf("%q became %q", text, clean)
		}
	}
}

func TestAScrubberKnowsTheHousesOwnSecrets(t *testing.T) {
	t.Parallel()
	s := redact.NewScrubber("plain words/and more", "abc", "")
	for _, text := range []string{
		"it said plain words/and more, twice: plain words/and more",
		"https://x/?q=plain+words%2Fand+more", "https://x/plain%20words%2Fand%20more/",
	} {
		clean := s.Scrub(text)
		if strings.Contains(clean, "and more") || strings.Contains(clean, "and+more") || !strings.Contains(clean, "[redacted:own]") {
			t.Errorf("%q became %q", text, clean)
		}
	}
	if got := s.Scrub("abc is too short to look for"); !strings.HasPrefix(got, "abc") {
		t.Errorf("a secret of three letters was looked for: %q", got)
	}
	if got := len(s.Find("plain words/and more")); got != 1 {
		t.Errorf("found %d secrets, want 1", got)
	}
}

func TestFindingsComeInOrderAndDoNotOverlap(t *testing.T) {
	t.Parallel()
	all := planted()
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "pieces") {
			p := all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
			b.WriteString(rapid.StringN(0, 20, 60).Draw(t, "noise"))
			b.WriteString(" " + p[1] + p[2] + p[3] + " ")
		}
		text := b.String()
		at := 0
		for _, f := range (redact.Scrubber{}).Find(text) {
			if f.Start < at || f.End <= f.Start || f.End > len(text) || f.Rule == "" {
				t.Fatalf("finding %+v in %q overlaps or is empty", f, text)
			}
			at = f.End
		}
	})
}

func FuzzScrubNeverLeavesWhatWasPlanted(f *testing.F) {
	for k := range planted() {
		f.Add("before ", uint8(k), " after")
		f.Add("{\"a\":\"", uint8(k), "\"}")
	}
	f.Add("\xff\xfe", uint8(3), "\x00[redacted:")
	f.Fuzz(func(t *testing.T, before string, which uint8, after string) {
		all := planted()
		p := all[int(which)%len(all)]
		text := before + " " + p[1] + p[2] + p[3] + " " + after
		clean := redact.Scrub(text)
		if strings.Contains(clean, p[2]) && !strings.Contains(before+" "+p[1]+after, p[2]) {
			t.Fatalf("%q still shows %q", clean, p[2])
		}
		if utf8.ValidString(text) && !utf8.ValidString(clean) {
			t.Fatalf("%q was cut inside a letter: %q", text, clean)
		}
	})
}

func TestAStrictScrubberTakesWhatMayBePrivate(t *testing.T) {
	t.Parallel()
	s := redact.NewScrubber("house secret").Strict()
	for text, want := range map[string]string{
		"ping me on the phone: +1 415 555 0148":                    "ping me on the phone: [redacted:phone]",
		"call (415) 555-0148, or +49 30 1234567.":                  "call [redacted:phone], or [redacted:phone].",
		"it was " + j("Zq83kLm2Xw0T", "r5Yu7Io9Pa4S") + " I think": "it was [redacted:random] I think",
		"a house secret": "a [redacted:own]",
	} {
		if got := s.Scrub(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"commit 9c1e4f0a7b3d2e5f6a8b9c0d1e2f3a4b5c6d7e8f", "request 123e4567-e89b-12d3-a456-426614174000", "2026-03-02 14:05:09 +0100", "+100 points, 20 30 40",
		"https://docs.example.org/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit", "integrity sha512-Zq83kLm2Xw0Tr5Yu7Io9Pa4SZq83kLm2Xw0Tr5Yu7Io9Pa4S",
		"My-Long-Hyphenated-Release-Name-2026-03", "com.example.ThisIsAVeryLongClassName2Impl", "checkout-7d9f8b6c5d-x2x4z", "job 1234567890123456789012345", "1.2.3.4 5.6.7.8",
		"/var/lib/Docker/Overlay2/AbCdEfGhIjKlMnOp12345678", "rate 31%, 10.000.000 rows", "call me when 502 404 are gone", "call it after 12 30 45",
	} {
		if got := s.Scrub(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
