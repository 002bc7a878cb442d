// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"

	"approdo/data"
)

// DemoSource is the source of the bodies and projects of the demo network.
const DemoSource = "demo-network"

// Hours are the hours of an activity by part; a plain number stands under "".
type Hours map[string]int

// UnmarshalYAML reads a number or a map of numbers.
func (h *Hours) UnmarshalYAML(node *yaml.Node) error {
	var one int
	if node.Decode(&one) == nil {
		*h = Hours{"": one}
		return nil
	}
	return node.Decode((*map[string]int)(h))
}

// fact is a body as the file of facts has it.
type fact struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	LongName string   `yaml:"long_name"`
	Kind     string   `yaml:"kind"`
	Aliases  []string `yaml:"aliases"`
	Unit     string   `yaml:"unit"`
	Address  string   `yaml:"address"`
	Seat     string   `yaml:"seat"`
}

// Demo reads the twelve real projects and their bodies: facts alone, from data/demo/projects.yaml.
// Body identifiers in the projects become those of the organizations.
func Demo() ([]Organization, []Project, []Fund, error) {
	text, err := data.FS.ReadFile("demo/projects.yaml")
	if err != nil {
		return nil, nil, nil, err
	}
	var file struct {
		Funds    []Fund    `yaml:"funds"`
		Bodies   []fact    `yaml:"bodies"`
		Projects []Project `yaml:"projects"`
	}
	// A word that is no field of ours is a comma too many, which would cut a fact in two.
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	if err := strict.Decode(&file); err != nil {
		return nil, nil, nil, fmt.Errorf("data/demo/projects.yaml: %w", err)
	}
	var bodies []Organization
	for _, f := range file.Bodies {
		o := Organization{Kind: f.Kind, Aliases: f.Aliases, Unit: f.Unit, Source: DemoSource, Seat: f.Seat, Address: f.Address}
		o.ID, o.Name, o.AlternateName = BodyID(f.ID), f.Name, f.LongName
		bodies = append(bodies, o)
	}
	for i := range file.Projects {
		p := &file.Projects[i]
		p.resolve()
		for _, f := range file.Funds {
			if f.Code == p.Fund {
				p.FundName, p.FundAuthority = f.Name, f.Authority
			}
		}
		p.number()
		p.Language = "en" // in which the file of facts is written
	}
	for i := range file.Funds {
		file.Funds[i].emblems()
	}
	return bodies, file.Projects, file.Funds, nil
}

// emblems puts in words what such a fund asks for: the Union's financing (art. 50 of Regulation (EU)
// 2021/1060, and before it art. 22 of Regulation (EU) 514/2014), the fund and its authority. All
// funds of the demo network are of the Union. Other pictures are for whoever has them to upload.
func (f *Fund) emblems() {
	name, _, _ := strings.Cut(f.Name, " (") // without remarks
	const union = "Unione europea"
	for _, text := range []string{union, name, f.Authority} {
		if text != "" {
			f.Emblems = append(f.Emblems, Emblem{Text: text, Union: text == union})
		}
	}
	f.ShowsCUP = true
}

func (p *Project) resolve() {
	if p.Lead != "" {
		p.Lead = BodyID(p.Lead)
	}
	for i, id := range p.Partners {
		p.Partners[i] = BodyID(id)
	}
	for i := range p.Contractors {
		p.Contractors[i].Body = BodyID(p.Contractors[i].Body)
	}
	for i := range p.Activities {
		if p.Activities[i].Body != "" {
			p.Activities[i].Body = BodyID(p.Activities[i].Body)
		}
	}
}

// BodyID is the identifier of a body of the demo network.
func BodyID(short string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://approdo.example/network/"+short)).String()
}
