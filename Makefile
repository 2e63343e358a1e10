# make run    start Motcua: in a window, or without a display as a demonstration that leaves pictures in out/
# make test   everything that is checked before a change counts: on two cores, from nothing, under half an hour
# make soak   the same for hours: long fuzzing, the kill matrix, the walk through the window again and again
# make build  bin/motcua and bin/motcuactl
# make lint   form, go vet, staticcheck
# make deps   what Debian 12 lacks for all of these; the others call it for themselves
#
# On a fresh machine with Go each of them installs what is missing, as root or through sudo.

SHELL := /bin/sh
export PATH := $(PATH):/usr/local/go/bin

# One set of flags for build, test and vet: another one compiles OpenGL's C again, which takes minutes. No version
# control stamp: under sudo, git refuses to look into another user's tree, and the build would fail for it.
export GOFLAGS := -trimpath -buildvcs=false
export CGO_ENABLED := 1

# What runs without a display, and so also under the race detector, which compiles everything a second time.
CORE := ./kiosk/... ./devices/...

# In CI nothing is taken from an earlier run.
TESTFLAGS := -vet=off -timeout=20m $(if $(CI),-count=1)

FUZZCOUNT ?= 5000
SOAK_FUZZCOUNT ?= 2000000
SOAK_ROUNDS ?= 20

.PHONY: run test soak build lint deps deps-build deps-run deps-demo go form vet staticcheck fuzz race check

run: deps-run build
	@# Only X is asked for: the window is built for X, and a Wayland desktop offers it too.
	@if [ -n "$$DISPLAY" ]; then \
		exec bin/motcua -simulate; \
	else \
		packaging/debian/install demo && exec bin/motcuactl sim run --out out; \
	fi

# In the order of what is quick to fail. The last lines are those of go test.
test: deps lint fuzz race check

soak: export MOTCUA_SOAK := 1
soak: deps
	packaging/ci/fuzz $(SOAK_FUZZCOUNT) 4h
	go test -vet=off -count=1 -timeout=6h ./...
	MOTCUA_SOAK= go test -vet=off -count=$(SOAK_ROUNDS) -timeout=6h ./cmd/...

build: go deps-build
	go build -o bin/ ./cmd/motcua ./cmd/motcuactl

lint: go deps-build form vet staticcheck

form:
	@bad=$$(gofmt -l cmd kiosk devices ui assets); [ -z "$$bad" ] || { echo "gofmt -w is due:"; echo "$$bad"; exit 1; }

vet: form
	go vet ./...

staticcheck: vet
	go tool staticcheck ./...

fuzz: deps lint
	packaging/ci/fuzz $(FUZZCOUNT)

race: deps lint
	go test $(TESTFLAGS) -race -short $(CORE)

# What deps brings has to be there: a test that misses it fails.
check soak: export MOTCUA_DEPS := 1
check: deps race fuzz
	go test $(TESTFLAGS) ./...

deps: go
	@packaging/debian/install build run demo test
	@packaging/portal/mock/install

deps-build:
	@packaging/debian/install build

deps-run: go
	@packaging/debian/install build run

go:
	@packaging/ci/go-version
