package store_test

// oldChanges are calls that change something and that arm64 never had.
var oldChanges = map[int]bool{}
