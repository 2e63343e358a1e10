package portal

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

const specFile = "../../packaging/portal/openapi.yaml"

// node is a part of the description.
type node map[string]any

// spec is the description, read as any program reads it.
type spec struct {
	t   *testing.T
	all node
}

func theSpec(t *testing.T) spec {
	t.Helper()
	text, err := os.ReadFile(specFile)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return spec{t, all}
}

// at walks down by names and follows references.
func (s spec) at(n node, names ...string) node {
	s.t.Helper()
	for _, name := range names {
		next, ok := n[name].(map[string]any)
		if !ok {
			s.t.Fatalf("the description has no %s in %v", name, slices.Sorted(maps.Keys(n)))
		}
		n = s.follow(next)
	}
	return n
}

func (s spec) follow(n node) node {
	ref, ok := n["$ref"].(string)
	if !ok {
		return n
	}
	return s.at(s.all, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

func (s spec) schema(name string) node { return s.at(s.all, "components", "schemas", name) }

func words(list any) []string {
	var all []string
	for _, one := range list.([]any) {
		all = append(all, one.(string))
	}
	return all
}

// TestWordsOfTheDescription: what the client knows is what the description has.
func TestWordsOfTheDescription(t *testing.T) {
	s := theSpec(t)
	var statuses, problems []string
	for _, one := range Statuses {
		statuses = append(statuses, string(one))
	}
	for _, one := range Problems {
		problems = append(problems, problemTypes+one)
	}
	if got := words(s.schema("Status")["enum"]); !slices.Equal(got, statuses) {
		t.Errorf("statuses %v, the client has %v", got, statuses)
	}
	if got := words(s.at(s.schema("Problem"), "properties", "type")["enum"]); !slices.Equal(got, problems) {
		t.Errorf("problems %v, the client has %v", got, problems)
	}
	if got := s.schema("Digest")["pattern"]; got != digestForm.String() {
		t.Errorf("a digest is %v, the client wants %s", got, digestForm)
	}
	required := words(s.schema("Receipt")["required"])
	properties := s.at(s.schema("Receipt"), "properties")
	fields := reflect.TypeFor[Receipt]()
	for i := range fields.NumField() {
		name, rest, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if properties[name] == nil || slices.Contains(required, name) == strings.Contains(rest, "omitempty") {
			t.Errorf("the receipt's %s is described otherwise", name)
		}
	}
	if len(properties) != fields.NumField() {
		t.Errorf("%d properties, %d fields", len(properties), fields.NumField())
	}
	for name := range s.at(s.all, "components", "examples") {
		example := s.at(s.all, "components", "examples", name, "value")
		text, err := json.Marshal(example)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseReceipt(text); err != nil {
			t.Errorf("example %s: %v", name, err)
		}
		if _, err := filing.ParseReference(example["reference"].(string)); err != nil || !regexp.MustCompile(s.schema("Reference")["pattern"].(string)).MatchString(example["reference"].(string)) {
			t.Errorf("example %s: %v", name, err)
		}
	}
}

// ours are headers that every HTTP client sends.
var ours = []string{"Accept", "Accept-Encoding", "Authorization", "Content-Length", "User-Agent"}

// TestRequestsAreDescribed: path, method, headers and content types of everything that the client sends.
func TestRequestsAreDescribed(t *testing.T) {
	s := theSpec(t)
	portal := newServer(t)
	var sent []*http.Request
	h, _ := portal.client(t, func(o *Options) {
		o.Transport = transport(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.Clone(r.Context()))
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	b := bundle(t)
	if _, err := h.Send(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Status(t.Context(), b.Manifest.Reference); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range sent {
		path, given := s.path(strings.TrimPrefix(r.URL.Path, "/v1"))
		op := s.at(s.all, "paths", path, strings.ToLower(r.Method))
		seen[op["operationId"].(string)] = true
		known := slices.Clone(ours)
		parameters, _ := op["parameters"].([]any)
		for _, one := range parameters {
			p := s.follow(one.(map[string]any))
			name, value := p["name"].(string), given
			if p["in"] == "header" {
				value = r.Header.Get(name)
				known = append(known, name)
			}
			pattern := s.at(p, "schema")["pattern"].(string)
			for what, text := range map[string]string{"sent": value, "the example": p["example"].(string)} {
				if !regexp.MustCompile(pattern).MatchString(text) {
					t.Errorf("%s %s: %s: %s is %q", r.Method, path, name, what, text)
				}
			}
		}
		if op["requestBody"] != nil {
			known = append(known, "Content-Type")
			s.at(op, "requestBody", "content", r.Header.Get("Content-Type"))
		}
		for name := range r.Header {
			if !slices.Contains(known, name) {
				t.Errorf("%s %s: %s is not described", r.Method, path, name)
			}
		}
	}
	for _, path := range s.at(s.all, "paths") {
		for _, op := range path.(map[string]any) {
			if id := op.(map[string]any)["operationId"].(string); !seen[id] {
				t.Errorf("%s is described and never asked for", id)
			}
		}
	}
}

// path is the described path that a real one matches, and what stands for its parameter.
func (s spec) path(real string) (path, parameter string) {
	for path := range s.at(s.all, "paths") {
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "([^/]+)") + "$")
		if m := pattern.FindStringSubmatch(real); m != nil {
			return path, strings.Join(m[1:], "")
		}
	}
	s.t.Fatalf("%s is not described", real)
	return "", ""
}

// transport is a function as http.RoundTripper.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// outcomes are what the client makes of each status of the description, "" for a success.
var outcomes = map[string]map[int]fault.Code{
	"handOver": {201: "", 200: "", 400: fault.PortalRefused, 401: fault.PortalRefused, 403: fault.PortalRefused, 409: "", 413: fault.PortalRefused,
		422: fault.PortalRefused, 429: fault.PortalUnreachable, 503: fault.PortalUnreachable},
	"status": {200: "", 401: fault.PortalRefused, 403: fault.PortalRefused, 404: fault.NotFound, 429: fault.PortalUnreachable, 503: fault.PortalUnreachable},
	"token":  {200: "", 400: fault.PortalRefused, 401: fault.PortalRefused},
}

// TestAnswersAreRead: every answer that the description has, by its example, gets the outcome that it should.
func TestAnswersAreRead(t *testing.T) {
	s, b := theSpec(t), bundle(t)
	for _, item := range s.at(s.all, "paths") {
		for _, one := range item.(map[string]any) {
			op := node(one.(map[string]any))
			id := op["operationId"].(string)
			responses := s.at(op, "responses")
			if len(responses) != len(outcomes[id]) {
				t.Errorf("%s: %d answers are described, %d known", id, len(responses), len(outcomes[id]))
			}
			for code := range responses {
				status, err := strconv.Atoi(code)
				want, known := outcomes[id][status]
				if err != nil || !known {
					t.Errorf("%s: %s is not known", id, code)
					continue
				}
				mediaType, body := s.example(s.at(responses, code), b)
				t.Run(fmt.Sprint(id, " ", code), func(t *testing.T) { answered(t, b, id, status, mediaType, body, want) })
			}
		}
	}
}

// example is the first example of a response, for this bundle, and its media type.
func (s spec) example(response node, b Bundle) (mediaType, body string) {
	for mediaType, one := range s.at(response, "content") {
		content := s.follow(one.(map[string]any))
		example := content["example"]
		if example == nil {
			for _, one := range s.at(content, "examples") {
				example = s.follow(one.(map[string]any))["value"]
			}
		}
		text, err := json.Marshal(example)
		if err != nil {
			s.t.Fatal(err)
		}
		return mediaType, ofBundle(string(text), b)
	}
	s.t.Fatal("a response without content")
	return "", ""
}

// ofBundle puts a bundle's digest and reference in place of those of the examples.
func ofBundle(text string, b Bundle) string {
	text = strings.ReplaceAll(text, "sha256:"+strings.Repeat("0", 64), b.Digest)
	return strings.ReplaceAll(text, "05200.K1.261125.001.J", b.Manifest.Reference.String())
}

// answered gives one answer of the description in place of the server's.
func answered(t *testing.T, b Bundle, id string, status int, mediaType, body string, want fault.Code) {
	portal := newServer(t)
	portal.byRef[b.Manifest.Reference.String()] = Receipt{Reference: b.Manifest.Reference, Digest: b.Digest, Status: New, Taken: morning}
	h, _ := portal.client(t, func(o *Options) { o.Attempts = 1 })
	said := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	if id == "token" {
		portal.tokens = []http.HandlerFunc{said}
		portal.accepts = "Bearer example-token"
	} else {
		portal.faults = []http.HandlerFunc{said}
	}
	var err error
	if id == "handOver" {
		_, err = h.Send(t.Context(), b)
	} else {
		_, err = h.Status(t.Context(), b.Manifest.Reference)
	}
	if fault.CodeOf(err) != want {
		t.Errorf("%v", err)
	}
}
