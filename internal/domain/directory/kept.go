// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"sync"
)

// mostKept is how many entries stay decoded in memory: reading their JSON is most of the work of a
// page of results. A census of a province or two is kept whole.
const mostKept = 4096

// kept are decoded entries, for reading only: who wants to change one clones it (see Entry.In).
type kept struct {
	mu      sync.RWMutex
	entries map[string]Entry
}

// entries gives the entries among ids that exist, in the order of ids, as the index knows them.
func (f *Finder) entries(ctx context.Context, ids []string) ([]Entry, error) {
	found := make(map[string]Entry, len(ids))
	var missing []string
	f.kept.mu.RLock()
	for _, id := range ids {
		// An entry that was read just before it changed may have been kept just after: its number tells.
		if e, ok := f.kept.entries[id]; ok && e.Seq >= f.seqOf(id) {
			found[id] = e
		} else {
			missing = append(missing, id)
		}
	}
	f.kept.mu.RUnlock()
	read, err := f.directory.Entries(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, e := range read {
		found[e.ID] = e
	}
	f.kept.add(read)
	list := make([]Entry, 0, len(ids))
	for _, id := range ids {
		if e, ok := found[id]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}

func (f *Finder) seqOf(id string) int64 {
	if k := f.fact(id); k != nil {
		return k.source.Seq
	}
	return 0
}

// add keeps entries, dropping any others when there are too many.
func (k *kept) add(list []Entry) {
	if len(list) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.entries == nil {
		k.entries = map[string]Entry{}
	}
	for id := range k.entries {
		if len(k.entries)+len(list) <= mostKept {
			break
		}
		delete(k.entries, id)
	}
	for _, e := range list {
		if was, ok := k.entries[e.ID]; !ok || was.Seq < e.Seq {
			k.entries[e.ID] = e
		}
	}
}

// forget drops entries that have changed or are gone.
func (k *kept) forget(changes []Change) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range changes {
		delete(k.entries, c.ID)
	}
}
