// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ar"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/mapping"
	blevequery "github.com/blevesearch/bleve/v2/search/query"
)

// bleveEngine has one document for each service, with every text in a field
// of its language, analysed by bleve's analyzer for that language.
type bleveEngine struct {
	index bleve.Index
	dir   string
}

var fieldWeights = [3]float64{8, 3, 1.5}

func fieldOf(part, language int) string {
	return [3]string{"name", "summary", "description"}[part] + "_" + languages[language]
}

func bleveMapping() mapping.IndexMapping {
	doc := bleve.NewDocumentStaticMapping()
	for part := range 3 {
		for l := range languages {
			field := bleve.NewTextFieldMapping()
			field.Analyzer = languages[l]
			field.Store, field.IncludeTermVectors, field.IncludeInAll, field.DocValues = false, false, false, false
			doc.AddFieldMappingsAt(fieldOf(part, l), field)
		}
	}
	for _, tag := range []string{"province", "comune", "need", "spoken"} {
		field := bleve.NewTextFieldMapping()
		field.Analyzer = keyword.Name
		field.Store, field.IncludeTermVectors, field.IncludeInAll = false, false, false
		doc.AddFieldMappingsAt(tag, field)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func (b *bleveEngine) build(c *corpus) error {
	var err error
	if b.dir, err = os.MkdirTemp("", "bench-bleve"); err != nil {
		return err
	}
	if b.index, err = bleve.New(b.dir+"/index", bleveMapping()); err != nil {
		return err
	}
	batch := b.index.NewBatch()
	for i := range c.services {
		s := &c.services[i]
		doc := map[string]any{"province": s.province, "comune": s.comune, "need": s.needs, "spoken": s.spoken}
		for l, t := range s.texts {
			for part, text := range [3]string{t.name, t.summary, t.description} {
				doc[fieldOf(part, l)] = text
			}
		}
		if err := batch.Index(fmt.Sprint(s.id), doc); err != nil {
			return err
		}
		if batch.Size() == 2000 || i == len(c.services)-1 {
			if err := b.index.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return nil
}

// word is one word in any field of the language.
func (b *bleveEngine) word(q *query, at int) blevequery.Query {
	var any []blevequery.Query
	for part, weight := range fieldWeights {
		if q.prefix && at == 1 {
			p := bleve.NewPrefixQuery(q.words[at])
			p.SetField(fieldOf(part, q.language))
			p.SetBoost(weight)
			any = append(any, p)
			continue
		}
		m := bleve.NewMatchQuery(q.words[at])
		m.SetField(fieldOf(part, q.language))
		m.SetBoost(weight)
		if q.wrong == at {
			m.SetFuzziness(1)
		}
		any = append(any, m)
	}
	return bleve.NewDisjunctionQuery(any...)
}

func (b *bleveEngine) ask(q *query) (int, error) {
	all := bleve.NewConjunctionQuery(b.word(q, 0), b.word(q, 1))
	if q.prefix {
		province := bleve.NewTermQuery(q.province)
		province.SetField("province")
		province.SetBoost(0)
		all.AddQuery(province)
	}
	request := bleve.NewSearchRequestOptions(all, 10, 0, false)
	if q.prefix {
		request.AddFacet("need", bleve.NewFacetRequest("need", 10))
		request.AddFacet("spoken", bleve.NewFacetRequest("spoken", 10))
	}
	r, err := b.index.Search(request)
	if err != nil {
		return 0, err
	}
	return int(r.Total), nil
}

func (b *bleveEngine) extraMB() float64 { runtime.KeepAlive(b); return 0 }

func (b *bleveEngine) close() error {
	err := b.index.Close()
	return firstError(err, os.RemoveAll(b.dir))
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
