package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"

	"tocsin/incident/fault"
)

// A dump is lines of JSON: a first one that says what it is, one for each row,
// and a last one with their count and the SHA-256 of every byte before it.
type dumpHead struct {
	Dump   string `json:"dump"`
	Format int    `json:"format"`
}

type dumpRow struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Name  string `json:"name,omitempty"`
	Score int64  `json:"score,omitempty"`
	Value []byte `json:"value,omitempty"`
}

type dumpTail struct {
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

const (
	dumpName   = "tocsin"
	dumpFormat = 1
	dumpLine   = 2*MaxValue + 4096 // longest line that is read
)

// Dump implements [Vault].
func (s *Store) Dump(ctx context.Context, w io.Writer) (rows int, err error) {
	sum := sha256.New()
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := json.NewEncoder(io.MultiWriter(buffered, sum))
	if err := out.Encode(dumpHead{Dump: dumpName, Format: dumpFormat}); err != nil {
		return 0, unwritten(err)
	}
	err = s.d.Walk(ctx, func(r Row) error {
		rows++
		if err := out.Encode(dumpRow(r)); err != nil {
			return unwritten(err)
		}
		return nil
	})
	if err != nil {
		return rows, err
	}
	tail := dumpTail{Rows: rows, SHA256: hex.EncodeToString(sum.Sum(nil))}
	if err := json.NewEncoder(buffered).Encode(tail); err != nil {
		return rows, unwritten(err)
	}
	if err := buffered.Flush(); err != nil {
		return rows, unwritten(err)
	}
	return rows, nil
}

func unwritten(err error) error {
	return fault.Wrap(fault.Unavailable, err, "The backup could not be written.")
}

// Rows implements [Vault].
func (s *Store) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stop := errors.New("enough")
		err := s.d.Walk(ctx, func(r Row) error {
			if !yield(r, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Row{}, err)
		}
	}
}

// dumpReader reads a dump row by row, and holds it against its last line.
type dumpReader struct {
	lines *bufio.Scanner
	sum   hash.Hash
	rows  int
}

// openDump reads the first line.
func openDump(r io.Reader) (*dumpReader, error) {
	d := &dumpReader{lines: bufio.NewScanner(r), sum: sha256.New()}
	d.lines.Buffer(make([]byte, 0, 1<<16), dumpLine)
	var head dumpHead
	if !d.lines.Scan() || strictly(d.lines.Bytes(), &head) != nil || head.Dump != dumpName {
		return nil, fault.New(fault.Invalid, "This file is no backup of tocsin; nothing was restored.")
	}
	if head.Format != dumpFormat {
		return nil, fault.New(fault.Invalid, "This backup has format %d and this tocsin reads format %d; nothing was restored.", head.Format, dumpFormat)
	}
	d.hash(d.lines.Bytes())
	return d, nil
}

func (d *dumpReader) hash(line []byte) {
	d.sum.Write(line)
	d.sum.Write([]byte{'\n'})
}

// next reads a row; io.EOF comes after the last line was found right.
func (d *dumpReader) next() (Row, error) {
	if !d.lines.Scan() {
		if err := d.lines.Err(); err != nil {
			return Row{}, fault.Wrap(fault.Invalid, err, "The backup cannot be read to its end; nothing was restored.")
		}
		return Row{}, fault.New(fault.Invalid, "The backup has no last line: it is cut off, and nothing was restored.")
	}
	line := d.lines.Bytes()
	if bytes.HasPrefix(line, []byte(`{"rows":`)) {
		return Row{}, d.end(line)
	}
	var r dumpRow
	if err := strictly(line, &r); err != nil || !r.sound() {
		return Row{}, fault.New(fault.Invalid, "Row %d of the backup is damaged; nothing was restored.", d.rows+1)
	}
	d.hash(line)
	d.rows++
	if r.Value == nil && r.Kind != "member" {
		r.Value = []byte{}
	}
	return Row(r), nil
}

func (d *dumpReader) end(line []byte) error {
	var tail dumpTail
	if strictly(line, &tail) != nil || tail.Rows != d.rows || tail.SHA256 != hex.EncodeToString(d.sum.Sum(nil)) {
		return fault.New(fault.Invalid, "The backup is not what was written: its hash differs, and nothing was restored.")
	}
	if d.lines.Scan() {
		return fault.New(fault.Invalid, "Something stands behind the last line of the backup; nothing was restored.")
	}
	return io.EOF
}

// sound says whether every driver could have kept the row.
func (r dumpRow) sound() bool {
	_, err := rowOp(Row(r))
	return err == nil
}

// rowOp is the write that keeps a row.
func rowOp(r Row) (Op, error) {
	var o Op
	switch r.Kind {
	case "record":
		o = Op{Kind: OpPut, Key: r.Key, Value: r.Value}
	case "entry":
		o = Op{Kind: OpAppend, Key: r.Key, Score: r.Score, Value: r.Value}
	case "member":
		o = Op{Kind: OpAdd, Key: r.Key, Member: r.Name, Score: r.Score}
	default:
		return o, fmt.Errorf("a row of kind %q", r.Kind)
	}
	return o, o.validate(map[string]int64{})
}

// strictly reads JSON that has no field more than v.
func strictly(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}
