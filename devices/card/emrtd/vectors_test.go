package emrtd

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// fixedKeys makes a source of random numbers that yields the given private keys: GenerateKey reduces modulo n-1 and
// adds 1.
func fixedKeys(keys ...[]byte) *bytes.Reader {
	var all []byte
	for _, k := range keys {
		n := new(big.Int).SetBytes(k)
		all = append(all, n.Sub(n, big.NewInt(1)).FillBytes(make([]byte, len(k)+8))...)
	}
	return bytes.NewReader(all)
}

func TestBACVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		seed := sha1.Sum([]byte(v.In("mrz_information")))
		if !bytes.Equal(seed[:16], v.OutHex(t, "K_seed")) {
			t.Errorf("seed %X", seed[:16])
		}
		if v.Kind == "bac_kseed" {
			return
		}
		enc, mac := bacKeys(v.In("mrz_information"))
		if !bytes.Equal(enc, v.OutHex(t, "Kenc")) || !bytes.Equal(mac, v.OutHex(t, "Kmac")) {
			t.Errorf("keys %X %X", enc, mac)
		}
		play := cardtest.NewPlayback(t, cardtest.Recording{Steps: []cardtest.Step{
			{Command: "0084000008", Response: v.In("RND_IC") + "9000"},
			{Command: v.Out("cmd_apdu"), Response: v.Out("E_IC") + v.Out("M_IC") + "9000"},
			// The first command of D.4 shows that session keys and counter are right.
			{Command: "0ca4020c158709016375432908c044f68e08bf8b92d635ff24f800", Response: "990290008e08fa855a5d4c50a8ed9000"},
		}})
		c := New(play)
		c.Random = bytes.NewReader(append(v.InHex(t, "RND_IFD"), v.InHex(t, "K_IFD")...))
		if err := c.BAC(context.Background(), v.In("mrz_information")); err != nil {
			t.Fatal(err)
		}
		if err := (&fileReader{conn: c, file: COM}).selectFile(context.Background()); err != nil {
			t.Error(err)
		}
	}, "bac_full", "bac_kseed")
}

func TestPasswordKeyVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		p := MRZ(lds.MRZInformation(v.In("doc_no"), v.In("dob"), v.In("doe")))
		if !bytes.Equal(p.secret, v.InHex(t, "sha1_mrz")) {
			t.Errorf("K %X", p.secret)
		}
		if k := secmsg.KDF(p.secret, secmsg.CounterPassword, secmsg.AES128); !bytes.Equal(k, v.OutHex(t, "Kpi")) {
			t.Errorf("Kπ %X", k)
		}
	}, "kdf_pi")
}

func TestLeadingZeroVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		c := ec.BrainpoolP256r1()
		public, err := c.Decode(v.InHex(t, "chip_public"))
		if err != nil {
			t.Fatal(err)
		}
		secret := c.EncodeX(c.Multiply(new(big.Int).SetBytes(v.InHex(t, "terminal_private")), public))
		if !bytes.Equal(secret, v.OutHex(t, "shared_x")) {
			t.Errorf("secret %X", secret)
		}
		enc, mac := secmsg.KDF(secret, 1, secmsg.AES128), secmsg.KDF(secret, 2, secmsg.AES128)
		if !bytes.Equal(enc, v.OutHex(t, "KSenc")) || !bytes.Equal(mac, v.OutHex(t, "KSmac")) {
			t.Errorf("keys %X %X", enc, mac)
		}
	}, "ecdh_kdf_leading_zero")
}

// paceChip answers PACE as a chip with the private keys of a worked example does, computed here.
func paceChip(t *testing.T, v cardtest.Vector, password []byte, info lds.PACEInfo) cardtest.Recording {
	t.Helper()
	c, ok := ec.ByID(info.ParameterID)
	if !ok {
		t.Fatal("curve")
	}
	number := func(key string) *big.Int { return new(big.Int).SetBytes(v.InHex(t, key)) }
	nonce := v.InHex(t, "nonce_s")
	key := secmsg.KDF(password, secmsg.CounterPassword, info.Cipher)
	z, err := info.Cipher.Encrypt(key, nil, nonce)
	if err != nil {
		t.Fatal(err)
	}
	g := c.Generator()
	mapTerminal, mapChip := c.Multiply(number("terminalPrivateKey"), g), c.Multiply(number("chipPrivateKey"), g)
	mapped := c.Add(c.Multiply(new(big.Int).SetBytes(nonce), g), c.Multiply(number("terminalPrivateKey"), mapChip))
	if want := v.Out("mapped_generator"); !strings.EqualFold(hex.EncodeToString(c.Encode(mapped)), want) {
		t.Fatalf("mapped generator %X", c.Encode(mapped))
	}
	terminal, chip := c.Multiply(number("terminalEphemeralPrivateKey"), mapped), c.Multiply(number("chipEphemeralPrivateKey"), mapped)
	point := func(tag string, p ec.Point) string { return "7c43" + tag + "41" + hex.EncodeToString(c.Encode(p)) }
	return cardtest.Recording{Steps: []cardtest.Step{
		{Command: "0022c1a40f800a04007f00070202040202830102", Response: "9000"},
		{Command: "10860000027c0000", Response: "7c128010" + hex.EncodeToString(z) + "9000"},
		{Command: "1086000045" + point("81", mapTerminal) + "00", Response: point("82", mapChip) + "9000"},
		{Command: "1086000045" + point("83", terminal) + "00", Response: point("84", chip) + "9000"},
		{Command: "008600000c7c0a8508" + strings.ToLower(v.Out("T_IFD")) + "00", Response: "7c0a8608" + strings.ToLower(v.Out("T_IC")) + "9000"},
	}}
}

// TestPACEVectors: among the examples is PACE-15, a shared secret that begins with a zero byte.
func TestPACEVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		id, _ := v.Inputs["param_id"].(float64)
		info, ok := lds.NewPACEInfo(v.In("oid"), int(id))
		if !ok {
			t.Fatal("PACE info")
		}
		if info.Mapping == lds.DHGenericMapping {
			exampleG2(t, v, info)
			return
		}
		password := CAN("000017")
		var recording cardtest.Recording
		if mrz, ok := v.Inputs["mrz"].(map[string]any); ok {
			password = MRZ(lds.MRZInformation(mrz["doc_no"].(string), mrz["dob"].(string), mrz["doe"].(string)))
			recording = exampleG1(t, v)
		} else {
			recording = paceChip(t, v, password.secret, info)
		}
		c := New(cardtest.NewPlayback(t, recording))
		c.Random = fixedKeys(v.InHex(t, "terminalPrivateKey"), v.InHex(t, "terminalEphemeralPrivateKey"))
		if err := c.PACE(context.Background(), info, password); err != nil {
			t.Fatal(err)
		}
		checkSession(t, c, v.OutHex(t, "KSenc"), v.OutHex(t, "KSmac"))
	}, "pace")
}

// exampleG2 is PACE over numbers. No APDUs are published: what is checked is what they would carry.
func exampleG2(t *testing.T, v cardtest.Vector, info lds.PACEInfo) {
	t.Helper()
	g, ok := dh.ByID(info.ParameterID)
	if !ok {
		t.Fatal("group")
	}
	number := func(key string) *big.Int { return new(big.Int).SetBytes(v.InHex(t, key)) }
	private, chip := number("pcd_private"), number("picc_public")
	mapped := new(big.Int).SetBytes(v.OutHex(t, "mapped_generator"))
	if h := number("shared_secret_H"); !bytes.Equal(g.Encode(h.Mul(h, new(big.Int).Exp(g.G, number("nonce_s"), g.P)).Mod(h, g.P)), g.Encode(mapped)) {
		t.Error("mapped generator")
	}
	secret := g.Encode(g.Shared(private, chip))
	if !bytes.Equal(secret, v.OutHex(t, "shared_secret")) {
		t.Errorf("shared secret %X", secret)
	}
	p := &pace{info: info, group: mustGroup(t, info.ParameterID)}
	if oid, err := der.EncodeOID(info.OID); err != nil {
		t.Fatal(err)
	} else {
		p.oid = oid
	}
	macKey := secmsg.KDF(secret, secmsg.CounterMAC, info.Cipher)
	for name, y := range map[string]*big.Int{"T_IFD": chip, "T_IC": number("pcd_public")} {
		e, err := p.group.Decode(g.Encode(y))
		if err != nil {
			t.Fatal(err)
		}
		if token, err := p.token(macKey, e); err != nil || !bytes.Equal(token, v.OutHex(t, name)) {
			t.Errorf("%s %X, %v", name, token, err)
		}
	}
	for name, counter := range map[string]uint32{"KSenc": secmsg.CounterEncryption, "KSmac": secmsg.CounterMAC} {
		if k := secmsg.KDF(secret, counter, info.Cipher); !bytes.Equal(k, v.OutHex(t, name)) {
			t.Errorf("%s %X", name, k)
		}
	}
}

func mustGroup(t *testing.T, id int) agree.Group {
	t.Helper()
	g, ok := agree.ByID(id)
	if !ok {
		t.Fatal("group", id)
	}
	return g
}

func exampleG1(t *testing.T, v cardtest.Vector) cardtest.Recording {
	t.Helper()
	apdus, _ := v.Expected["apdus"].(map[string]any)
	get := func(key string) string { s, _ := apdus[key].(string); return s }
	steps := []cardtest.Step{{Command: get("initializePaceMsgTerminal"), Response: "9000"}}
	for _, n := range []string{"1", "2", "3", "4"} {
		prefix := "generalAuthenticateStep" + n
		steps = append(steps, cardtest.Step{Command: get(prefix + "MsgTerminal"), Response: get(prefix + "MsgChip")})
	}
	return cardtest.Recording{Steps: steps}
}

// checkSession: the session has the keys, told by what it makes of a command.
func checkSession(t *testing.T, c *Conn, enc, mac []byte) {
	t.Helper()
	want, err := secmsg.NewSession(c.Cipher(), enc, mac, nil)
	if err != nil {
		t.Fatal(err)
	}
	command := (&fileReader{conn: c, file: DG1}).command(false)
	a, err := want.Protect(command)
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.session.Protect(command)
	if err != nil || !bytes.Equal(a.Data, b.Data) {
		t.Errorf("the session protects as %X, want %X, %v", b.Data, a.Data, err)
	}
}

// The APDUs of G.1 come as records of their own too; together they are one run.
func TestPACEAPDUs(t *testing.T) {
	var steps []cardtest.Step
	cardtest.EachVector(t, func(_ *testing.T, v cardtest.Vector) {
		if len(steps) < 5 {
			steps = append(steps, cardtest.Step{Command: v.Out("capdu"), Response: v.Out("rapdu")})
		}
	}, "pace_apdu")
	info, _ := lds.NewPACEInfo("0.4.0.127.0.7.2.2.4.2.2", 13)
	c := New(cardtest.NewPlayback(t, cardtest.Recording{Steps: steps}))
	c.Random = fixedKeys(cardtest.Hex(t, "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"),
		cardtest.Hex(t, "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"))
	if err := c.PACE(context.Background(), info, MRZ(lds.MRZInformation("T22000129", "640812", "101031"))); err != nil {
		t.Fatal(err)
	}
}

func TestPACETranscripts(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		files, _ := v.Inputs["card_access"].([]any)
		infos, err := lds.ParseCardAccess(cardtest.Hex(t, files[0].(string)))
		if err != nil {
			t.Fatal(err)
		}
		info := infos.PACE()[0]
		info.Ambiguous = true // the recorded terminal always names the parameters
		apdus, _ := v.Expected["apdus"].([]any)
		var steps []cardtest.Step
		for _, a := range apdus {
			step := a.(map[string]any)
			steps = append(steps, cardtest.Step{Command: step["c"].(string), Response: step["r"].(string)})
		}
		privates, _ := v.Inputs["terminal_privates"].([]any)
		c := New(cardtest.NewPlayback(t, cardtest.Recording{Steps: steps}))
		c.Random = fixedKeys(cardtest.Hex(t, privates[0].(string)), cardtest.Hex(t, privates[1].(string)))
		if err := c.PACE(context.Background(), info, Password{refMRZ, v.InHex(t, "K_sha1_mrz")}); err != nil {
			t.Fatal(err)
		}
		afters, _ := v.Expected["sm_after"].([]any)
		after, _ := afters[0].(map[string]any)
		checkSession(t, c, cardtest.Hex(t, after["KSenc"].(string)), cardtest.Hex(t, after["KSmac"].(string)))
	}, "pace_transcript")
}
