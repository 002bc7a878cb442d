// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// BenchmarkImport reads and saves 10,000 services.
func BenchmarkImport(b *testing.B) {
	list := fixed(100)
	var many []directory.Entry
	for i := range 10_000 {
		e := list[i%len(list)]
		e.ID = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
		e.Name = fmt.Sprintf("Servizio %d", i)
		e.Sites = nil
		many = append(many, e)
	}
	for _, format := range []exchange.Format{exchange.HSDSJSON, exchange.HSDSCSV} {
		var out bytes.Buffer
		if err := exchange.Write(context.Background(), &out, format, entries(many...), exchange.ExportOptions{}); err != nil {
			b.Fatal(err)
		}
		source := exchange.Source{Name: fileNames[format], Data: out.Bytes()}
		b.Run("read/"+string(format), func(b *testing.B) {
			b.SetBytes(int64(out.Len()))
			for b.Loop() {
				if batch, _, err := exchange.Read(context.Background(), source, exchange.Options{}); err != nil || len(batch.Services) != len(many) {
					b.Fatal(err, len(batch.Services))
				}
			}
		})
		b.Run("read and save/"+string(format), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				uses := directory.New(dbtest.SQLite(b, migrations.FS), clock)
				b.StartTimer()
				batch, report, err := exchange.Read(context.Background(), source, exchange.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, _, err := exchange.Save(context.Background(), uses, batch, report, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
