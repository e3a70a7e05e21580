package store_test

import (
	"bytes"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/storetest"
)

func emptyStore() *store.Store {
	return store.New(storetest.NewMemory(func() time.Time { return noon }), store.Options{})
}

func FuzzRestore(f *testing.F) {
	s := emptyStore()
	if err := s.Keep(f.Context(), "a", nil, []byte("value")); err != nil {
		f.Fatal(err)
	}
	if err := s.Owe(f.Context(), noon, store.Job{Key: "incident/a/1/pages/send", Stream: "incident/a", Lane: store.PageLane}); err != nil {
		f.Fatal(err)
	}
	var dump bytes.Buffer
	if _, err := s.Dump(f.Context(), &dump); err != nil {
		f.Fatal(err)
	}
	f.Add(dump.Bytes())
	f.Add([]byte("{\"dump\":\"tocsin\",\"format\":1}\n{\"rows\":0,\"sha256\":\"\"}\n"))
	f.Add([]byte("{\"dump\":\"tocsin\",\"format\":1}\n{\"kind\":\"entry\",\"key\":\"incident/a\",\"score\":-1}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		to := emptyStore()
		_, err := to.Restore(t.Context(), noon, bytes.NewReader(b))
		if err == nil {
			return // the hash was right
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused with %v, want an invalid dump", err)
		}
		for row := range to.Rows(t.Context()) {
			t.Fatalf("a refused dump left the row %+v", row)
		}
	})
}
