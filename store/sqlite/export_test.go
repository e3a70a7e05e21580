package sqlite

// WithPragmas returns options that set more on the writing connection.
func (o Options) WithPragmas(pragmas ...string) Options {
	o.pragmas = pragmas
	return o
}

// WithLayouts returns options of code that knows the layouts of this code and
// the further ones.
func (o Options) WithLayouts(further ...string) Options {
	o.layouts = append(layouts(), further...)
	return o
}

// OfLayout returns options of code that knows the first layouts only.
func (o Options) OfLayout(n int) Options {
	o.layouts = layouts()[:n]
	return o
}

// Layouts is how many layouts this code knows.
func Layouts() int { return len(layouts()) }
