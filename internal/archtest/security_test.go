// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package archtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	requirement = regexp.MustCompile(`^\| (V[0-9]+\.[0-9]+\.[0-9]+) \| ([123]) \| ([a-z ]+) \| (.+) \|$`)
	docLink     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
)

// states that a requirement may have in docs/security.md.
var states = map[string]bool{"holds": true, "does not apply": true, "installation": true, "beyond": true, "not yet": true}

// fields in which the target is level 3; elsewhere it is level 2.
var deepest = regexp.MustCompile(`^V(8\.|14\.|15\.4\.|16\.)`)

// checkSecurity looks at the map of the requirements: none missing, none twice, the level right, each
// with where or why, and every link to a file or test that is there.
func checkSecurity(root fs.FS, text string, wanted map[string]string) []error {
	var wrong []error
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		for _, m := range docLink.FindAllStringSubmatch(line, -1) {
			if err := follow(root, m[1]); err != nil {
				wrong = append(wrong, err)
			}
		}
		m := requirement.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			if strings.HasPrefix(line, "| V") {
				wrong = append(wrong, fmt.Errorf("this line is no requirement: %s", line))
			}
			continue
		}
		id, level, state, why := m[1], m[2], m[3], m[4]
		switch {
		case wanted[id] == "":
			wrong = append(wrong, fmt.Errorf("%s is no requirement", id))
		case seen[id]:
			wrong = append(wrong, fmt.Errorf("%s stands twice", id))
		case wanted[id] != level:
			wrong = append(wrong, fmt.Errorf("%s is of level %s", id, wanted[id]))
		case !states[state]:
			wrong = append(wrong, fmt.Errorf("%s: there is no state %q", id, state))
		case state == "beyond" && (level != "3" || deepest.MatchString(id)):
			wrong = append(wrong, fmt.Errorf("%s is within the target and can't be beyond it", id))
		case state == "holds" && !strings.Contains(why, "](") && !strings.Contains(why, "The table") && !strings.Contains(why, "The section"):
			wrong = append(wrong, fmt.Errorf("%s holds, and nothing shows it", id))
		case len(why) < 8:
			wrong = append(wrong, fmt.Errorf("%s: %q says nothing", id, why))
		}
		seen[id] = true
	}
	for id := range wanted {
		if !seen[id] {
			wrong = append(wrong, fmt.Errorf("%s is missing", id))
		}
	}
	return wrong
}

// follow says what is wrong with a link from docs/: to a file, or to a test in it.
func follow(root fs.FS, link string) error {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "#") {
		return nil
	}
	file, test, _ := strings.Cut(link, "#")
	file = path.Join("docs", file)
	info, err := fs.Stat(root, file)
	if err != nil {
		return fmt.Errorf("the link %s leads nowhere", link)
	}
	if test == "" || info.IsDir() {
		return nil
	}
	source, err := fs.ReadFile(root, file)
	if err != nil {
		return err
	}
	if !strings.Contains(string(source), "func "+test+"(") {
		return fmt.Errorf("%s has no test %s", file, test)
	}
	return nil
}

func wantedRequirements(t *testing.T) map[string]string {
	t.Helper()
	list, err := os.ReadFile(filepath.Join("testdata", "asvs-5.0.0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{}
	for line := range strings.Lines(string(list)) {
		id, level, _ := strings.Cut(strings.TrimSpace(line), " ")
		wanted[id] = level
	}
	return wanted
}

// Every requirement of the standard is answered, and no answer points at what is not there.
func TestSecurityMap(t *testing.T) {
	t.Parallel()
	root := os.DirFS(filepath.Join("..", ".."))
	wanted := wantedRequirements(t)
	if len(wanted) != 345 {
		t.Fatalf("the standard has 345 requirements, the list %d", len(wanted))
	}
	for _, name := range []string{"docs/security.md", "docs/access.md"} {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		requirements := wanted
		if name != "docs/security.md" {
			requirements = nil
		}
		for _, err := range checkSecurity(root, string(text), requirements) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecurityMapCanFail(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{"a_test.go": {Data: []byte("package a\n\nfunc TestA(t *testing.T) {}\n")}}
	wanted := map[string]string{"V1.1.1": "2", "V8.2.4": "3"}
	good := "| V1.1.1 | 2 | holds | [`TestA`](../a_test.go#TestA) |\n| V8.2.4 | 3 | does not apply | There is no such thing. |\n"
	if err := errors.Join(checkSecurity(root, good, wanted)...); err != nil {
		t.Errorf("good: %v", err)
	}
	for name, text := range map[string]string{
		"missing":         strings.Split(good, "\n")[0],
		"dead link":       strings.ReplaceAll(good, "a_test.go", "b_test.go"),
		"no such test":    strings.ReplaceAll(good, "#TestA", "#TestB"),
		"wrong level":     strings.ReplaceAll(good, "| 2 |", "| 1 |"),
		"no such state":   strings.ReplaceAll(good, "holds", "maybe"),
		"nothing shows":   strings.ReplaceAll(good, "[`TestA`](../a_test.go#TestA)", "trust us, it does"),
		"twice":           good + strings.Split(good, "\n")[0],
		"unknown":         good + "| V9.9.9 | 2 | holds | [a](../a_test.go) |",
		"within target":   strings.ReplaceAll(good, "does not apply", "beyond"),
		"not a row":       good + "| V1.1.2 holds |",
		"says too little": strings.ReplaceAll(good, "There is no such thing.", "no"),
	} {
		if len(checkSecurity(root, text, wanted)) == 0 {
			t.Errorf("%s: nothing was found", name)
		}
	}
}
