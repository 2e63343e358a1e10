//go:build !unix

package forgetful

// Start does nothing where a process cannot begin anew: there the setting belongs into the environment of the session.
func Start(...string) error { return nil }
