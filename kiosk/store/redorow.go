package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// This file is the form of a record of the redo log: bytes that may have been torn, or written by somebody else, so that nothing in
// them is believed before it was measured against what is left.
//
//	record  kind(1) schema before after count change…
//	head    seq hash(32)
//	change  op(1) table key row           row is missing in a deletion
//	key,row count value…
//	value   kind(1) and: nothing, a signed varint, 8 bytes, or a length and bytes
//
// Numbers are varints.

// Kinds of records.
const (
	recordStart byte = iota + 1 // the first of a segment: where the journal stood then
	recordRows                  // what a transaction changed
	recordStep                  // a migration, to the version in schema
)

// Kinds of values, as SQLite has them.
const (
	valueNull byte = iota
	valueInt
	valueFloat
	valueText
	valueBlob
)

// maxRecord is the longest record, in bytes: a filing's content is at most maxContent, and a transaction writes few of them.
const maxRecord = 64 << 20

// errRecord: bytes that are no record.
var errRecord = errors.New("not a record of the redo log")

// head is where the journal stands: the number and hash of its last entry, 0 and zero bytes for an empty one.
type head struct {
	seq  int64
	hash [sha256.Size]byte
}

// change is one row that a transaction wrote or removed.
type change struct {
	op    byte // opInsert, opUpdate or opDelete
	table string
	key   []any // rowid or primary key, as it was before
	row   []any // as it is afterwards, in the order of the table's columns; nil if it is gone
}

const (
	opInsert byte = 'i'
	opUpdate byte = 'u'
	opDelete byte = 'd'
)

// redoRecord is one transaction.
type redoRecord struct {
	kind          byte
	schema        int // version of the tables that the rows belong to
	before, after head
	changes       []change
}

// journaled reports whether the transaction wrote to the journal, which nearly all do.
func (r redoRecord) journaled() bool { return r.before != r.after }

func (r redoRecord) encode() []byte {
	b := binary.AppendUvarint([]byte{r.kind}, uint64(r.schema))
	for _, h := range []head{r.before, r.after} {
		b = append(binary.AppendUvarint(b, uint64(h.seq)), h.hash[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(r.changes)))
	for _, c := range r.changes {
		b = append(b, c.op)
		b = appendBytes(b, []byte(c.table))
		b = appendValues(b, c.key)
		if c.op != opDelete {
			b = appendValues(b, c.row)
		}
	}
	return b
}

func appendBytes(b, text []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendValues(b []byte, values []any) []byte {
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			b = binary.AppendVarint(append(b, valueInt), v)
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, valueFloat), math.Float64bits(v))
		case string:
			b = appendBytes(append(b, valueText), []byte(v))
		case []byte:
			b = appendBytes(append(b, valueBlob), v)
		default:
			b = append(b, valueNull)
		}
	}
	return b
}

// parseRecord reads what encode wrote, and nothing else: errRecord.
func parseRecord(text []byte) (redoRecord, error) {
	d := decoder{rest: text}
	r := redoRecord{kind: d.byte(), schema: int(d.number(math.MaxInt32))}
	for _, h := range []*head{&r.before, &r.after} {
		h.seq = int64(d.number(math.MaxInt64))
		copy(h.hash[:], d.take(sha256.Size))
	}
	for range d.number(uint64(len(text))) {
		c := change{op: d.byte(), table: string(d.bytes()), key: d.values()}
		if c.op != opDelete {
			c.row = d.values()
		}
		if d.wrong || c.op != opInsert && c.op != opUpdate && c.op != opDelete {
			return redoRecord{}, errRecord
		}
		r.changes = append(r.changes, c)
	}
	if d.wrong || len(d.rest) > 0 || r.kind < recordStart || r.kind > recordStep || !bytes.Equal(r.encode(), text) {
		return redoRecord{}, errRecord
	}
	return r, nil
}

// decoder takes a record apart. Once something is wrong it gives zeros.
type decoder struct {
	rest  []byte
	wrong bool
}

func (d *decoder) take(n uint64) []byte {
	if n > uint64(len(d.rest)) {
		d.wrong, d.rest = true, nil
		return nil
	}
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (d *decoder) number(most uint64) uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 || n > most {
		d.wrong, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) bytes() []byte { return d.take(d.number(maxRecord)) }

func (d *decoder) values() []any {
	n := d.number(uint64(len(d.rest))) // each value takes a byte at least
	out := make([]any, 0, min(n, 64))
	for range n {
		var v any
		switch d.byte() {
		case valueNull:
		case valueInt:
			n, size := binary.Varint(d.rest)
			if size <= 0 {
				d.wrong = true
				return nil
			}
			d.rest = d.rest[size:]
			v = n
		case valueFloat:
			if b := d.take(8); len(b) == 8 {
				v = math.Float64frombits(binary.BigEndian.Uint64(b))
			}
		case valueText:
			v = string(d.bytes())
		case valueBlob:
			v = append([]byte{}, d.bytes()...)
		default:
			d.wrong = true
		}
		if d.wrong {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// Around each record stand its length, its checksum, and its length again, so that the last one is found from the end:
//
//	length(4) record SHA-256(32) length(4)
const (
	lengthBytes = 4
	frameBytes  = lengthBytes + sha256.Size + lengthBytes
)

func frame(record []byte) ([]byte, error) {
	if len(record) > maxRecord {
		return nil, fmt.Errorf("a transaction of %d bytes is too long for the redo log", len(record))
	}
	n := binary.BigEndian.AppendUint32(nil, uint32(len(record)))
	out := append(append(make([]byte, 0, len(record)+frameBytes), n...), record...)
	sum := sha256.Sum256(out)
	return append(append(out, sum[:]...), n...), nil
}

// unframe gives the record in a whole frame.
func unframe(b []byte) ([]byte, error) {
	if len(b) < frameBytes {
		return nil, errRecord
	}
	n := binary.BigEndian.Uint32(b)
	end := len(b) - lengthBytes - sha256.Size
	sum := sha256.Sum256(b[:end])
	if int64(n) != int64(len(b)-frameBytes) || !bytes.Equal(sum[:], b[end:end+sha256.Size]) || !bytes.Equal(b[:lengthBytes], b[len(b)-lengthBytes:]) {
		return nil, errRecord
	}
	return b[lengthBytes:end], nil
}
