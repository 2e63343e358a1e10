package station

import (
	"context"
	"path/filepath"

	"motcua/devices/voice"
	"motcua/kiosk/config"
)

// VoicesDir is where recordings lie, each in a directory of its own, below the data directory.
const VoicesDir = "voices"

// Voices lists the voices that can be chosen here; dir is the data directory.
func Voices(ctx context.Context, dir string) ([]voice.Known, error) {
	return voice.List(ctx, filepath.Join(dir, VoicesDir))
}

// SetVoice speaks with what the configuration says from the next text on. A voice that cannot be had leaves the one there is.
func (s *Station) SetVoice(cfg config.Config) {
	p := s.pick
	if p.cfg.Voice == cfg.Voice {
		return
	}
	p.cfg.Voice, p.sims = cfg.Voice, &Simulators{} // whether the voice is played does not change
	v, err := p.voice()
	if err != nil {
		s.log.Warn("voice.kept", "err", err)
		return
	}
	s.pick.cfg.Voice = cfg.Voice
	s.voice.Store(v)
	s.log.Info("voice.chosen", "language", cfg.Voice.Language, "pack", cfg.Voice.Pack)
}
