#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { text } from 'node:stream/consumers';
import { keepCompiledCode } from '../compile-cache.ts';

keepCompiledCode();
// not before: what is imported above is compiled anew in each process
const { runCommand } = await import('./run-command.ts');
const { code, output, error } = await runCommand(process.argv.slice(2), {
	env: process.env,
	readStandardInput: () => text(process.stdin)
});
if (output !== '') console.log(output);
if (error !== '') console.error(error);
process.exitCode = code;
