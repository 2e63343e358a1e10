package store_test

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// What a filing with a portrait costs, to the last fsync: alone, and with others waiting.
func BenchmarkFile(b *testing.B) {
	s, err := store.Open(filepath.Join(b.TempDir(), "data"), store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var n atomic.Int64
	one := func() {
		if _, err := s.File(b.Context(), storetest.Draft(fmt.Sprint(n.Add(1)))); err != nil {
			b.Error(err)
		}
	}
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			one()
		}
	})
	b.Run("four at once", func(b *testing.B) {
		b.SetParallelism(4)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				one()
			}
		})
	})
}

// What opening costs, nearly all of it the check of the pages: it grows with the size of the database.
func BenchmarkOpen(b *testing.B) {
	for _, filings := range []int{0, 2000} {
		b.Run(fmt.Sprint(filings), func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "data")
			opts := store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}
			s, err := store.Open(dir, opts)
			for i := 0; i < filings && err == nil; i++ {
				_, err = s.File(b.Context(), storetest.Draft(fmt.Sprint(i)))
			}
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
			for b.Loop() {
				if s, err = store.Open(dir, opts); err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}
