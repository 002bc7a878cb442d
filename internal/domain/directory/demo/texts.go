// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"

	"approdo/data"
	"approdo/internal/kit/lang"
)

// texts are those of one service in one language.
type texts struct {
	Title       string `json:"title"`
	Summary     string `json:"summary"`
	Description string `json:"description"`
	ForWhom     string `json:"for_whom"`
	How         string `json:"how"`
	Outcome     string `json:"outcome"`
}

// planned is a row of plan.csv.
type planned struct {
	need                          string
	bodies                        [2]string
	documents                     []string
	cost, access, time, condition string
	hours                         [2]string
	eligibility                   string
}

// source is everything that the files say.
type source struct {
	plan      []planned
	italian   map[string]map[string]texts // need → variant → texts
	languages map[string]map[string]texts // language → need → texts of variant a
	phrases   map[string]map[string]string
}

func read() (source, error) {
	s := source{languages: map[string]map[string]texts{}, phrases: map[string]map[string]string{}}
	if err := readJSON("demo/texts/it.json", &s.italian); err != nil {
		return s, err
	}
	for _, language := range lang.All {
		var phrases map[string]string
		if err := readJSON("demo/phrases/"+language+".json", &phrases); err != nil {
			return s, err
		}
		s.phrases[language] = phrases
		if language == "it" {
			continue
		}
		var translated map[string]texts
		if err := readJSON("demo/texts/"+language+".json", &translated); err != nil {
			return s, err
		}
		s.languages[language] = translated
	}
	return s, s.readPlan()
}

func readJSON(name string, into any) error {
	text, err := data.FS.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("data/%s: %w", name, err)
	}
	return nil
}

func (s *source) readPlan() error {
	file, err := data.FS.Open("demo/plan.csv")
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("data/demo/plan.csv: %w", err)
	}
	for _, r := range rows[1:] {
		s.plan = append(s.plan, planned{
			need: r[0], bodies: [2]string{r[1], r[2]}, documents: strings.Fields(r[3]), cost: r[4], access: r[5],
			hours: [2]string{r[6], r[7]}, time: r[8], condition: r[9], eligibility: r[10],
		})
	}
	return nil
}
