//go:build !race

package station_test

const thin = 1
