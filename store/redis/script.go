package redis

import _ "embed"

// script is the whole of writing; its steps are described in it.
//
//go:embed script.lua
var script string
