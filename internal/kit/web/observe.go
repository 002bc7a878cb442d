// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"approdo/internal/kit/fault"
)

// metrics are the HTTP server metrics of the OpenTelemetry semantic conventions
// (http.server.request.duration, http.server.active_requests), under the names
// that its Prometheus form gives them.
type metrics struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec
	active   prometheus.Gauge
	handler  http.Handler
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Help: "Duration of HTTP server requests.",
			Buckets: []float64{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10},
		}, []string{"http_request_method", "http_route", "http_response_status_code"}),
		active: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_server_active_requests", Help: "Number of active HTTP server requests.",
		}),
	}
	m.registry.MustRegister(m.duration, m.active, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
	return m
}

// MetricsRule says who may read the metrics: whoever asks from one of these addresses, or knows the
// token. They tell how much the site is used and when, which is nobody else's business.
type MetricsRule struct {
	From  []netip.Prefix // of the visitor; behind a trusted proxy, the one that the proxy names
	Token string         // sent as "Authorization: Bearer …"; "" for none
}

func (m MetricsRule) allows(r *http.Request) bool {
	for _, prefix := range m.From {
		if prefix.Contains(visitOf(r.Context()).addr) {
			return true
		}
	}
	sent, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && m.Token != "" && subtle.ConstantTimeCompare([]byte(sent), []byte(m.Token)) == 1
}

// serveMetrics answers whoever may not read them as if there were none.
func (rs *Routes) serveMetrics(w http.ResponseWriter, r *http.Request) error {
	if !rs.options.Metrics.allows(r) {
		return fault.NotFound("fault.no_page")
	}
	rs.metrics.handler.ServeHTTP(w, r)
	return nil
}

// knownMethods keeps what strangers make up out of the labels.
var knownMethods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// Handler is the whole site: the table inside all that every request goes through.
func (rs *Routes) Handler() http.Handler {
	guarded := rs.origin.Handler(rs.mux)
	return rs.observed(rs.secured(compressed(rs.recovered(guarded))))
}

// observed opens the visit, counts and logs it. The log has the pattern of the
// route, not the address: what people looked for and who they are stay unknown.
func (rs *Routes) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now() // a duration is measured, no rule depends on it
		v := rs.newVisit(r)
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		rec.Header().Set("X-Request-Id", v.id)
		rs.metrics.active.Inc()
		defer rs.metrics.active.Dec() // also when the answer is cut off
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
		took := time.Since(start)
		method, route := r.Method, v.route
		if !knownMethods[method] {
			method = "_OTHER"
		}
		rs.metrics.duration.WithLabelValues(method, route, strconv.Itoa(rec.status)).Observe(took.Seconds())
		rs.options.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("request", v.id),
			slog.String("method", method), slog.String("route", route), slog.Int("status", rec.status),
			slog.Int64("bytes", rec.bytes), slog.Duration("took", took), slog.String("lang", v.words.Lang()))
	})
}

// recovered turns a panic into one answer 500. http.ErrAbortHandler is a way of
// hanging up and passes.
func (rs *Routes) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			reason := recover()
			if reason == nil {
				return
			}
			if reason == http.ErrAbortHandler {
				panic(reason)
			}
			rs.options.Log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", RequestID(r.Context())),
				slog.String("route", visitOf(r.Context()).route), slog.String("stack", string(debug.Stack())))
			rs.fail(w, r, fmt.Errorf("panic: %T", reason)) // the value itself may quote what somebody typed
		}()
		next.ServeHTTP(&starter{w, visitOf(r.Context())}, r)
	})
}

// starter notes that an answer has begun: from then on an error cannot be shown any more.
type starter struct {
	http.ResponseWriter
	visit *visit
}

func (s *starter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *starter) WriteHeader(status int) {
	s.visit.started = true
	s.ResponseWriter.WriteHeader(status)
}

func (s *starter) Write(p []byte) (int, error) {
	s.visit.started = true
	return s.ResponseWriter.Write(p)
}

// Flush passes on, for libraries that look for the method.
func (s *starter) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
}

func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

func (rec *recorder) WriteHeader(status int) {
	if status >= 200 && !rec.wrote {
		rec.status, rec.wrote = status, true
	}
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) Write(p []byte) (int, error) {
	rec.wrote = true
	n, err := rec.ResponseWriter.Write(p)
	rec.bytes += int64(n)
	return n, err
}

// Flush passes on, since older libraries look for the method and not for Unwrap.
func (rec *recorder) Flush() { _ = http.NewResponseController(rec.ResponseWriter).Flush() }

func newRequestID() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails, says crypto/rand
	return hex.EncodeToString(id[:])
}

// healthy says that the process answers at all.
func healthy(w http.ResponseWriter, r *http.Request) error {
	NoStore(w)
	return JSON(w, r, http.StatusOK, map[string]string{"status": "ok"})
}

// ready says whether the process can do its work: database open, index loaded.
func (rs *Routes) ready(w http.ResponseWriter, r *http.Request) error {
	if err := rs.options.Ready(r.Context()); err != nil {
		return fault.Unavailable("fault.not_ready").Because(err)
	}
	return healthy(w, r)
}
