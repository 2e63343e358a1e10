package photo

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// How JPEG 2000 begins: the signature box of a JP2 file (ISO/IEC 15444-1 §I.5.1), or the SOC and SIZ markers (§A.4.1).
const (
	startOfJP2        = "\x00\x00\x00\x0CjP  \r\n\x87\n"
	startOfCodestream = "\xFF\x4F\xFF\x51"
)

// openJPEG is OpenJPEG's decoder; packaging/openjpeg/decode.c is its surface, openjpeg/NOTICE says what is in it.
//
//go:embed openjpeg/openjpeg.wasm
var openJPEG string

// memoryPages is the most memory that a decoding may have, in pages of 64 KiB. Three components of 32 bits and the
// result take 41 MB for 1600 x 1600 pixels.
const memoryPages = 1024

// How the module's decode ends; decode.c has the same numbers.
const (
	statusDecoded  = 0
	statusTooLarge = 2
)

// machine holds the compiled module. Every picture gets an instance of its own, with fresh memory.
type machine struct {
	inUse sync.RWMutex // held for reading while a picture is decoded, so that close does not pull the floor away

	mu     sync.Mutex
	loaded *loaded // nil before the first picture and after close
}

// loaded is the module in the making, and made once ready is closed.
type loaded struct {
	ready   chan struct{}
	runtime wazero.Runtime
	module  wazero.CompiledModule
	err     error
}

// load compiles the module at the first call. Later callers wait for it, but no longer than their context.
func (m *machine) load(ctx context.Context) (*loaded, error) {
	m.mu.Lock()
	if m.loaded == nil {
		m.loaded = &loaded{ready: make(chan struct{})}
		go m.loaded.compile() // ends by itself: there is only so much to compile
	}
	l := m.loaded
	m.mu.Unlock()
	select {
	case <-l.ready:
		return l, l.err
	case <-ctx.Done():
		return nil, whyOver(ctx)
	}
}

func (l *loaded) compile() {
	defer close(l.ready)
	ctx := context.Background()
	l.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithMemoryLimitPages(memoryPages).WithDebugInfoEnabled(false))
	_, err := l.runtime.NewHostModuleBuilder("host").
		NewFunctionBuilder().WithFunc(expired).Export("expired").Instantiate(ctx)
	if err == nil {
		l.module, err = l.runtime.CompileModule(ctx, []byte(openJPEG))
	}
	if err != nil {
		l.err = errors.Join(fmt.Errorf("photo: the JPEG 2000 module: %w", err), l.runtime.Close(ctx))
	}
}

// expired is the one thing that the module can ask of the world. It does so about once a millisecond.
func expired(ctx context.Context) uint32 {
	if over(ctx) {
		return 1
	}
	return 0
}

func (m *machine) close() error {
	m.inUse.Lock()
	defer m.inUse.Unlock()
	m.mu.Lock()
	l := m.loaded
	m.loaded = nil
	m.mu.Unlock()
	if l == nil {
		return nil
	}
	<-l.ready
	if l.err != nil {
		return nil // closed already
	}
	return l.runtime.Close(context.Background())
}

func (m *machine) decode(outer context.Context, data []byte, limits Limits) (*image.RGBA, error) {
	m.inUse.RLock()
	defer m.inUse.RUnlock()
	l, err := m.load(outer)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(outer, limits.Time)
	defer cancel()
	pixels, err := l.run(ctx, data, limits)
	if err != nil && over(ctx) {
		return nil, whyOver(outer)
	}
	return pixels, err
}

// run makes an instance, has it decode, and throws it away with everything it saw.
func (l *loaded) run(ctx context.Context, data []byte, limits Limits) (pixels *image.RGBA, err error) {
	instance, err := l.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, arenas{}), l.module,
		wazero.NewModuleConfig().WithName("")) // no name: there may be several
	if err != nil {
		return nil, fmt.Errorf("photo: the JPEG 2000 module: %w", err)
	}
	defer func() { err = errors.Join(err, instance.Close(context.WithoutCancel(ctx))) }()
	at, err := call(ctx, instance, "input", uint64(len(data)))
	if err != nil {
		return nil, err
	}
	if at == 0 || !instance.Memory().Write(at, data) {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	at, err = call(ctx, instance, "decode", uint64(limits.Side))
	if err != nil {
		return nil, err
	}
	return result(instance.Memory(), at, limits)
}

// call calls a function of the module that gives an address. A trap (memory out of bounds, the stack's end, the end of
// the time) is the file's fault.
func call(ctx context.Context, instance api.Module, name string, argument uint64) (uint32, error) {
	values, err := instance.ExportedFunction(name).Call(ctx, argument)
	if err != nil {
		return 0, fmt.Errorf("%w: the decoder stopped", ErrFormat)
	}
	return api.DecodeU32(values[0]), nil
}

// result reads what decode left at an address: status, width, height, address of the pixels, each of four bytes.
func result(memory api.Memory, at uint32, limits Limits) (*image.RGBA, error) {
	const wordBytes, pixelBytes = 4, 4
	var words [4]uint32
	for i := range words {
		word, ok := memory.ReadUint32Le(at + uint32(i)*wordBytes)
		if !ok {
			return nil, fmt.Errorf("%w: no result", ErrFormat)
		}
		words[i] = word
	}
	status, width, height := words[0], int(words[1]), int(words[2])
	switch status {
	case statusDecoded:
	case statusTooLarge:
		return nil, fmt.Errorf("%w: a JPEG 2000 of too many pixels", ErrTooLarge)
	default:
		return nil, fmt.Errorf("%w: a damaged JPEG 2000", ErrFormat)
	}
	if err := limits.fit(width, height); err != nil {
		return nil, err
	}
	from, ok := memory.Read(words[3], uint32(width)*uint32(height)*pixelBytes)
	if !ok {
		return nil, fmt.Errorf("%w: no pixels", ErrFormat)
	}
	return &image.RGBA{Pix: bytes.Clone(from), Stride: width * pixelBytes, Rect: image.Rect(0, 0, width, height)}, nil
}
