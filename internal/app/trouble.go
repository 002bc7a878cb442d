// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"io/fs"
	"net"
	"syscall"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Trouble is what the machine refuses as a fault, and any other error as it is.
func Trouble(err error) error {
	if known := trouble(err); known != nil && (len(fault.All(err)) == 0 || db.IsFull(err)) {
		return known
	}
	return err
}

// trouble gives the fault for what the machine refuses: whoever runs the program reads what to do, and
// not the name of a system call. nil is for everything that the machine has no part in.
func trouble(err error) *fault.Error {
	var at *net.OpError
	var path *fs.PathError
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), db.IsFull(err):
		return fault.Unavailable("machine.full").Because(err)
	case errors.Is(err, db.ErrNewer):
		return fault.Conflict("machine.newer").Because(err)
	case errors.As(err, &at) && at.Op == "listen":
		return listening(err, at)
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		return fault.Forbidden("machine.denied", "path", path.Path).Because(err)
	case errors.As(err, &path) && errors.Is(err, syscall.ENOTDIR):
		return fault.Invalid("data", "machine.no_folder", "path", path.Path).Because(err)
	}
	return nil
}

// listening says why nobody can be served at an address.
func listening(err error, at *net.OpError) *fault.Error {
	address := ""
	if at.Addr != nil {
		address = at.Addr.String()
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.Conflict("machine.address_taken", "address", address).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return fault.Forbidden("machine.address_denied", "address", address).Because(err)
	}
	return fault.Invalid("addr", "machine.address").Because(err)
}
