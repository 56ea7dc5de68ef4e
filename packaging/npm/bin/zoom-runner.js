#!/usr/bin/env node
// Runs the program of this platform's package, with the same streams, signals and exit code.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `zoom-runner-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/zoom-runner`);
} catch {
  console.error(`error: the package ${name} is not installed. Install zoom-runner without --omit=optional; ` +
    "if there is no such package, build the program with cargo.");
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`error: ${program} could not be started: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
