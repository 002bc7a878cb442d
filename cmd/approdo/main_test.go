// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestMain lets the test binary be the program itself, so that tests run it as people do.
func TestMain(m *testing.M) {
	if os.Getenv("APPRODO_TEST_MAIN") == "1" {
		main()
		return
	}
	if err := os.Setenv("LANG", "en_GB.UTF-8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// program prepares a run of approdo over a data folder.
func program(ctx context.Context, t *testing.T, where []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(ctx, self, append(args, where...)...)
	c.Env = append(os.Environ(), "APPRODO_TEST_MAIN=1", "LANG=en_GB.UTF-8")
	return c
}

// result is what a finished run left behind.
type result struct {
	out, err string
	code     int
}

func run(t *testing.T, where []string, args ...string) result {
	t.Helper()
	c := program(context.Background(), t, where, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// here runs a command in this process: it reads the same flags and gives the same exit code, and what
// it costs is the command.
func here(t *testing.T, where []string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	root := newRoot()
	root.SetArgs(append(slices.Clone(args), where...))
	root.SetOut(&out)
	root.SetErr(&errs)
	code := execute(context.Background(), root, &errs)
	return result{out.String(), errs.String(), code}
}

func TestDemoSearchDoctor(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	if r := here(t, where, "doctor"); r.code != exitAttention {
		t.Errorf("doctor of an empty folder: %+v", r)
	}
	if r := here(t, where, "demo", "--json"); r.code != 0 || !strings.Contains(r.out, `"service":{"created":380`) {
		t.Fatalf("demo: %+v", r)
	}
	if r := here(t, where, "demo"); r.code != 0 || !strings.Contains(r.out, "0 new      0 changed    380 as before") {
		t.Errorf("demo again: %+v", r)
	}
	if r := here(t, where, "doctor"); r.code != 0 {
		t.Errorf("doctor: %+v", r)
	}
	r := here(t, where, "search", "تجديد تصريح الإقامة", "--json")
	var answer struct {
		Total    int
		Language string
		Items    []struct{ Needs []string }
	}
	if err := json.Unmarshal([]byte(r.out), &answer); err != nil || answer.Total == 0 || answer.Language != "ar" || answer.Items[0].Needs[0] != "residence-permit" {
		t.Errorf("search: %v, %+v", err, r)
	}
	if r := here(t, where, "search", "medico", "Marsala", "--lang", "fr"); r.code != 0 || !strings.Contains(r.out, "Marsala") {
		t.Errorf("search for people: %+v", r)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	for _, tc := range []struct {
		args []string
		code int
	}{
		{[]string{"version"}, 0},
		{[]string{"--help"}, 0},
		{[]string{"search", "--help"}, 0},
		{[]string{"fly"}, exitUsage},
		{[]string{"search", "--colour"}, exitUsage},
		{[]string{"search", "x", "--lang", "xx"}, exitInput},
		{[]string{"search", "x", "--territory", "Atlantide"}, exitInput},
		{[]string{"search", "x", "--for", "shoes:44"}, exitInput},
		{[]string{"search", "x", "--near", "north"}, exitInput},
		{[]string{"search", "x", "--need", "happiness"}, exitInput},
		{[]string{"search", "x", "--radius-km", "5"}, exitInput},
		{[]string{"demo", "--database", "mysql://x"}, exitInput},
	} {
		if r := here(t, where, tc.args...); r.code != tc.code || tc.code != 0 && r.err == "" {
			t.Errorf("%v: code %d, want %d: %s", tc.args, r.code, tc.code, r.err)
		}
	}
}

// What went wrong is said in a sentence, in the language of the machine.
func TestErrorsAreSentences(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ language, value, want string }{
		{"LC_ALL=it_IT.UTF-8", "Atlantide", "Non conosciamo il territorio «Atlantide»"},
		{"LC_ALL=en_GB.UTF-8", "Atlantide", "“Atlantide”"},
	} {
		c := program(context.Background(), t, []string{"--data", t.TempDir()}, "search", "x", "--territory", tc.value)
		c.Env = append(c.Env, tc.language)
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), tc.want) || strings.Contains(string(out), "territory.unknown") {
			t.Errorf("%s: %s, want %q", tc.language, out, tc.want)
		}
	}
}
