//go:build linux

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/cmd/internal/walk"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// officersCard is a card of a persona on the officers' reader.
func officersCard(t *testing.T, p cardsim.Persona, o cardsim.Options) hands {
	t.Helper()
	return simulatedCard(t, p, pcsctest.Addr2, o)
}

// TestDeskCard: a real service with two readers, the desk's window. An officer sets their own card, lays it down and is in, takes it away and is
// out; another's card and a copy are refused; the service dies under a card and the desk locks; after a new start the six digits are asked for.
func TestDeskCard(t *testing.T) {
	daemon := pcsctest.Start(t)
	r := newRig(t, 1920, 1080, "none") // the kiosk beside it has no reader
	r.setDesk("reader", pcsctest.Reader2)
	const chipAndPIN = time.Minute // a reading and a PIN beside other tests
	b := newBureau(t, r)
	b.slow = chipAndPIN
	me, other := cardsim.Personas()[0], cardsim.Personas()[1]
	mine := officersCard(t, me, cardsim.Options{})
	b.sees("Cán bộ đăng nhập", "Đặt thẻ căn cước của mình lên đầu đọc")
	b.types(storetest.TestPIN)
	b.press("Return")
	b.sees("Thẻ của tôi", "Gọi người tiếp theo")
	b.press("ctrl+k")
	b.sees("chỉ dùng mã PIN", "Đặt thẻ căn cước của mình")
	mine.lay()
	b.sees("Thẻ nằm trên đầu đọc")
	b.press("1", "Return")
	b.types(me.CAN())
	b.press("Return")
	b.types(storetest.TestPIN)
	b.press("Return")
	b.sees("Đã ghi: đặt thẻ là vào.", "Hiện nay: đặt thẻ là vào")
	mine.take()
	b.sees("Đặt thẻ căn cước của mình") // a PIN signed in: the card may go
	b.press("F10")
	b.sees("Cán bộ đăng nhập")
	mine.lay()
	b.sees("Gọi người tiếp theo", "Bùi Văn An")
	mine.take()
	b.sees("Cán bộ đăng nhập", "Đặt thẻ căn cước")
	b.press("Down") // the door works as ever

	for _, wrong := range []struct {
		card  hands
		words string
	}{
		{officersCard(t, other, cardsim.Options{}), "Gõ 6 số cuối"},
		{officersCard(t, me, cardsim.Options{Clone: true}), "Chip không có khóa riêng của thẻ này"},
	} {
		wrong.card.lay()
		b.sees(wrong.words)
		wrong.card.take()
		b.sees("Đặt thẻ căn cước của mình")
	}
	mine.lay()
	b.sees("Gọi người tiếp theo")
	daemon.Kill()
	b.sees("Cán bộ đăng nhập", "Chưa thấy đầu đọc thẻ")
	mine.take()
	daemon.Restart()
	b.sees("Đặt thẻ căn cước của mình")

	if err := b.desk.Stop(); err != nil {
		t.Fatal(err)
	}
	b = newBureau(t, r)
	b.slow = chipAndPIN
	b.sees("Cán bộ đăng nhập", "Đặt thẻ căn cước của mình")
	mine.lay()
	b.sees("Gõ 6 số cuối")
	b.types(me.CAN())
	b.press("Return")
	b.sees("Gọi người tiếp theo", "Bùi Văn An")
	mine.take()
	b.sees("Cán bộ đăng nhập")
	db, err := store.OpenReadOnly(r.data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
	saysNothingOf(t, r, b.desk, me)
}

// saysNothingOf looks for an officer's number in what the programs wrote.
func saysNothingOf(t *testing.T, r *rig, desk *walk.Kiosk, p cardsim.Persona) {
	t.Helper()
	if err := desk.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{r.data, r.shots} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasSuffix(name, ".png") {
				return err
			}
			text, err := os.ReadFile(filepath.Join(dir, name))
			for _, word := range []string{p.Number, p.DocumentNumber(), p.Name, "\"" + p.CAN() + "\"", "=" + p.CAN()} {
				if strings.Contains(string(text), word) {
					t.Errorf("%s has %q of an officer's card", name, word)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
