// SPDX-License-Identifier: EUPL-1.2

// Package geo measures distances between places and holds simple outlines, so
// that maps and "near me" need no service outside the program.
//
// The rules, in words:
//
//   - A Point is latitude and longitude in degrees of WGS 84 (EPSG:4326). The
//     order is latitude first in Go and, as RFC 7946 asks, longitude first in
//     GeoJSON.
//   - Distances are along the great circle of a sphere with the mean radius of
//     the Earth (haversine). The error against the ellipsoid is below 0.6 per
//     cent: enough to say "3 km", never to measure land.
//   - A Box is a rectangle of degrees. Italy does not touch the antimeridian;
//     a Box that would cross it spans all longitudes instead of being wrong.
package geo
