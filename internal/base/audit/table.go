// SPDX-License-Identifier: EUPL-1.2

package audit

// Tables are where this package keeps data about persons, for the register of processing.
var Tables = []string{"audit_event", "audit_foreign", "audit_hash", "audit_checkpoint", "audit_sink"}
