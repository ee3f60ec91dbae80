#!/usr/bin/env node
// What an old Node can run: it has to say that it is too old before it loads what it can't run.
var NEEDED = 24; // the same as engines in package.json
if (parseInt(process.versions.node, 10) < NEEDED) {
  console.error(
    'se5-gateway: this is Node ' +
      process.versions.node +
      '; needed is Node ' +
      NEEDED +
      ' or newer. Install it from https://nodejs.org, and run this again.',
  );
  process.exitCode = 1;
} else {
  void import('../dist/command/main.js');
}
