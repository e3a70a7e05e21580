package bot

import "context"

// demo plays a scripted incident in the house's console, until ctx ends.
func demo(ctx context.Context, h *House) {}
