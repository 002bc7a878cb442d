// SPDX-License-Identifier: EUPL-1.2

package upload

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/google/uuid"

	"approdo/internal/kit/fault"
)

// Kept is a file in the folder. The zero Kept is none.
type Kept struct {
	Name   string `json:"name,omitempty"` // made by the program: "0199….pdf"
	Type   string `json:"type,omitempty"` // media type
	Size   int64  `json:"size,omitempty"` // bytes
	SHA256 string `json:"sha256,omitempty"`
}

// None says whether there is no file.
func (k Kept) None() bool { return k.Name == "" }

// Folder is where files are kept.
type Folder struct{ path string }

// Open makes the folder when it is not there. Only its owner may look into it.
func Open(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("upload: the folder can't be made: %w", err)
	}
	return &Folder{path}, nil
}

// Keep reads a file to its end and keeps it. It fails with TooLarge, or with Unsupported when it
// is nothing that is accepted; field names the field of the form.
func (f *Folder) Keep(field string, source io.Reader, accept Accept) (Kept, error) {
	content, k, err := accept.Take(field, source)
	if err != nil {
		return Kept{}, err
	}
	return k, f.write(k.Name, content)
}

// Take reads a file to its end under the same rules and gives what is to be kept of it: for who keeps
// it sealed somewhere else than in a folder.
func (a Accept) Take(field string, source io.Reader) ([]byte, Kept, error) {
	content, err := io.ReadAll(io.LimitReader(source, a.Bytes+1))
	if err != nil {
		return nil, Kept{}, err
	}
	if int64(len(content)) > a.Bytes {
		return nil, Kept{}, fault.TooLarge(field, "upload.too_large", "megabytes", a.Bytes>>20)
	}
	content, kind, err := a.read(field, content)
	if err != nil {
		return nil, Kept{}, err
	}
	sum := sha256.Sum256(content)
	return content, Kept{
		Name: uuid.Must(uuid.NewV7()).String() + kind.ending, Type: kind.media, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

func (f *Folder) write(name string, content []byte) (err error) {
	draft, err := os.CreateTemp(f.path, ".draft-*")
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(draft.Name())
		}
	}()
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	return os.Rename(draft.Name(), filepath.Join(f.path, name))
}

// names are those that Keep makes: nothing else is ever opened.
var names = regexp.MustCompile(`^[0-9a-f-]{36}\.[a-z0-9.]{1,10}$`)

// Read gives the whole file, and an error when it is not there or not what was kept.
func (f *Folder) Read(k Kept) ([]byte, error) {
	if !names.MatchString(k.Name) {
		return nil, fmt.Errorf("upload: %q is no name of ours", k.Name)
	}
	content, err := os.ReadFile(filepath.Join(f.path, k.Name)) // #nosec G304 -- the name was checked above
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != k.SHA256 {
		return nil, fmt.Errorf("upload: %s is not the file that was kept", k.Name)
	}
	return content, nil
}

// Remove takes away a file whose record was not written, or may be kept no longer.
func (f *Folder) Remove(k Kept) error {
	if !names.MatchString(k.Name) {
		return fmt.Errorf("upload: %q is no name of ours", k.Name)
	}
	err := os.Remove(filepath.Join(f.path, k.Name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
