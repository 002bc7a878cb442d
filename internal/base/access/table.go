// SPDX-License-Identifier: EUPL-1.2

package access

// Tables are where this package keeps data about persons, for the register of processing.
var Tables = []string{"access_relation", "access_glass"}
