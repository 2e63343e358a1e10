//go:build !linux

package voice

// Loudspeaker reports whether the machine has a sound card; elsewhere than on Linux it is taken for granted.
func Loudspeaker() bool { return true }
