// Package worker does to the outside world what events call for, each thing once.
package worker
