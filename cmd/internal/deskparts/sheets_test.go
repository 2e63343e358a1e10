package deskparts

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// A folder of a scanner as the board sees it, with codes that people are told.
func TestSheets(t *testing.T) {
	dir := t.TempDir()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"a.png": data.Bytes(), "b.png": []byte("no picture"), "c.pdf": []byte("%PDF")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := NewSheets(dir, func() time.Time { return time.Now().Add(time.Minute) })
	list, others, err := s.Waiting()
	if err != nil || len(list) != 2 || others != 1 {
		t.Fatalf("%+v, %d others, %v", list, others, err)
	}
	if got, err := s.Read("a.png", 1<<20); err != nil || !bytes.HasPrefix(got, []byte("\xff\xd8")) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := s.Read("b.png", 1<<20); fault.CodeOf(err) != fault.PictureBad {
		t.Errorf("no picture: %v", err)
	}
	if _, err := s.Read("d.png", 1<<20); fault.CodeOf(err) != fault.ScansFailed {
		t.Errorf("no file: %v", err)
	}
	for _, one := range list {
		if one.Name == "a.png" {
			if err := s.Remove(one); err != nil {
				t.Error(err)
			}
		}
	}
	found := s.Part().Look(t.Context())
	if found.State != health.Present || len(found.Lines) != 2 || found.Lines[0].Args[0] != 1 || found.Lines[1].Args[0] != 1 {
		t.Errorf("%+v", found)
	}
	if found := NewSheets(filepath.Join(dir, "gone"), time.Now).Part().Look(t.Context()); found.State != health.Failed || found.Code != fault.ScansFailed {
		t.Errorf("no folder: %+v", found)
	}
}
