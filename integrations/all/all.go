// Package all is the one list of outside services: a new vendor is a folder
// beside this one and a line in [Open].
//
// It must not know what any of them is for; who uses them asks by role.
//
// The one idea: an integration that is not set up is not in the list.
package all

import (
	"context"
	"fmt"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/practice"
)

// House is what the running bot hands to every integration.
type House struct {
	Shelf practice.Shelf
	Now   func() time.Time
	News  func(pager string) integrations.PageNews // where a pager reports; by its name
}

// Runner is an integration that has something to do all the time, once in
// each replica.
type Runner interface {
	integrations.Integration
	Run(ctx context.Context) error
}

// Open makes every integration that is set up, the practice pager last.
func Open(h House) ([]integrations.Integration, error) {
	var open []integrations.Integration
	for _, one := range []func(House) (integrations.Integration, error){
		openPractice,
	} {
		i, err := one(h)
		if err != nil {
			return nil, fmt.Errorf("open integrations: %w", err)
		}
		if i != nil {
			open = append(open, i)
		}
	}
	return open, nil
}

func openPractice(h House) (integrations.Integration, error) {
	p, err := practice.Open(practice.Options{Shelf: h.Shelf, Now: h.Now, News: h.News(practice.Name)})
	if err != nil {
		return nil, err
	}
	return p, nil
}
