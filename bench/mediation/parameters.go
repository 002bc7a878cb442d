// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
)

//go:embed parameters.json
var usual []byte

// number is one parameter, with where it comes from.
type number struct {
	Value float64 `json:"value"`
	Why   string  `json:"why"`
}

// parameters are what the region is made of; parameters.json says what each means.
type parameters map[string]number

// read gives the parameters of a file, or the usual ones.
func read(file string) (parameters, string, error) {
	text := usual
	if file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil { // #nosec G304 -- whoever runs the benchmark names it
			return nil, "", err
		}
	}
	var raw map[string]struct {
		Value any    `json:"value"`
		Why   string `json:"why"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&raw); err != nil {
		return nil, "", err
	}
	p, region := parameters{}, ""
	for name, one := range raw {
		switch v := one.Value.(type) {
		case float64:
			p[name] = number{Value: v, Why: one.Why}
		case string:
			region = v
		default:
			return nil, "", fmt.Errorf("parameter %s is neither a number nor a text", name)
		}
		if one.Why == "" {
			return nil, "", fmt.Errorf("parameter %s does not say where it comes from", name)
		}
	}
	return p, region, nil
}

// of gives a parameter; a name that is in no file is a mistake of this program.
func (p parameters) of(name string) float64 {
	n, ok := p[name]
	if !ok {
		panic("no parameter " + name)
	}
	return n.Value
}

func (p parameters) count(name string) int { return int(p.of(name)) }
