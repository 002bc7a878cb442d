// SPDX-License-Identifier: EUPL-1.2

package agendaweb

// For the tests of this package alone.
var ReadXML = readXML
