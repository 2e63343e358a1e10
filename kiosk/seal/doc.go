// Package seal makes filings unreadable to all but the officers of the commune.
//
// Seal encrypts a filing's content to the officers' public keys and the recovery key; Open needs one of their Identities.
// Lock puts an Identity under a PIN, a chip card or both, Split makes two sheets of paper of it, and Tagger turns a personal
// number into something that can be searched for and not read back.
//
// # How a filing is sealed
//
// Each filing has a random file key of its own (age, https://age-encryption.org/v1). Sealed.Body is the content under that
// key and names nobody; Sealed.Key is the file key, encrypted to everybody who may read. So officers come and go by writing
// small keys anew (Rewrap), and a filing whose time is over is destroyed by deleting its Key: what is left is noise, and the
// journal's digest of Body still verifies. The recipients are age's hybrid ones (ML-KEM-768 with X25519): what is copied from a
// disk today stays shut when a quantum computer comes.
//
// # Why a PIN is not enough, and what is
//
// A PIN of six digits has a million values; argon2id with PINMemory makes each cost the better part of a second, so a stolen disk
// gives an officer's key away in days on one machine, in hours on many. MinPIN is therefore eight, and an officer's own card can be asked for
// as well: what the chip alone says (EF.SOD, whose signature nobody can guess) is on no disk.
//
// # Threats
//
//	attacker                      asset                       defence                                        test
//	has the disk, no PIN          content, papers, portraits  Seal: no key on the disk opens them            TestSealedSaysNothing
//	has the disk, tries numbers   who filed                   Tagger: argon2id, one number at a time         TestTagIsSlow, BenchmarkTag
//	has the disk, tries PINs      officers' keys              argon2id, MinPIN digits, a card besides        TestLockedByBoth, BenchmarkPIN
//	has the disk, changes it      content                     age authenticates; the journal has digests     TestChanged, FuzzOpen
//	swaps two filings' keys       which content is whose      Body is bound to its reference                 TestSwapped
//	has the kiosk running         filings of before           the process holds public keys only             TestSealedSaysNothing
//	keeps copies for decades      content                     hybrid recipients                              TestPostQuantum
//	officer who left              filings to come             Rewrap and no longer a recipient               TestRewrap
//	one dishonest officer         the recovery key            Split: two sheets, each alone is noise         TestSplit
//	asks for data of years ago    filings past their time     Key deleted, content is noise                  TestDestroyed
//
// What it does not do: an officer who may read a filing can copy it; a kiosk that somebody has changed sees what people type from then on.
package seal
