// The app that tocsin is measured against: Bolt for JavaScript with its HTTP
// receiver, which checks the signature of a slash command and acknowledges it,
// and does nothing else. It says where it listens, as tocsin does.
"use strict";

const { App, HTTPReceiver, LogLevel } = require("@slack/bolt");

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  endpoints: "/hooks/slack",
  logLevel: LogLevel.ERROR,
});

const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  // Who the bot is, without asking Slack: nothing is called while it is measured.
  authorize: async () => ({ botToken: "xoxb-fake", botId: "B0BENCH", botUserId: "U0BENCH" }),
});

app.command("/incident", async ({ ack }) => {
  await ack();
});

app.start({ port: 0, host: "127.0.0.1" }).then((server) => {
  console.log(`bolt is ready: http://127.0.0.1:${server.address().port}/`);
});
