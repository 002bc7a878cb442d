// SPDX-License-Identifier: EUPL-1.2

package main

import "crypto/sha256"

// tree is the Merkle tree of RFC 6962 over leaves that come one by one: the roots of its complete
// subtrees, the largest first.
type tree struct {
	size  int64
	roots [][32]byte
}

func (t *tree) add(leaf []byte) {
	t.roots = append(t.roots, sha256.Sum256(append([]byte{0}, leaf...)))
	t.size++
	for n := t.size; n%2 == 0; n /= 2 { // each factor of two completes a subtree
		last := len(t.roots) - 2
		t.roots = append(t.roots[:last], join(t.roots[last], t.roots[last+1]))
	}
}

func (t *tree) root() [32]byte {
	if len(t.roots) == 0 {
		return sha256.Sum256(nil)
	}
	root := t.roots[len(t.roots)-1]
	for i := len(t.roots) - 2; i >= 0; i-- {
		root = join(t.roots[i], root)
	}
	return root
}

func join(left, right [32]byte) [32]byte {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
