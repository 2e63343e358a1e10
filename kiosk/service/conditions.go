package service

import (
	"fmt"
	"iter"

	"motcua/kiosk/form"
)

// conditions are all of the service outside its form, with their paths in the file.
func (s *Service) conditions() iter.Seq2[string, form.Expr] {
	return func(yield func(string, form.Expr) bool) {
		all := []struct {
			at   string
			when form.Expr
		}{{"here", s.Here}}
		add := func(when form.Expr, format string, args ...any) {
			all = append(all, struct {
				at   string
				when form.Expr
			}{fmt.Sprintf(format, args...), when})
		}
		for i, r := range s.Fee.Rates {
			add(r.When, "fee.rates[%d].when", i)
		}
		for i, e := range s.Fee.Free {
			add(e.When, "fee.free[%d].when", i)
		}
		for i, r := range s.Deadline.Rates {
			add(r.When, "deadline.rates[%d].when", i)
		}
		for i, p := range s.Papers {
			add(p.When, "papers[%d].when", i)
		}
		for i, g := range s.Signatures {
			add(g.When, "signatures[%d].when", i)
		}
		for i, p := range s.Prints {
			add(p.When, "prints[%d].when", i)
			for key, when := range p.Checks {
				add(when, "prints[%d].checks.%s", i, key)
			}
		}
		for _, c := range all {
			if !yield(c.at, c.when) {
				return
			}
		}
	}
}
