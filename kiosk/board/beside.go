package board

import (
	"context"
	"sync/atomic"
)

// task is something that takes longer than an officer waits for a key: it is done beside (Options.Go) and ends with the shift.
type task[T any] struct {
	end  context.CancelFunc
	done atomic.Pointer[outcome[T]]
}

// outcome is what came of a task.
type outcome[T any] struct {
	value T
	err   error
}

// beside begins a task of the shift; once it is done Options.Wake is called.
func beside[T any](b *Board, do func(ctx context.Context) (T, error)) *task[T] {
	return besideIn(b.shift.ctx, b, do)
}

// besideIn is beside with another end.
func besideIn[T any](ctx context.Context, b *Board, do func(ctx context.Context) (T, error)) *task[T] {
	t := &task[T]{}
	ctx, t.end = context.WithCancel(ctx)
	wake := b.opt.Wake
	b.opt.Go(func() {
		defer t.end()
		v, err := do(ctx)
		t.done.Store(&outcome[T]{v, err})
		wake()
	})
	return t
}

// result is what came of a task, nil while it is under way, or if there is none.
func (t *task[T]) result() *outcome[T] {
	if t == nil {
		return nil
	}
	return t.done.Load()
}

// busy reports whether a task is under way.
func (t *task[T]) busy() bool { return t != nil && t.done.Load() == nil }

// stop ends a task whose outcome nobody wants any more.
func (t *task[T]) stop() {
	if t != nil {
		t.end()
	}
}
