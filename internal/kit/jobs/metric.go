// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"approdo/internal/kit/db"
)

// metrics are numbers about jobs: those of this node as they end, and the queue as it stands.
type metrics struct {
	db    *db.DB
	done  *prometheus.CounterVec
	took  *prometheus.HistogramVec
	queue *prometheus.Desc
}

func newMetrics(d *db.DB) *metrics {
	return &metrics{
		db: d,
		done: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "approdo_job_attempts_total", Help: "Attempts at jobs on this node, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "approdo_job_duration_seconds", Help: "Time of one attempt.", Buckets: []float64{.01, .05, .25, 1, 5, 30, 120, 600},
		}, []string{"kind"}),
		queue: prometheus.NewDesc("approdo_jobs", "Jobs of the whole installation that are not done, by kind and state.",
			[]string{"kind", "state"}, nil),
	}
}

// Register adds the metrics of jobs to those of the program.
func (r *Runner) Register(registry prometheus.Registerer) error {
	for _, c := range []prometheus.Collector{r.metrics.done, r.metrics.took, r.metrics} {
		if err := registry.Register(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *metrics) ended(kind, outcome string, took time.Duration) {
	m.done.WithLabelValues(kind, outcome).Inc()
	m.took.WithLabelValues(kind).Observe(took.Seconds())
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(to chan<- *prometheus.Desc) { to <- m.queue }

// Collect implements prometheus.Collector: it asks the database.
func (m *metrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	list, err := Queue(ctx, m.db)
	if err != nil {
		to <- prometheus.NewInvalidMetric(m.queue, err)
		return
	}
	for _, n := range list {
		to <- prometheus.MustNewConstMetric(m.queue, prometheus.GaugeValue, float64(n.Jobs), n.Kind, n.State)
	}
}

// Count is how many jobs of a kind are in a state.
type Count struct {
	Kind, State string
	Jobs        int
}

// Queue counts the jobs that are not done, dead letters among them.
func Queue(ctx context.Context, q db.Querier) ([]Count, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (c Count, err error) {
		err = s.Scan(&c.Kind, &c.State, &c.Jobs)
		return c, err
	}, `SELECT kind, CAST(state AS TEXT), count(*) FROM river_job WHERE state <> 'completed' GROUP BY kind, state ORDER BY kind, state`)
}
