package tr03105_test

func securityChecks() []check { return nil }
func accessChecks() []check   { return nil }
func fileChecks() []check     { return nil }
func chipChecks() []check     { return nil }
func activeChecks() []check   { return nil }
func paceChecks() []check     { return nil }
func mappingChecks() []check  { return nil }
