#!/usr/bin/env node
// What an old Node can run: it has to say that it is too old before it loads what it can't run.
var NEEDED = [24, 9]; // the same as engines in package.json
var version = String(process.versions.node).split('.').map(Number);
if (version[0] < NEEDED[0] || (version[0] === NEEDED[0] && version[1] < NEEDED[1])) {
  console.error(
    'se5-simulate: this is Node ' +
      process.versions.node +
      '; needed is Node ' +
      NEEDED.join('.') +
      ' or newer. Install it from https://nodejs.org, and run this again.',
  );
  process.exitCode = 1;
} else {
  void import('../dist/command.js');
}
