// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"approdo/internal/kit/fault"
)

// exitCode is the code for an error that has been explained.
func exitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		return exitUsage
	case fault.Is(err, fault.KindInvalid), fault.Is(err, fault.KindTooLarge), fault.Is(err, fault.KindUnsupported):
		return exitInput
	}
	return 1
}

// explain writes an error for the person at the terminal: a fault with its key and arguments.
func explain(err error) string {
	faults := fault.All(err)
	if len(faults) == 0 {
		return err.Error()
	}
	var lines []string
	for _, f := range faults {
		var args []string
		for name, value := range f.Message.Args {
			args = append(args, fmt.Sprintf("%s=%v", name, value))
		}
		slices.Sort(args)
		lines = append(lines, strings.TrimSpace(strings.Join(append([]string{f.Error()}, args...), " ")))
	}
	return strings.Join(lines, "\n  ")
}
