package paper

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"io"

	"codeberg.org/go-pdf/fpdf"
)

// Render writes the form, filled with the values, as PDF. Nothing is written if there is an error.
func (f *Form) Render(w io.Writer, v Values) error {
	p := newPress(f, v)
	for i := range f.layout.Blocks {
		p.block(i)
		if p.err != nil {
			return p.err
		}
	}
	var buf bytes.Buffer
	if err := p.pdf.Output(&buf); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	data, err := identify(buf.Bytes())
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// describe sets what the file says of itself: the form's title and nothing of whom it is about.
func (p *press) describe() {
	l := p.form.layout
	day := l.Version.Time()
	p.pdf.SetCatalogSort(true) // or fonts come in the order of a map
	p.pdf.SetCreationDate(day)
	p.pdf.SetModificationDate(day)
	p.pdf.SetTitle(l.Title, true)
	p.pdf.SetProducer(producer, true)
	p.pdf.SetLang("vi-VN")
	p.pdf.SetDisplayMode("default", "default")
	p.pdf.SetXmpMetadata(fmt.Appendf(nil, xmp, html.EscapeString(l.Title), day.Format("2006-01-02T15:04:05"), producer))
	p.pdf.AddOutputIntent(fpdf.OutputIntentType{SubtypeIdent: fpdf.OutputIntent_GTS_PDFA1,
		OutputConditionIdentifier: "sRGB", Info: "sRGB IEC61966-2.1", ICCProfile: p.form.colour})
}

const producer = "Motcua"

// xmp is the metadata of ISO 19005-2, 6.6: title, dates, producer and what the file conforms to.
const xmp = "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" + `
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>%[2]s</xmp:CreateDate><xmp:ModifyDate>%[2]s</xmp:ModifyDate>
<pdf:Producer>%[3]s</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`

var errTrailer = errors.New("paper: the PDF has no trailer")

// identify puts the identifier into the trailer that ISO 19005-2, 6.1.3 asks for and the PDF library leaves out. It is a
// hash of the content, so equal forms have equal identifiers. Offsets do not move: the trailer follows what has them.
func identify(pdf []byte) ([]byte, error) {
	mark := []byte("trailer\n<<\n")
	i := bytes.LastIndex(pdf, mark)
	if i < 0 {
		return nil, errTrailer
	}
	i += len(mark)
	sum := sha256.Sum256(pdf)
	id := fmt.Sprintf("/ID [<%x><%[1]x>]\n", sum[:16])
	return append(append(bytes.Clone(pdf[:i]), id...), pdf[i:]...), nil
}
