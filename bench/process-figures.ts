import { readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;
const UTIME = 11;
const BYTES_PER_KB = 1024;

/** Processor time a process has used so far, own and on its behalf, in ms. */
export function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[UTIME]) + Number(fields[UTIME + 1])) * MS_PER_TICK;
}

/** Memory of a process that is in RAM, in bytes. */
export function rssBytes(pid: number): number {
	const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
	return Number(line?.[1] ?? 0) * BYTES_PER_KB;
}
