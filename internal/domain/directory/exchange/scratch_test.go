package exchange_test

import (
	"approdo/internal/domain/directory/exchange"
	"context"
	"fmt"
	"os"
	"testing"
)

func TestScratch(t *testing.T) {
	for _, p := range os.Args[len(os.Args)-1:] {
		_ = p
	}
	p := os.Getenv("P")
	b, r, err := exchange.Read(context.Background(), exchange.Source{Path: p}, exchange.Options{})
	fmt.Println(err, r.Formats, r.Files, r.Read, r.Skipped, len(b.Services), len(b.Organizations), len(b.Locations), len(b.Terms))
	for _, x := range r.Problems {
		fmt.Println(x.Severity, x.Place("en"), "|", x.Text("en"))
	}
}
