package vncard

import "motcua/devices/card/emrtd"

// progress adds up what is read. Sizes of files not begun are those of the software card and of published specimens.
type progress struct {
	report func(Progress)
	now    Progress
	sizes  map[emrtd.File]int
	read   map[emrtd.File]int
}

func newProgress(report func(Progress)) progress {
	sizes := map[emrtd.File]int{emrtd.SOD: 1900, emrtd.DG1: 95, emrtd.DG13: 500, emrtd.DG14: 400, emrtd.DG15: 100, emrtd.DG2: 15000}
	return progress{report: report, now: Progress{TotalFiles: len(sizes)}, sizes: sizes, read: map[emrtd.File]int{}}
}

func (p *progress) at(f emrtd.File, read, size int) {
	p.sizes[f], p.read[f] = size, read
	p.send(f)
}

func (p *progress) done(f emrtd.File, whole bool) {
	if whole {
		p.now.Files++
	} else {
		p.skip(f)
		p.now.FilesFailed++
	}
	p.send(f)
}

// skip takes a file that does not come out of the sum.
func (p *progress) skip(f emrtd.File) { p.sizes[f], p.read[f] = 0, 0 }

func (p *progress) send(f emrtd.File) {
	if p.report == nil {
		return
	}
	p.now.File, p.now.Bytes, p.now.TotalBytes = f, 0, 0
	for file, size := range p.sizes {
		p.now.TotalBytes += size
		p.now.Bytes += p.read[file]
	}
	p.report(p.now)
}
