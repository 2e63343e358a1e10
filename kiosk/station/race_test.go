//go:build race

package station_test

// thin: the race detector makes everything five times slower, so with it each test takes a part of its cases, and
// without it all of them.
const thin = 4
