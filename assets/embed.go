// Package assets holds the files that Motcua carries inside its binary: fonts, icons, pictures, texts and the
// definitions of services. It has no code but the embedding: who needs a file reads it from FS.
package assets

import "embed"

// FS holds fonts/*.ttf, icons/*.svg, pictures/*.svg, services/*.yaml, text/*.yaml and
// trust/*.der.
//
//go:embed fonts icons pictures services text trust
var FS embed.FS
