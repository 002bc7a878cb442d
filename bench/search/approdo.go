// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"approdo/internal/kit/search"
)

// own is the project's index.
type own struct{ index *search.Index }

func (o *own) build(c *corpus) error {
	o.index = search.New(search.Options{})
	o.index.Build(func(yield func(search.Document) bool) {
		for i := range c.services {
			if !yield(documentOf(&c.services[i])) {
				return
			}
		}
	})
	return nil
}

func documentOf(s *service) search.Document {
	d := search.Document{Key: fmt.Sprintf("service-%06d", s.id), Tags: []string{"province:" + s.province, "comune:" + s.comune}}
	for l, t := range s.texts {
		d.Texts = append(d.Texts,
			search.Text{Field: 0, Lang: languages[l], Text: t.name},
			search.Text{Field: 1, Lang: languages[l], Text: t.summary},
			search.Text{Field: 2, Lang: languages[l], Text: t.description})
	}
	for _, n := range s.needs {
		d.Tags = append(d.Tags, "need:"+n)
	}
	for _, n := range s.spoken {
		d.Tags = append(d.Tags, "spoken:"+n)
	}
	return d
}

func (o *own) ask(q *query) (int, error) {
	ask := search.Query{Text: q.text(), Lang: languages[q.language], Prefix: q.prefix, Enough: 1}
	if q.prefix {
		ask.All = [][]string{{"province:" + q.province}}
		ask.Facets, ask.FacetLimit = []string{"need", "spoken"}, 10
	}
	r := o.index.Search(ask)
	return r.Total, nil
}

func (o *own) extraMB() float64 { return 0 }

// close tells how long the index takes to start from a snapshot.
func (o *own) close() error {
	o.index.Close()
	var file bytes.Buffer
	if _, err := o.index.WriteTo(&file); err != nil {
		return err
	}
	size := file.Len()
	start := time.Now()
	if _, err := search.ReadFrom(&file, search.Options{}); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "approdo starts from a snapshot of %d MB in %.2f s\n", size>>20, time.Since(start).Seconds())
	return nil
}
