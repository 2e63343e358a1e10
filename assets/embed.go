// Package assets holds the files that Motcua carries inside its binary: fonts, icons, pictures, texts and the
// definitions of services. It has no code but the embedding: who needs a file reads it from FS.
package assets

import "embed"

// FS holds calendar/*.yaml, colour/*.icc, fonts/*.ttf, icons/*.svg, papers/*.yaml, pictures/*.svg, places/*.csv, services/*.yaml, text/*.yaml and
// trust/*.der.
//
//go:embed calendar colour fonts icons papers pictures places services text trust
var FS embed.FS
