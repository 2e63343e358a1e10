package voice

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// nameForm is the name of a voice or of recordings.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Known is a voice that is there.
type Known struct {
	Name    string // for Options.Language, or with Pack for Options.Pack
	Pack    bool   // recordings
	Title   string // what it is called: "Vietnamese (Northern)"
	Records int    // sentences that were recorded
	Lacking int    // files of them that are not there
	Wrong   error  // why recordings cannot be used
}

// listTime is how long espeak-ng may take to name its voices.
const listTime = 5 * time.Second

// most is how many voices are listed.
const most = 40

// List names the voices of espeak-ng for Vietnamese, and the recordings in dir. Without espeak-ng there are none of its voices.
func List(ctx context.Context, dir string) ([]Known, error) {
	all, err := spoken(ctx)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return nil, err
	}
	names, err := packs(dir)
	for _, name := range names[:min(len(names), most)] {
		k := Known{Name: name, Pack: true, Title: name}
		if p, wrong := openPack(filepath.Join(dir, name)); wrong != nil {
			k.Wrong = wrong
		} else {
			k.Records, k.Lacking = len(p.files), len(p.lacking())
			if p.title != "" {
				k.Title = p.title
			}
		}
		all = append(all, k)
	}
	return all, err
}

// spoken asks espeak-ng for its voices; ErrAbsent if it is not there.
func spoken(ctx context.Context) ([]Known, error) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	if _, err := exec.LookPath(speaker); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrAbsent, speaker)
	}
	out, err := exec.CommandContext(ctx, speaker, "--voices="+language).Output()
	if err != nil {
		return nil, fmt.Errorf("voice: %s: %w", speaker, err)
	}
	return parseVoices(string(out)), nil
}

// parseVoices reads the table that espeak-ng prints: a head, then priority, language, age and gender, name and file of each voice.
func parseVoices(table string) []Known {
	var all []Known
	for i, line := range strings.Split(table, "\n") {
		f := strings.Fields(line)
		if i == 0 || len(f) < 5 || !nameForm.MatchString(f[1]) || len(all) == most {
			continue
		}
		all = append(all, Known{Name: f[1], Title: title(strings.ReplaceAll(f[3], "_", " "))})
	}
	return all
}

// knows reports whether espeak-ng has a voice.
func knows(ctx context.Context, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	return nameForm.MatchString(name) && exec.CommandContext(ctx, speaker, "-v", name, "-q", "a").Run() == nil
}
