#!/usr/bin/env node
import '../dist/simulator/command.js';
