package redact

import (
	"regexp"
	"strings"
	"unicode"
)

// rule finds one kind of credential. Its pattern is tried only where one of
// its keys stands, in lower case; a group in the pattern is the part that goes.
type rule struct {
	name    string
	keys    []string
	pattern *regexp.Regexp
	// scan finds in the place of a pattern, where one cannot say it.
	scan func(text string) []Finding
	// doubt says that a value is no secret after all; nil: never.
	doubt func(value string) bool
	// named says that the name before the value is looked at too: what is
	// kept under "password_file" or "token_count" is no credential.
	named bool
}

// readyRule is a rule with the letters of its keys, so that a text that lacks
// one of them need not be searched.
type readyRule struct {
	rule
	letters []letters
}

func readyRules() []readyRule {
	all := rules()
	out := make([]readyRule, len(all))
	for i, r := range all {
		out[i].rule = r
		for _, k := range r.keys {
			out[i].letters = append(out[i].letters, lettersOf(k))
		}
	}
	return out
}

func (r readyRule) mayStandIn(lower string, has letters) bool {
	for i, k := range r.keys {
		if has.holds(r.letters[i]) && strings.Contains(lower, k) {
			return true
		}
	}
	return false
}

// letters are the ASCII characters that stand in a text, one bit each.
type letters [2]uint64

func lettersOf(s string) (l letters) {
	for i := range len(s) {
		if c := s[i]; c < 128 {
			l[c>>6] |= 1 << (c & 63)
		}
	}
	return l
}

func (l letters) holds(o letters) bool { return o[0]&^l[0] == 0 && o[1]&^l[1] == 0 }

func (r rule) find(text string) []Finding {
	if r.scan != nil {
		return r.scan(text)
	}
	var found []Finding
	for _, m := range r.pattern.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[1]
		for g := 2; g+1 < len(m); g += 2 { // the first group that took part
			if m[g] >= 0 {
				start, end = m[g], m[g+1]
				break
			}
		}
		value := text[start:end]
		if r.named && facts.MatchString(text[m[0]:start]) || masked(value) || r.doubt != nil && r.doubt(value) {
			continue
		}
		found = append(found, Finding{Rule: r.name, Start: start, End: end})
	}
	return found
}

// masked says that a value was taken out before.
func masked(value string) bool {
	return strings.HasPrefix(value, "[redacted:") || strings.Trim(value, "•*x.…") == ""
}

// The patterns. Tokens with a prefix of their own are told by it; the rest
// needs words around it.
var (
	slack     = regexp.MustCompile(`\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|\bxapp-\d+-[A-Za-z0-9-]{10,}`)
	hook      = regexp.MustCompile(`https://hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[\w/+-]{16,}|https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{20,}`)
	discord   = regexp.MustCompile(`\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,45}`)
	awsID     = regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`)
	awsKey    = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+])([A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])`)
	google    = regexp.MustCompile(`\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}`)
	github    = regexp.MustCompile(`\bgh[a-z]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}`)
	gitlab    = regexp.MustCompile(`\bgl[a-z]{2,6}-[\w.-]{20,}|\bGR1348941[\w-]{20,}`)
	packages  = regexp.MustCompile(`\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{40,}|\bdckr_pat_[\w-]{20,}|\brubygems_[a-f0-9]{40,}`)
	stripe    = regexp.MustCompile(`\b[a-z]{2}_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{16,}`)
	pagerduty = regexp.MustCompile(`\bu\+[\w-]{18}\b|\bpdus\+\w+[\w-]{16,}`)
	model     = regexp.MustCompile(`\bsk-(?:[a-z]+[0-9]*-)*[A-Za-z0-9_-]{20,}|\bhf_[A-Za-z0-9]{30,}`)
	jwt       = regexp.MustCompile(`\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?`)
	pem       = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)|\bAGE-SECRET-KEY-1[0-9A-Z]{50,}`)
	userinfo  = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://(?:[^\s/?#:@'"<>\[]*:([^\s/?#'"<>]+)|([\w-]{20,}))@`)
	header    = regexp.MustCompile(`(?i)\b(?:authorization|x-api-key|x-auth-token|private-token|cookie)["']?\s*[:=]\s*["']?((?:(?:bearer|basic|token|apikey|bot|splunk)\s+)?[^\s"',;]{6,})`)
	bearer    = regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([\w.~+/=-]{12,})`)
	sendgrid  = regexp.MustCompile(`\bSG\.[\w-]{16,}\.[\w-]{16,}`)
	twilio    = regexp.MustCompile(`\bSK[0-9a-f]{32}\b`)
	telegram  = regexp.MustCompile(`\b\d{8,10}:AA[\w-]{32,}`)
	grafana   = regexp.MustCompile(`\bglsa_\w{32,}|\bglc_[A-Za-z0-9+/=]{32,}`)
	vault     = regexp.MustCompile(`\bhv[sbr]\.[\w-]{20,}|\batlasv1\.[\w-]{20,}`)
	cloud     = regexp.MustCompile(`\bdo[opr]_v1_[a-f0-9]{40,}|\bdapi[a-f0-9]{32}\b|\bshp[a-z]{2}_[a-fA-F0-9]{32}|\bATATT3[\w=-]{20,}|\blin_api_[A-Za-z0-9]{30,}|\bsntrys_[\w+/=-]{30,}|\bNRAK-[A-Z0-9]{20,}`)
	azure     = regexp.MustCompile(`(?i)\b(?:AccountKey|SharedAccessKey|sig)=([A-Za-z0-9+/%]{30,}[=%\w]*)`)
	flag      = regexp.MustCompile(`(?i)--(?:pass(?:word|wd|phrase)?|secret|token|api-?key|auth)[ =]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"']+))|(?:-u|--user)[ =]["']?[^\s:'"]+:([^\s'"]+)`)
	password  = regexp.MustCompile(`(?i)[\w.-]*(?:passw(?:or)?d|passphrase|passcode|pwd)[\w-]*["'\x60]?\s*(?::=|=>|[:=])\s*(?:"([^"\n]+)"|'([^'\n]+)'|\x60([^\x60\n]+)\x60|([^\s"'\x60,;]+))`)
	token     = regexp.MustCompile(`(?i)[\w.-]*(?:token|secret(?:[_-]?key(?:[_-]?base)?)?|api[_-]?key|access[_-]?key|private[_-]?key|routing[_-]?key|integration[_-]?key|license[_-]?key|signing[_-]?key|auth[_-]?key|encryption[_-]?key|credentials?)(?:[_-]\w{1,12})?["'\x60]?\s*(?::=|=>|[:=])\s*(?:"([^"\n]+)"|'([^'\n]+)'|\x60([^\x60\n]+)\x60|([^\s"'\x60,;]+))`)
	facts     = regexp.MustCompile(`(?i)[_-]?(?:policy|attempts?|length|len|reset|url|uri|file|path|name|age|expiry|expires|ttl|count|min|max|changed|id|ref|type|version|hint|field|store|manager|bucket|limit|usage)["'\x60]?\s*(?::=|=>|[:=])\s*["'\x60]?$`)
	code      = regexp.MustCompile(`^[A-Za-z_]\w{0,19}(?:\.[A-Za-z_]\w{0,19})+[\[(]?$`) // os.environ[, cfg.Token2
	spoken    = regexp.MustCompile(`(?i)\b(?:password|passphrase|passcode|pwd|secret|api key|token)\s+(?:is|was)\s+(?:now\s+)?["'\x60]?([^\s"'\x60]{6,})`)
)

// rules lists them; where two find the same, the first gives the name.
func rules() []rule {
	return []rule{
		{name: "pem", keys: []string{"private key", "age-secret-key"}, pattern: pem},
		{name: "slack", keys: []string{"xox", "xapp-"}, pattern: slack},
		{name: "webhook", keys: []string{"hooks.slack", "/webhooks/"}, pattern: hook},
		{name: "discord", keys: []string{"."}, pattern: discord, doubt: calm},
		{name: "aws", keys: []string{"akia", "asia", "abia", "acca"}, pattern: awsID, doubt: calm},
		{name: "aws", keys: []string{"akia", "asia", "aws"}, pattern: awsKey, doubt: notAWS},
		{name: "google", keys: []string{"aiza", "ya29.", "gocspx-"}, pattern: google},
		{name: "github", keys: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, pattern: github},
		{name: "gitlab", keys: []string{"glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-", "glagent-", "glimt-", "gr1348941"}, pattern: gitlab, doubt: calm},
		{name: "registry", keys: []string{"npm_", "pypi-", "dckr_pat_", "rubygems_"}, pattern: packages},
		{name: "stripe", keys: []string{"_live_", "_test_", "whsec_"}, pattern: stripe, doubt: calm},
		{name: "pagerduty", keys: []string{"u+", "pdus+"}, pattern: pagerduty, doubt: calm},
		{name: "model", keys: []string{"sk-", "hf_"}, pattern: model, doubt: calm},
		{name: "jwt", keys: []string{"eyj"}, pattern: jwt},
		{name: "url", keys: []string{"://"}, pattern: userinfo, doubt: placeholder},
		{name: "header", keys: []string{"authorization", "x-api-key", "x-auth-token", "private-token", "cookie"}, pattern: header, doubt: noCredential},
		{name: "bearer", keys: []string{"bearer", "basic"}, pattern: bearer, doubt: calm},
		{name: "sendgrid", keys: []string{"sg."}, pattern: sendgrid},
		{name: "twilio", keys: []string{"sk"}, pattern: twilio},
		{name: "telegram", keys: []string{":aa"}, pattern: telegram},
		{name: "grafana", keys: []string{"glsa_", "glc_"}, pattern: grafana},
		{name: "vault", keys: []string{"hvs.", "hvb.", "hvr.", "atlasv1."}, pattern: vault},
		{name: "cloud", keys: []string{"_v1_", "dapi", "shp", "atatt3", "lin_api_", "sntrys_", "nrak-"}, pattern: cloud},
		{name: "azure", keys: []string{"accountkey=", "sharedaccesskey=", "sig="}, pattern: azure},
		{name: "password", keys: []string{"--", "-u"}, pattern: flag, doubt: placeholder},
		{name: "password", keys: []string{"pass", "pwd"}, pattern: password, doubt: noPassword, named: true},
		{name: "token", keys: []string{"token", "key", "secret", "credential"}, pattern: token, doubt: noCredential, named: true},
		{name: "password", keys: []string{"pass", "pwd", "secret", "token", "api key"}, pattern: spoken, doubt: calm},
		{name: "password", keys: []string{"pass", "pw", "login", "creds", "credential"}, scan: inProse},
	}
}

// placeholder says that a value stands for a secret and is none: a variable,
// a call in code, an angle bracket.
func placeholder(v string) bool {
	v = strings.Trim(v, `"'.,`+"`")
	if len(v) < 3 || strings.ContainsAny(v, "()") && strings.Contains(v, "(") && strings.HasSuffix(v, ")") {
		return true
	}
	switch v[0] {
	case '$', '<', '{', '%', '[':
		return true
	case '*':
		return strings.Trim(v, "*") == ""
	}
	return false
}

// noPassword says that a value after "password" is no password: a placeholder,
// a call, or a word about one.
func noPassword(v string) bool {
	if placeholder(v) || strings.Contains(v, "(") && !strings.Contains(v, " ") && calm(v) {
		return true
	}
	switch strings.ToLower(strings.Trim(v, ".,;!?)(")) {
	case "", "null", "nil", "none", "true", "false", "string", "str", "text", "bytes", "yes", "no", "ok", "the", "and", "not", "has", "was",
		"required", "optional", "empty", "missing", "wrong", "invalid", "expired", "changed", "rotated", "reset", "unset", "unknown",
		"incorrect", "rejected", "accepted", "leaked", "revoked", "redacted", "hidden", "undefined", "correct", "please", "works", "failed":
		return true
	}
	return false
}

// noCredential says that a value after "token" or "key" is none: those are
// long and look random.
func noCredential(v string) bool {
	return noPassword(v) || calm(v) || strings.Trim(v, "0123456789.,") == "" || code.MatchString(v)
}

// calm says that a value looks like a word or a name, not like chance: it has
// no digit, or hardly any letter.
func calm(v string) bool {
	digits, letters, upper, lower := 0, 0, false, false
	for _, r := range v {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			upper = upper || unicode.IsUpper(r)
			lower = lower || unicode.IsLower(r)
		}
	}
	if placeholder(v) {
		return true
	}
	return digits == 0 && (!upper || !lower || letters < 16) || letters == 0 && digits > 0
}

// notAWS says that forty letters are no secret key: a hash, a path, a word.
func notAWS(v string) bool {
	hex := strings.Trim(strings.ToLower(v), "0123456789abcdef") == ""
	upper, lower := strings.ToLower(v) != v, strings.ToUpper(v) != v
	return hex || !upper || !lower || !strings.ContainsAny(v, "0123456789") || strings.Count(v, "/") > 5
}
