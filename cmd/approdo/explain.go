// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"os"
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

// terminalLanguage is that of people who run the program: Italian unless the machine speaks
// something else, then English.
func terminalLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if v == "C" || v == "POSIX" || strings.HasPrefix(v, "C.") || strings.HasPrefix(v, "it") {
				return "it"
			}
			return "en"
		}
	}
	return "it"
}
