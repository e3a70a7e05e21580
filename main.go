// Command tocsin runs incidents from chat.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"tocsin/bot"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(bot.Main(ctx, bot.IO{Args: os.Args[1:], Env: os.Environ(), In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
