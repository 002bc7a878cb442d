// SPDX-License-Identifier: EUPL-1.2

// Package archtest keeps the house in order: its tests read the sources of the
// whole repository and fail when a rule of docs/architecture.md is broken.
//
//   - Imports run downward only: cmd → internal/app → internal/domain →
//     internal/base → internal/kit. A domain never imports another domain; what
//     belongs to two goes to base. data and migrations hold files and may be
//     imported by all; they import nothing of ours.
//   - Only web packages ({x}web beside {x}, internal/app, internal/kit/web) write
//     handlers of net/http or import templ or internal/kit/web; only internal/app
//     and cmd import a web package.
//   - Tables are named {package}_…; the SQL of a domain names its own tables and
//     those of base, the SQL of base those of base, the SQL of kit its own.
//   - SQL is one text for both engines: no ILIKE, = ANY(…), FOR UPDATE, now().
//   - No package is named models, services, utils, common, helpers or types. Every
//     package has a doc.go that says its rules in words.
//   - Files have at most 500 lines and functions at most 80, so that one reads them
//     in one go. Generated files are excepted.
//   - Every source begins with its licence: SPDX-License-Identifier: EUPL-1.2.
//   - No test skips itself.
//
// Each rule is a function over a file tree, and each is shown to fail on a bad
// example: a rule that cannot fail protects nothing.
package archtest
