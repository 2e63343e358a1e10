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
// gives an officer's key away in days on one machine, in hours on many. MinPIN is therefore eight: a core needs a year or more for all of them, but a
// graphics card a day or two (TestPINIsSlow calculates). So an officer's own card can be asked for
// as well: what the chip alone says (EF.SOD, whose signature nobody can guess) is on no disk. Only with the card a stolen disk stays shut for good.
//
// # The card: besides the PIN, or in its place
//
// An officer chooses. Besides the PIN (Secret with both) a stolen disk needs both, and so does whoever sits down at the desk. In its place
// (Locked.OrCard) the card alone signs in: whoever finds it can try it at the desk. There the chip has to prove that it is the card itself
// (chip or active authentication). On a stolen disk nothing but the bytes of EF.SOD counts, and whoever ever read the chip, a bank
// or an operator, may have those: against a disk and such a copy together only the PIN besides helps. The PIN of who signs in with the card alone
// goes on opening the same keys, so on a stolen disk that way is no stronger than the PIN.
//
// A chip opens with the last six digits of its holder's number. An office has no place where a machine could keep them that a thief of its disk does not
// get: a key of the station lies on the same disk, and not every PC has a TPM. So they are sealed to the officer's own keys (Locked.WithChip); the desk
// learns them when the officer signs in with the PIN for the first time after its start, or types the six digits, and forgets
// them when it ends. BAC is not done at the desk: whoever taps its exchange tries all dates and numbers at home, PACE gives nothing away.
//
// # How long, and who together
//
// A filing is kept as long as the law says after it ended (kiosk/service, Keep). Then two officers sign that it is over, and its Key, those of the
// words of its decisions and of the pictures of its papers, its tag and its row of the finder are deleted in one transaction; SQLite writes zeros over them and its log is emptied (store.Destroy).
// The redo log has them until the second backup after it, which desks make within the half-hour, and backups of before for a week; then nothing of the
// installation does (store.DestroyedStays). Copies that somebody took elsewhere are not reached.
//
// Two officers, one of whom may, sign what one alone must not do: end the time of filings, set the recovery key, give an officer other keys. Each signs
// the whole journal entry with both names, and store.VerifyJournal wants both signatures of people who were officers then. The recovery key lets a head in
// without any officer, since none may be left; its two sheets at two places are the four eyes of that.
//
// # Threats
//
//	attacker                      asset                       defence                                        test
//	has the disk, no PIN          content, papers, portraits  Seal: no key on the disk opens them            TestSealedSaysNothing, TestDiskSaysNothing, TestPictures
//	has the disk, tries numbers   who filed                   Tagger: argon2id, one number at a time         TestTagIsSlow, TestOneTagAtATime, BenchmarkTag
//	has the disk, tries PINs      officers' keys              argon2id, MinPIN digits, a card besides        TestPINIsSlow, TestLockedByBoth, TestOfficerCard, BenchmarkPIN
//	has the disk, wants a number  an officer's digits         sealed to that officer's own keys              TestCardAlone
//	copied an officer's chip      what they may open          the chip proves itself at the desk             TestSignInSecret
//	sits down at a desk left open what the officer may open   locks when the card goes, or after idle        TestCardGone, TestIdle
//	has the disk, changes it      content                     age authenticates; the journal has digests     TestChanged, FuzzOpen
//	has the disk, no PIN          names in logs, spool, temp  nothing of people is written but sealed        TestKioskForgets, TestWindowForgets, TestDeskForgets
//	has a core of a kiosk         those who were there        bytes are overwritten, strings swept away      TestKioskForgets, TestWindowForgets, TestStacks, TestStart, TestRegisters
//	has a core of a locked desk   who was looked at, the PIN  the same                                       TestDeskForgets
//	swaps two filings' keys       which content is whose      Body is bound to its reference                 TestSwapped
//	has the kiosk running         filings of before           the process holds public keys only             TestSealedSaysNothing
//	keeps copies for decades      content                     hybrid recipients                              TestPostQuantum
//	officer who left              filings to come             Rewrap and no longer a recipient; a new key    TestRewrap, TestKeyAfterOneWent
//	one dishonest officer         the recovery key            Split: two sheets, each alone is noise         TestSplit, TestRecovery
//	one dishonest officer         filings before their time   Destroy: two sign, only what ended             TestDestroyRefuses, TestForged
//	one dishonest officer         another officer's account   Renew: two sign                                TestRenew, TestForged
//	has a station's key           who works here, what left   the officer signs, and the journal says since   TestForged, TestSignedFromThenOn
//	writes into the database      whom filings are sealed to  VerifyJournal: keys are as was signed           TestAccountsTampered
//	writes into the database      names, numbers looked for   an officer signs for the finder's keys          TestFinderKeysForged
//	writes into the database      what was decided, and when  VerifyJournal: all of it is as was signed       TestDecisionsShowTampering
//	writes into the database      filings that nobody filed   stations sign, and none is new without a key    TestUnknownStation
//	writes into the directory     whose chips are genuine     journal verify names what no officer trusted   TestTrustWithoutAWord, TestStoreFindsTrust
//	deletes keys by hand          filings                     VerifyJournal: no key goes without an entry    TestDestroyedTampered
//	asks for data of years ago    filings past their time     Key deleted, within a week from all backups    TestDestroyed, TestScrub
//	asks in another's name        what is held of people      an officer looks at the person; named only     TestExport
//
// What it does not do: an officer who may read a filing can copy it; a kiosk that somebody has changed sees what people type from then on; whoever
// printed the recovery sheets over CUPS leaves it to CUPS to forget them, and so it is with the desk's forms: they go to CUPS through a pipe, and no
// file of ours has them. What was printed is paper. Sheets that a scanner wrote lie in the open in its folder until an officer takes them: it belongs on a
// memory file system (packaging/README.md). Memory is forgotten half a minute after somebody left, not at once, and by the overwriting of what is
// freed: a word of less than 16 bytes lies with others in one piece, which is freed when all are, and a stack whose memory went to the heap is
// overwritten when something is put there. On Windows the session has to set what forgetful sets. The display server and the driver
// of the graphics hold pictures of pages until they draw others; the tests look for texts, numbers and the bytes of portraits.
package seal
