// SPDX-License-Identifier: EUPL-1.2

package vault

// Tables are where this package keeps data about persons, for the register of processing.
var Tables = []string{"vault_key"}
