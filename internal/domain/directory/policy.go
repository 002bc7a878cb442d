// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	_ "embed"

	"approdo/internal/base/access"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with the census.
func Policy() access.Policy { return access.Policy{Name: "directory/policy.cedar", Text: policyText} }
