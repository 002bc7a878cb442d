// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"approdo/internal/kit/fault"
)

// Limiter keeps one sender from flooding a form. Each address has a bucket of
// burst tokens that fills at so many a minute. The address is kept only as a keyed
// hash whose key lives in memory and changes every day, so that nobody can be
// traced, not even by us. It is per process: with n nodes the limit is n times as high.
type Limiter struct {
	perMinute float64
	burst     float64
	clock     func() time.Time

	mu      sync.Mutex
	day     string
	salt    [32]byte
	buckets map[[16]byte]bucket
}

type bucket struct {
	tokens float64
	last   time.Time
}

// maxBuckets bounds the memory. Beyond it full buckets are forgotten, which costs
// nobody anything, and if that is not enough all of them.
const maxBuckets = 50_000

// NewLimiter allows burst requests at once and perMinute after that.
func NewLimiter(perMinute, burst int, clock func() time.Time) *Limiter {
	return &Limiter{perMinute: float64(perMinute), burst: float64(burst), clock: clock, buckets: map[[16]byte]bucket{}}
}

// Allow takes a token for the sender of r, or answers TooMany.
func (l *Limiter) Allow(w http.ResponseWriter, r *http.Request) error { return l.Spend(w, r, 1) }

// Spend takes n tokens: a limiter may count bytes, too. What is more than the whole bucket is never allowed.
func (l *Limiter) Spend(w http.ResponseWriter, r *http.Request, n int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	key := l.key(visitOf(r.Context()).addr, now)
	b, ok := l.buckets[key]
	if !ok {
		b = bucket{tokens: l.burst, last: now}
		l.prune(now)
	}
	b = l.refill(b, now)
	if b.tokens < float64(n) {
		wait := int((float64(n)-b.tokens)/l.perMinute*60) + 1
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		l.buckets[key] = b
		return fault.TooMany("fault.too_many.text")
	}
	b.tokens -= float64(n)
	l.buckets[key] = b
	return nil
}

func (l *Limiter) refill(b bucket, now time.Time) bucket {
	b.tokens = min(l.burst, b.tokens+now.Sub(b.last).Minutes()*l.perMinute)
	b.last = now
	return b
}

// household is the address up to where one sender differs from another: in IPv6 a
// household has a whole /64.
func household(addr netip.Addr) netip.Addr {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	if prefix, err := addr.Prefix(bits); err == nil {
		return prefix.Addr()
	}
	return addr
}

// Visitor tells the sender of r from others. It is personal data: hash it under a key
// that is soon forgotten, and keep it nowhere.
func Visitor(r *http.Request) string { return household(visitOf(r.Context()).addr).String() }

// key hashes the address with the salt of the day.
func (l *Limiter) key(addr netip.Addr, now time.Time) (key [16]byte) {
	if day := now.UTC().Format(time.DateOnly); day != l.day {
		l.day = day
		_, _ = rand.Read(l.salt[:]) // never fails, says crypto/rand
		clear(l.buckets)
	}
	mac := hmac.New(sha256.New, l.salt[:])
	mac.Write(household(addr).AsSlice())
	copy(key[:], mac.Sum(nil))
	return key
}

func (l *Limiter) prune(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for key, b := range l.buckets {
		if l.refill(b, now).tokens >= l.burst {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}
