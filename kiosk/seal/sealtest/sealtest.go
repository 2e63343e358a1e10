// Package sealtest is for tests that sign in often.
package sealtest

import "motcua/kiosk/seal/internal/cost"

// Cheap makes a PIN cost next to nothing in this process, for keys that are locked from now on. Call it in TestMain.
func Cheap() { cost.Memory, cost.Time = 8, 1 }
